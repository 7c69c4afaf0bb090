import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  AV_NOPTS_VALUE,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVERROR_INVALIDDATA,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import {
  avGetCodecName,
  Codec,
  type CodecContext,
  FormatContext,
  Frame,
  Packet,
  type Stream,
} from 'node-av/lib';
import './av.ts';
import { type QuarterTurn, rotated, turnOfDisplayMatrix } from './rotate.ts';
import { openDecoder } from './stream-config.ts';
import { VideoError } from './video-error.ts';
import { Picture } from './video-picture.ts';
import { Sampler, type VideoFrame, type VideoSource } from './video-source.ts';
import { openLiveVideo } from './video-stream.ts';

export type { VideoSource } from './video-source.ts';

/**
 * Containers that are taken for videos, FFmpeg's names: `dhav` is Dahua's recorders', `mpeg` Hikvision's. FFmpeg would
 * also play a text file (as a terminal session) and fetch what playlists name.
 */
const CONTAINERS = new Set(
  'mov,mp4,matroska,webm,avi,gif,apng,mpegts,mpeg,mpegvideo,flv,asf,h264,hevc,mjpeg,m4v,ogg,dhav,ivf'.split(
    ',',
  ),
);
/** Threads of a file's decoder: nobody waits for a single picture, so frame threads may be used. */
const DECODER_THREADS = 2;
const AV_TIME_BASE = 1_000_000;

/**
 * Opens a video file (MP4, MKV, AVI, GIF animation, recorders' formats) or an rtsp:// stream.
 * Throws VideoError: no such file, not a video, unsupported codec; RtspError for a stream.
 */
export async function openVideo(pathOrUrl: string): Promise<VideoSource> {
  if (/^rtsps?:\/\//i.test(pathOrUrl)) return openLiveVideo(pathOrUrl);
  const found = await stat(pathOrUrl).catch(() => null);
  if (found === null) throw new VideoError('missing', `no such file: ${pathOrUrl}`);
  if (!found.isFile()) throw new VideoError('not_video', `not a file: ${pathOrUrl}`);
  const file = new OpenFile(pathOrUrl);
  try {
    await file.open();
    return new FileSource(pathOrUrl, file);
  } finally {
    await file.close();
  }
}

class FileSource implements VideoSource {
  readonly durationS: number | undefined;
  readonly width: number;
  readonly height: number;
  readonly codec: string;
  readonly #path: string;
  #closed = false;
  #readMs = 0;

  constructor(path: string, file: OpenFile) {
    const { codecpar } = file.stream;
    const upright = file.turn === 0 || file.turn === 180;
    this.#path = path;
    this.width = upright ? codecpar.width : codecpar.height;
    this.height = upright ? codecpar.height : codecpar.width;
    this.codec = avGetCodecName(codecpar.codecId) ?? 'unknown';
    this.durationS = file.durationS;
  }

  get readS(): number {
    return this.#readMs / 1000;
  }

  async *frames({ everyMs }: { everyMs?: number } = {}): AsyncGenerator<VideoFrame> {
    const file = new OpenFile(this.#path);
    const sampler = new Sampler(everyMs);
    let decoded = 0;
    try {
      await file.open();
      for await (const { atMs, endMs, frame } of file.pictures()) {
        if (this.#closed) return;
        decoded += 1;
        this.#readMs = Math.max(this.#readMs, endMs);
        if (!sampler.takes(atMs)) continue;
        yield { atMs, frame: rotated(await new Picture(frame, atMs).raw(), file.turn) };
      }
    } finally {
      await file.close();
    }
    if (decoded === 0)
      throw new VideoError('not_video', `no picture of the video can be decoded: ${this.#path}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}

/** One reading of a file. Its frame is reused: it is valid until the next step of pictures(). */
class OpenFile {
  readonly #path: string;
  readonly #context = new FormatContext();
  #stream: Stream | null = null;
  #decoder: CodecContext | null = null;

  constructor(path: string) {
    this.#path = path;
    this.#context.allocContext();
  }

  get stream(): Stream {
    if (this.#stream === null) throw new Error('the file is not open');
    return this.#stream;
  }

  get turn(): QuarterTurn {
    return turnOfDisplayMatrix(this.stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX));
  }

  /** Of the pictures; of the whole file, its sound included, where nothing tells of them alone. */
  get durationS(): number | undefined {
    const { duration: ticks, timeBase, metadata } = this.stream;
    if (ticks > 0n) return (Number(ticks) * timeBase.num) / timeBase.den;
    const tagged = secondsOf(metadata?.get('DURATION'));
    if (tagged !== undefined) return tagged;
    const { duration } = this.#context;
    return duration > 0n ? Number(duration) / AV_TIME_BASE : undefined;
  }

  /** Throws VideoError. */
  async open(): Promise<void> {
    // `file:` so that no name is taken for another protocol of FFmpeg's (`concat:`, `http:`).
    const opened = await this.#context.openInput(`file:${resolve(this.#path)}`);
    const container = opened < 0 ? '' : (this.#context.iformat?.name ?? '');
    if (!container.split(',').some((name) => CONTAINERS.has(name))) {
      throw new VideoError('not_video', `not a video: ${this.#path}`);
    }
    await this.#context.findStreamInfo();
    const stream = this.#context.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO);
    if (stream === undefined) throw new VideoError('not_video', `no video in the file: ${this.#path}`);
    const { codecId, width } = stream.codecpar;
    if (Codec.findDecoder(codecId) === null) {
      const name = avGetCodecName(codecId) ?? `number ${codecId}`;
      throw new VideoError('unsupported', `unsupported codec ${name}: ${this.#path}`);
    }
    if (width === 0) throw new VideoError('not_video', `not a readable video: ${this.#path}`);
    this.#stream = stream;
  }

  /** All pictures in order of presentation; damaged packets are skipped. */
  async *pictures(): AsyncGenerator<{ atMs: number; endMs: number; frame: Frame }> {
    const stream = this.stream;
    const decoder = openDecoder(stream.codecpar, DECODER_THREADS);
    this.#decoder = decoder;
    const packet = new Packet();
    const frame = new Frame();
    packet.alloc();
    frame.alloc();
    const clock = new FileClock(stream);
    try {
      for (let more = true; more; ) {
        const code = await this.#context.readFrame(packet);
        if (code === AVERROR_INVALIDDATA) continue;
        more = code >= 0;
        if (more && packet.streamIndex !== stream.index) {
          packet.unref();
          continue;
        }
        await decoder.sendPacket(more ? packet : null);
        packet.unref();
        while ((await decoder.receiveFrame(frame)) >= 0) {
          const atMs = clock.atMs(frame);
          yield { atMs, endMs: atMs + clock.lastsMs(frame), frame };
          frame.unref();
        }
      }
    } finally {
      packet.free();
      frame.free();
    }
  }

  async close(): Promise<void> {
    this.#decoder?.freeContext();
    this.#decoder = null;
    await this.#context.closeInput();
  }
}

/** Matroska's tag of a track's length, as muxers write it: `00:00:04.261000000`. */
function secondsOf(tag: string | null | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(tag ?? '') ?? [];
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return total > 0 ? total : undefined;
}

/** Times of a file's pictures from its first one; counts by the frame rate where the file has none (raw H.264). */
class FileClock {
  readonly #tickMs: number;
  readonly #stepMs: number;
  #firstMs: number | null = null;
  #lastMs = 0;

  constructor(stream: Stream) {
    const { num, den } = stream.avgFrameRate;
    this.#tickMs = (stream.timeBase.num * 1000) / stream.timeBase.den;
    this.#stepMs = num > 0 && den > 0 ? (den * 1000) / num : 40;
  }

  /** How long a picture is shown; by the frame rate where the file does not say. */
  lastsMs({ duration }: Frame): number {
    return duration > 0n ? Number(duration) * this.#tickMs : this.#stepMs;
  }

  atMs(frame: Frame): number {
    const ticks = frame.bestEffortTimestamp;
    const fileMs = ticks === AV_NOPTS_VALUE ? null : Number(ticks) * this.#tickMs;
    if (this.#firstMs === null) {
      this.#firstMs = fileMs ?? 0;
      return 0;
    }
    this.#lastMs = Math.round(fileMs === null ? this.#lastMs + this.#stepMs : fileMs - this.#firstMs);
    return this.#lastMs;
  }
}
