import {
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_STRING,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
} from 'node-av/constants';
import { Codec, CodecContext, type Frame, Packet, Rational } from 'node-av/lib';
import { MediaError, must } from './av.ts';
import type { VideoCodec } from './packet.ts';

export interface EncoderOptions {
  codec: VideoCodec;
  width: number;
  height: number;
  framesPerS: number;
  /** Pictures from keyframe to keyframe. */
  gopFrames: number;
}

/** FFmpeg's names, and options that make a stream like a camera's: no B-frames, headers in the stream. */
const ENCODERS = {
  h264: {
    name: FF_ENCODER_LIBX264,
    options: { preset: 'veryfast', tune: 'zerolatency', crf: '23', 'x264-params': 'scenecut=0' },
  },
  h265: {
    name: FF_ENCODER_LIBX265,
    options: {
      preset: 'ultrafast',
      tune: 'zerolatency',
      crf: '26',
      'x265-params': 'log-level=none:scenecut=0:repeat-headers=1',
    },
  },
} as const;

/** One encoder of pictures of one size. Free it. */
export class PictureEncoder {
  readonly width: number;
  readonly height: number;
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  #count = 0n;

  /** Throws MediaError when FFmpeg has no such encoder or refuses the size. */
  constructor({ codec, width, height, framesPerS, gopFrames }: EncoderOptions) {
    this.width = width;
    this.height = height;
    const { name, options } = ENCODERS[codec];
    const encoder = Codec.findEncoderByName(name);
    if (encoder === null) throw new MediaError(`FFmpeg has no ${name} here`, -1);
    const context = this.#context;
    context.allocContext3(encoder);
    context.width = width;
    context.height = height;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.colorRange = AVCOL_RANGE_MPEG;
    context.colorSpace = AVCOL_SPC_SMPTE170M;
    const milliFrames = Math.round(framesPerS * 1000);
    context.timeBase = new Rational(1000, milliFrames);
    context.framerate = new Rational(milliFrames, 1000);
    context.gopSize = gopFrames;
    context.maxBFrames = 0;
    context.threadCount = 1;
    for (const [key, value] of Object.entries(options)) {
      must(context.setOption(key, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN), `${name} ${key}`);
    }
    must(context.open2Sync(encoder), `${name} refused ${width}×${height}`);
    this.#packet.alloc();
  }

  /** Packets that come out when this picture goes in. */
  async encode(frame: Frame): Promise<{ data: Uint8Array; key: boolean }[]> {
    frame.pts = this.#count;
    frame.pictType = AV_PICTURE_TYPE_NONE;
    this.#count += 1n;
    must(await this.#context.sendFrame(frame), 'a picture cannot be encoded');
    return this.#receive();
  }

  /** The rest; nothing can be encoded afterwards. */
  async finish(): Promise<{ data: Uint8Array; key: boolean }[]> {
    await this.#context.sendFrame(null);
    return this.#receive();
  }

  free(): void {
    this.#packet.free();
    this.#context.freeContext();
  }

  async #receive(): Promise<{ data: Uint8Array; key: boolean }[]> {
    const out: { data: Uint8Array; key: boolean }[] = [];
    while ((await this.#context.receivePacket(this.#packet)) >= 0) {
      out.push({ data: new Uint8Array(this.#packet.data ?? []), key: this.#packet.isKeyframe });
      this.#packet.unref();
    }
    return out;
  }
}
