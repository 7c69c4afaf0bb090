import {
  AV_NOPTS_VALUE,
  AV_PKT_FLAG_CORRUPT,
  AVERROR_INVALIDDATA,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { Dictionary, FormatContext, Packet } from 'node-av/lib';
import '../av.ts';
import { parameterSetsOf } from '../nal.ts';
import { type MediaPacket, type StreamConfig, TICKS_PER_SECOND, type VideoCodec } from '../packet.ts';
import { streamConfig, videoCodecOf } from '../stream-config.ts';
import { parseRtspUrl, type RtspAddress } from './address.ts';
import { RtspError } from './error.ts';
import { connectFailure, readFailure } from './failure.ts';
import { Timeline } from './timeline.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const READ_TIMEOUT_MS = 15_000;
/** A polite close waits this long for the packet in flight, so that TEARDOWN can be sent; then it interrupts. */
const CLOSE_GRACE_MS = 500;
/** Unreadable packets in a row after which the stream is given up. */
const CORRUPT_IN_A_ROW = 100;
/** Distance of two pictures when the stream does not say it, in ticks: 25 pictures a second. */
const FRAME_TICKS = TICKS_PER_SECOND / 25;

export interface RtspSessionOptions {
  /** rtsp://[user:password@]host[:port]/path; reserved characters of the account percent-encoded. */
  url: string;
  /** Called for every packet from the first keyframe on, in decoding order. Must not throw and should be quick. */
  onPacket: (packet: MediaPacket) => void;
  /** For connecting, describing and starting the stream together. Default 10 s. */
  connectTimeoutMs?: number;
  /** Longest silence between two packets. Default 15 s. */
  readTimeoutMs?: number;
  /** Wall clock, Unix milliseconds. Default Date.now. */
  now?: () => number;
  /** Gives up connecting; an open session is ended by close(). */
  signal?: AbortSignal;
}

/** Counters since the session opened. */
export interface RtspSessionStats {
  packets: number;
  keyframes: number;
  bytes: number;
  /** Packets that FFmpeg marked damaged or could not read. */
  corruptPackets: number;
  /** New parameter sets in the middle of the stream (a changed resolution). */
  configChanges: number;
  /** Restarts of the camera's clock. */
  timeJumps: number;
}

/** One camera, being pulled. */
export interface RtspSession {
  readonly codec: VideoCodec;
  readonly stats: Readonly<RtspSessionStats>;
  /** Resolves once everything is freed: with the reason, or null when close() ended it. Never rejects. */
  readonly closed: Promise<RtspError | null>;
  /** Ends the session; resolves like `closed`. May be called twice. */
  close(): Promise<void>;
}

/**
 * Connects to a camera over RTSP on TCP and hands its video packets to `onPacket` until it is closed or fails. Nothing is
 * decoded: the stream's description comes from its SDP and its keyframes. Each session blocks one thread of libuv's pool
 * while it waits: start the process with UV_THREADPOOL_SIZE well above the number of its cameras (see capacity.ts).
 * Throws RtspError when no stream could be started.
 */
export async function openRtspSession(options: RtspSessionOptions): Promise<RtspSession> {
  const address = parseRtspUrl(options.url);
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const context = new FormatContext();
  context.allocContext();
  await connectWithin(context, address, connectTimeoutMs, options.signal);
  try {
    return new Reader(context, address, options);
  } catch (error) {
    await context.closeInput();
    throw error;
  }
}

/** Opens the input. On failure the context is freed, at the latest when FFmpeg lets go of it. */
async function connectWithin(
  context: FormatContext,
  address: RtspAddress,
  withinMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const dictionary = Dictionary.fromObject({
    rtsp_transport: 'tcp',
    allowed_media_types: 'video',
    user_agent: 'Mingzao',
    // Microseconds. A second line of defence only: FFmpeg starts it anew with every read, and keep-alive answers reset it.
    timeout: withinMs * 2 * 1000,
  });
  const opening = context.openInput(address.url, null, dictionary);
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<'given up'>();
  const stop = (): void => {
    context.interrupt();
    giveUp('given up');
  };
  const late = setTimeout(stop, withinMs);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  const outcome = await Promise.race([opening, givenUp]);
  clearTimeout(late);
  signal?.removeEventListener('abort', stop);
  if (outcome === 'given up') {
    // A name look-up cannot be interrupted: do not wait for it.
    void opening.then(() => context.closeInput()).finally(() => dictionary.free());
    if (signal?.aborted) throw new RtspError('ended', `${address.shown}: connecting was given up`);
    throw new RtspError('timeout', `${address.shown}: does not answer within ${withinMs / 1000} s`);
  }
  dictionary.free();
  if (outcome < 0) throw await connectFailure(outcome, address);
}

/** Reads packets of an open input until the end. */
class Reader implements RtspSession {
  readonly codec: VideoCodec;
  readonly closed: Promise<RtspError | null>;
  readonly #stats: RtspSessionStats = {
    packets: 0,
    keyframes: 0,
    bytes: 0,
    corruptPackets: 0,
    configChanges: 0,
    timeJumps: 0,
  };
  readonly #context: FormatContext;
  readonly #address: RtspAddress;
  readonly #onPacket: (packet: MediaPacket) => void;
  readonly #now: () => number;
  readonly #timeline = new Timeline();
  readonly #streamIndex: number;
  readonly #readTimeoutMs: number;
  #config: StreamConfig;
  #closing = false;
  #silent = false;

  constructor(context: FormatContext, address: RtspAddress, options: RtspSessionOptions) {
    this.#context = context;
    this.#address = address;
    this.#onPacket = options.onPacket;
    this.#now = options.now ?? Date.now;
    this.#readTimeoutMs = options.readTimeoutMs ?? READ_TIMEOUT_MS;
    const stream = context.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO);
    if (stream === undefined) throw new RtspError('no_video', `${address.shown}: the stream has no video`);
    const codec = videoCodecOf(stream.codecpar.codecId);
    if (codec === null) {
      throw new RtspError('unsupported_codec', `${address.shown}: the video is neither H.264 nor H.265`);
    }
    this.codec = codec;
    this.#streamIndex = stream.index;
    this.#config = streamConfig(codec, new Uint8Array(stream.codecpar.extradata ?? []));
    this.closed = this.#read();
  }

  get stats(): Readonly<RtspSessionStats> {
    return { ...this.#stats, timeJumps: this.#timeline.jumps };
  }

  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      const impatient = setTimeout(() => this.#context.interrupt(), CLOSE_GRACE_MS);
      await this.closed;
      clearTimeout(impatient);
    }
    await this.closed;
  }

  async #read(): Promise<RtspError | null> {
    const packet = new Packet();
    packet.alloc();
    const silence = setTimeout(() => {
      this.#silent = true;
      this.#context.interrupt();
    }, this.#readTimeoutMs);
    try {
      return await this.#readUntilEnd(packet, silence);
    } finally {
      clearTimeout(silence);
      packet.free();
      await this.#context.closeInput();
    }
  }

  async #readUntilEnd(packet: Packet, silence: NodeJS.Timeout): Promise<RtspError | null> {
    let unreadable = 0;
    while (!this.#closing) {
      const code = await this.#context.readFrame(packet);
      if (this.#silent) {
        const seconds = this.#readTimeoutMs / 1000;
        return new RtspError('timeout', `${this.#address.shown}: sent nothing for ${seconds} s`);
      }
      if (code >= 0) {
        unreadable = 0;
        if (packet.streamIndex === this.#streamIndex) {
          silence.refresh();
          this.#take(packet);
        }
        packet.unref();
        continue;
      }
      if (this.#closing) return null;
      if (code !== AVERROR_INVALIDDATA || unreadable >= CORRUPT_IN_A_ROW) {
        return readFailure(code, this.#address);
      }
      unreadable += 1;
      this.#stats.corruptPackets += 1;
    }
    return null;
  }

  /** Copies a packet out of FFmpeg and passes it on. Pictures before the first keyframe cannot be decoded: dropped. */
  #take(packet: Packet): void {
    const bytes = packet.data;
    if (bytes === null || bytes.length === 0) return;
    if ((packet.flags & AV_PKT_FLAG_CORRUPT) !== 0) this.#stats.corruptPackets += 1;
    const key = packet.isKeyframe;
    const rawPts = packet.pts === AV_NOPTS_VALUE ? null : Number(packet.pts);
    const frameTicks = packet.duration > 0n ? Number(packet.duration) : FRAME_TICKS;
    const time = this.#timeline.place(rawPts, frameTicks, this.#now());
    if (key) this.#stats.keyframes += 1;
    else if (this.#stats.keyframes === 0) return;
    const data = new Uint8Array(bytes);
    if (key) this.#followConfig(data);
    this.#stats.packets += 1;
    this.#stats.bytes += data.length;
    this.#onPacket({ config: this.#config, data, key, ...time });
  }

  /** Takes over parameter sets that a keyframe brings along. */
  #followConfig(accessUnit: Uint8Array): void {
    const sets = parameterSetsOf(this.codec, accessUnit);
    if (sets === null || Buffer.compare(sets, this.#config.parameterSets) === 0) return;
    const next = streamConfig(this.codec, sets);
    // The SDP's sets may differ from the first keyframe's in form only; a change is one after pictures were seen.
    if (this.#stats.packets > 0) this.#stats.configChanges += 1;
    this.#config = next;
  }
}
