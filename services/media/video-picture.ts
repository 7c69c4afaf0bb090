import {
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_UNSPECIFIED,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import { FINE_HEIGHT, FINE_WIDTH } from '../domain/picture-profile.ts';
import { MediaError, must } from './av.ts';
import { DECODE_LONG_SIDE_PX } from './jpeg.ts';
import { encodeJpeg } from './jpeg-encode.ts';
import { lumaOfFrame } from './luma.ts';
import { lumaOfPlane } from './luma-plane.ts';
import { type RawFrame, rawFrame } from './raw-frame.ts';

type PixelFormat = Frame['format'];

/** Formats whose first plane is 8-bit luma, one byte a pixel: the thumbnail is read from it without any conversion. */
const LUMA_PLANE_FORMATS: readonly PixelFormat[] = [
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ444P,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_GRAY8,
];

/** From this height on, video that names no colour matrix is taken as BT.709, below as BT.601 (what players do). */
const HD_HEIGHT_PX = 720;

/** FFmpeg's decode_error_flags or AV_FRAME_FLAG_CORRUPT. */
const FRAME_FLAG_CORRUPT = 1;

/**
 * One decoded picture in native memory (3 MB for 1080p). Valid until free(); the functions that hand pictures out free
 * them, so keep what jpeg(), raw() and luma() return and not the picture.
 */
export class Picture {
  /** Pixels as sent by the camera. */
  readonly width: number;
  readonly height: number;
  /** Wall clock of a camera's picture, or position in a file: milliseconds. */
  readonly atMs: number;
  /** Parts could not be decoded and were filled from elsewhere: not to be judged as if it were seen. */
  readonly damaged: boolean;
  readonly #frame: Frame;

  /** Takes the frame over. */
  constructor(frame: Frame, atMs: number) {
    this.width = frame.width;
    this.height = frame.height;
    this.atMs = atMs;
    this.damaged = frame.decodeErrorFlags !== 0 || (frame.flags & FRAME_FLAG_CORRUPT) !== 0;
    if (frame.colorSpace === AVCOL_SPC_UNSPECIFIED) {
      frame.colorSpace = frame.height >= HD_HEIGHT_PX ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    }
    this.#frame = frame;
  }

  /** 64×36 luma thumbnail for the motion gate, about 0.1 ms; full range, also where the camera's video is not. */
  async luma(): Promise<Uint8Array> {
    const frame = this.#frame;
    const plane = frame.data?.[0];
    const stride = frame.linesize[0];
    if (plane === undefined || stride === undefined || !LUMA_PLANE_FORMATS.includes(frame.format)) {
      return lumaOfFrame(await this.raw());
    }
    return lumaOfPlane({
      plane,
      stride,
      width: frame.width,
      height: frame.height,
      fullRange: frame.colorRange === AVCOL_RANGE_JPEG || frame.format === AV_PIX_FMT_YUVJ420P,
    });
  }

  /** 320×180 luma by which blur and movement are told, comparable with fineLumaOfJpeg's. About 1 ms for 1080p. */
  async fineLuma(): Promise<Uint8Array> {
    const grey = await convert(this.#frame, { width: FINE_WIDTH, height: FINE_HEIGHT }, AV_PIX_FMT_GRAY8);
    try {
      return new Uint8Array(grey.toBuffer());
    } finally {
      grey.free();
    }
  }

  /** RGB, at most 1920 pixels on the longer side. About 2 ms for 1080p. */
  async raw(): Promise<RawFrame> {
    const size = fitted(this.width, this.height);
    const rgb = await convert(this.#frame, size, AV_PIX_FMT_RGB24);
    try {
      return rawFrame(rgb.toBuffer(), size, { width: this.width, height: this.height });
    } finally {
      rgb.free();
    }
  }

  /** JPEG, at most 1920 pixels on the longer side, quality about 88 of libjpeg's scale. About 6 ms for 1080p. */
  async jpeg(): Promise<Uint8Array> {
    const yuv = await convert(this.#frame, fitted(this.width, this.height), AV_PIX_FMT_YUVJ420P);
    try {
      return await encodeJpeg(yuv);
    } finally {
      yuv.free();
    }
  }

  /** May be called twice. */
  free(): void {
    this.#frame.free();
  }
}

/** Size after shrinking to the longest side that is kept; even, as 4:2:0 wants it, when shrunk. */
function fitted(width: number, height: number): { width: number; height: number } {
  const longest = Math.max(width, height);
  if (longest <= DECODE_LONG_SIDE_PX) return { width, height };
  const even = (side: number): number =>
    Math.max(2, Math.round((side * DECODE_LONG_SIDE_PX) / longest / 2) * 2);
  return { width: even(width), height: even(height) };
}

/** A new frame in another size or pixel format, full range; the caller frees it. Throws MediaError. */
async function convert(
  source: Frame,
  size: { width: number; height: number },
  format: PixelFormat,
): Promise<Frame> {
  const target = new Frame();
  target.alloc();
  // Without getContext() swscale reads matrix and range from the frames: BT.709 cameras keep their colours.
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  try {
    target.width = size.width;
    target.height = size.height;
    target.format = format;
    target.colorRange = AVCOL_RANGE_JPEG;
    if (format !== AV_PIX_FMT_RGB24) target.colorSpace = AVCOL_SPC_SMPTE170M;
    must(target.getBuffer(0), 'no memory for a picture');
    must(await scaler.scaleFrame(target, source), 'the picture cannot be converted');
    return target;
  } catch (error) {
    target.free();
    throw error instanceof MediaError ? error : new MediaError(String(error), -1);
  } finally {
    scaler.freeContext();
  }
}
