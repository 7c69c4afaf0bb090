import type { Frame } from 'node-av/lib';
import type { MediaPacket } from './packet.ts';
import type { RtspError } from './rtsp/error.ts';
import { openRtspSession, type RtspSession } from './rtsp/session.ts';
import { StreamDecoder } from './stream-decoder.ts';
import { Picture } from './video-picture.ts';
import { Sampler, type VideoFrame, type VideoSource } from './video-source.ts';

/** Packets that may wait for decoding; beyond, the stream is taken up again at its next keyframe. */
const BACKLOG_PACKETS = 250;

/** Opens an rtsp:// stream for one pass over its pictures. Throws RtspError; resolves with its first keyframe. */
export async function openLiveVideo(url: string): Promise<VideoSource> {
  const inbox = new Inbox();
  const session = await openRtspSession({ url, onPacket: (packet) => inbox.put(packet) });
  void session.closed.then((error) => inbox.end(error));
  const first = await inbox.peek();
  if (first === null) throw inbox.error ?? new Error('the stream was closed');
  return new LiveSource(session, inbox, first);
}

class LiveSource implements VideoSource {
  readonly durationS = undefined;
  readonly readS = undefined;
  readonly width: number;
  readonly height: number;
  readonly codec: string;
  readonly #session: RtspSession;
  readonly #inbox: Inbox;

  constructor(session: RtspSession, inbox: Inbox, first: MediaPacket) {
    this.#session = session;
    this.#inbox = inbox;
    this.width = first.config.width;
    this.height = first.config.height;
    this.codec = first.config.codec === 'h265' ? 'hevc' : 'h264';
  }

  async *frames({ everyMs }: { everyMs?: number } = {}): AsyncGenerator<VideoFrame> {
    const sampler = new Sampler(everyMs);
    const decoding = new LiveDecoding();
    try {
      for (let packet = await this.#inbox.take(); packet !== null; packet = await this.#inbox.take()) {
        yield* decoding.pictures(await decoding.decode(packet), sampler);
      }
      yield* decoding.pictures(await decoding.flush(), sampler);
    } finally {
      decoding.free();
    }
    const { error } = this.#inbox;
    if (error !== null && error.kind !== 'ended') throw error;
  }

  async close(): Promise<void> {
    await this.#session.close();
  }
}

/** The decoder of a live stream, made anew when the camera changes its parameters. */
class LiveDecoding {
  #decoder: StreamDecoder | null = null;
  #config: MediaPacket['config'] | null = null;
  #firstPts: number | null = null;

  async decode(packet: MediaPacket): Promise<Frame[]> {
    if (packet.config !== this.#config) {
      this.free();
      this.#config = packet.config;
      this.#decoder = new StreamDecoder(packet.config);
    }
    this.#firstPts ??= packet.pts;
    return this.#decoder?.decode(packet) ?? [];
  }

  async flush(): Promise<Frame[]> {
    return this.#decoder?.flush() ?? [];
  }

  /** The frames that the sampler takes; all are freed. */
  async *pictures(frames: Frame[], sampler: Sampler): AsyncGenerator<VideoFrame> {
    try {
      for (const frame of frames) {
        const atMs = Math.round((Number(frame.pts) - (this.#firstPts ?? 0)) / 90);
        if (sampler.takes(atMs)) yield { atMs, frame: await new Picture(frame, atMs).raw() };
      }
    } finally {
      for (const frame of frames) frame.free();
    }
  }

  free(): void {
    this.#decoder?.free();
    this.#decoder = null;
  }
}

/** Packets between the session, which does not wait, and the reader, which does. */
class Inbox {
  error: RtspError | null = null;
  #packets: MediaPacket[] = [];
  #ended = false;
  #skipping = false;
  #wake: (() => void) | null = null;

  put(packet: MediaPacket): void {
    if (this.#packets.length >= BACKLOG_PACKETS) {
      this.#packets = [];
      this.#skipping = true;
    }
    if (this.#skipping && !packet.key) return;
    this.#skipping = false;
    this.#packets.push(packet);
    this.#wake?.();
  }

  end(error: RtspError | null): void {
    this.error = error;
    this.#ended = true;
    this.#wake?.();
  }

  /** The next packet, left in place; null at the end. */
  async peek(): Promise<MediaPacket | null> {
    while (this.#packets.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#packets[0] ?? null;
  }

  async take(): Promise<MediaPacket | null> {
    const packet = await this.peek();
    if (packet !== null) this.#packets.shift();
    return packet;
  }
}
