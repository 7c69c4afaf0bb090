import { MediaError } from './av.ts';
import type { MediaPacket } from './packet.ts';
import { StreamDecoder } from './stream-decoder.ts';
import { Picture } from './video-picture.ts';

/** AVERROR_INVALIDDATA. */
const INVALID_DATA = -1094995529;

/**
 * Decodes one keyframe and lends its picture to `use`. A fresh decoder each time: opening one costs less than 1 ms, and
 * none is held for the minutes between two looks of a camera (a 1080p decoder holds some 20 MB).
 * Throws MediaError when the keyframe is too damaged to give a picture, RangeError for a packet that is none.
 */
export async function withKeyframe<T>(
  packet: MediaPacket,
  use: (picture: Picture) => Promise<T>,
): Promise<T> {
  if (!packet.key) throw new RangeError('withKeyframe: the packet is no keyframe');
  const decoder = new StreamDecoder(packet.config);
  const frames = [];
  try {
    frames.push(...(await decoder.decode(packet)), ...(await decoder.flush()));
    const [frame] = frames;
    if (frame === undefined) throw new MediaError('the keyframe cannot be decoded', INVALID_DATA);
    return await use(new Picture(frame, packet.wallMs));
  } finally {
    for (const frame of frames) frame.free();
    decoder.free();
  }
}
