import { framesPerSecond } from '../../domain/probe.ts';
import { readJpegSize } from '../jpeg-header.ts';
import { withKeyframe } from '../keyframe.ts';
import { type MediaPacket, TICKS_PER_SECOND } from '../packet.ts';
import { RtspError } from './error.ts';
import { openRtspSession } from './session.ts';

const CONNECT_TIMEOUT_MS = 8_000;
/** Cameras send a keyframe every 1 to 10 seconds. */
const KEYFRAME_WITHIN_MS = 15_000;
/** How long packets are counted after the first keyframe, to tell frames a second. */
const COUNT_MS = 2_000;

/** What a stream is like, with its first picture. */
export interface StreamSample {
  codec: string;
  /** Pixels of the picture. */
  width: number;
  height: number;
  framesPerS: number | null;
  jpeg: Buffer;
  /** Wall clock of the picture, Unix milliseconds. */
  atMs: number;
}

/**
 * Connects to a camera, takes its first picture, counts its frames for two seconds and hangs up.
 * @throws RtspError with its cause; MediaError when the first picture cannot be decoded
 */
export async function sampleStream(url: string, signal?: AbortSignal): Promise<StreamSample> {
  const packets: MediaPacket[] = [];
  const counted = Promise.withResolvers<void>();
  const session = await openRtspSession({
    url,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    readTimeoutMs: KEYFRAME_WITHIN_MS,
    onPacket(packet) {
      if (packets.length === 0) setTimeout(counted.resolve, COUNT_MS);
      packets.push(packet);
    },
    ...(signal && { signal }),
  });
  const late = setTimeout(counted.resolve, KEYFRAME_WITHIN_MS);
  const ended = await Promise.race([session.closed, counted.promise.then(() => null)]);
  clearTimeout(late);
  await session.close();
  const key = packets.find((packet) => packet.key);
  if (key === undefined) {
    if (ended !== null) throw ended;
    throw new RtspError('timeout', `sent nothing for ${KEYFRAME_WITHIN_MS / 1000} s`);
  }
  const jpeg = await withKeyframe(key, async (picture) => Buffer.from(await picture.jpeg()));
  const framesPerS = framesPerSecond(
    packets.map((packet) => packet.pts),
    TICKS_PER_SECOND,
  );
  return { codec: key.config.codec, ...readJpegSize(jpeg), framesPerS, jpeg, atMs: key.wallMs };
}
