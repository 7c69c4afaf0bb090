import {
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
} from 'node-av/constants';
import { FormatContext, Frame, SoftwareScaleContext } from 'node-av/lib';
import { must } from './av.ts';
import { type EncoderOptions, PictureEncoder } from './encoder.ts';
import { decodeJpeg } from './jpeg.ts';
import { type Sample, writeMp4 } from './mp4-writer.ts';
import { parameterSetsOf } from './nal.ts';
import { TICKS_PER_SECOND, type VideoCodec } from './packet.ts';
import type { RawFrame } from './raw-frame.ts';
import { streamConfig } from './stream-config.ts';

/** JPEG bytes or decoded pictures. */
export type PictureInput = Uint8Array | RawFrame;

export interface EncodeOptions {
  framesPerS: number;
  /** Length of the file; the pictures are repeated or cut to it. Default: all pictures once. */
  seconds?: number;
  /** Seconds from keyframe to keyframe. Default 2, as cameras are set. */
  gopS?: number;
  /** Default h264. */
  codec?: VideoCodec;
}

/** An encoded picture. */
interface Unit {
  data: Uint8Array;
  key: boolean;
}

/**
 * Encodes pictures to an MP4 file, as a camera would: keyframes at even distance, no B-frames, parameter sets in front of
 * every keyframe. Pictures may change their size in the middle; the stream then changes too. For the demo and the tests.
 * Throws RangeError without pictures, PictureError for a broken JPEG, MediaError when FFmpeg refuses.
 */
export async function encodeVideo(
  path: string,
  pictures: Iterable<PictureInput> | AsyncIterable<PictureInput>,
  options: EncodeOptions,
): Promise<void> {
  const codec = options.codec ?? 'h264';
  const units = await encodeAll(pictures, {
    codec,
    framesPerS: options.framesPerS,
    gopFrames: Math.max(1, Math.round((options.gopS ?? 2) * options.framesPerS)),
  });
  const sets = units[0] && parameterSetsOf(codec, units[0].data);
  if (!sets) throw new RangeError('encodeVideo: no pictures');
  const count = Math.round((options.seconds ?? units.length / options.framesPerS) * options.framesPerS);
  const output = new FormatContext();
  must(output.allocOutputContext2(null, 'mp4', path), 'no MP4 writer');
  try {
    must(await output.openOutput(), `cannot write ${path}`);
    await writeMp4(
      output,
      streamConfig(codec, sets),
      repeated(units, count, options.framesPerS),
      'faststart',
    );
  } finally {
    await output.closeOutput();
    output.freeContext();
  }
}

/** Pictures → access units in Annex B form, parameter sets in front of every keyframe. */
export async function encodeAll(
  pictures: Iterable<PictureInput> | AsyncIterable<PictureInput>,
  options: Omit<EncoderOptions, 'width' | 'height'>,
): Promise<Unit[]> {
  const units: Unit[] = [];
  let encoder: PictureEncoder | null = null;
  try {
    for await (const picture of pictures) {
      const frame = await yuvFrame(picture instanceof Uint8Array ? await decodeJpeg(picture) : picture);
      if (encoder !== null && (encoder.width !== frame.width || encoder.height !== frame.height)) {
        units.push(...(await encoder.finish()));
        encoder.free();
        encoder = null;
      }
      encoder ??= new PictureEncoder({ ...options, width: frame.width, height: frame.height });
      units.push(...(await encoder.encode(frame)));
      frame.free();
    }
    if (encoder !== null) units.push(...(await encoder.finish()));
    return units;
  } finally {
    encoder?.free();
  }
}

/** `count` samples at an even distance. Each repetition starts with the first picture, a keyframe. */
function* repeated(units: readonly Unit[], count: number, framesPerS: number): Generator<Sample> {
  const duration = Math.round(TICKS_PER_SECOND / framesPerS);
  for (let i = 0; i < count; i += 1) {
    const packet = units[i % units.length];
    if (packet !== undefined) yield { packet, pts: i * duration, dts: i * duration, duration };
  }
}

/** RGB → 4:2:0, video range; odd sizes lose their last row or column. The caller frees it. */
async function yuvFrame(picture: RawFrame): Promise<Frame> {
  const bytes = Buffer.from(picture.data);
  // The frame points into the bytes and does not hold them: collected during the conversion, they end the process.
  const lent = new Set([bytes]);
  const rgb = Frame.fromVideoBuffer(bytes, {
    width: picture.width,
    height: picture.height,
    format: AV_PIX_FMT_RGB24,
  });
  const yuv = new Frame();
  yuv.alloc();
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  try {
    yuv.width = picture.width & ~1;
    yuv.height = picture.height & ~1;
    yuv.format = AV_PIX_FMT_YUV420P;
    yuv.colorRange = AVCOL_RANGE_MPEG;
    yuv.colorSpace = AVCOL_SPC_SMPTE170M;
    must(yuv.getBuffer(0), 'no memory for a picture');
    must(await scaler.scaleFrame(yuv, rgb), 'the picture cannot be converted');
    return yuv;
  } catch (error) {
    yuv.free();
    throw error;
  } finally {
    rgb.free();
    lent.clear();
    scaler.freeContext();
  }
}
