import { AV_PKT_FLAG_KEY } from 'node-av/constants';
import { type CodecContext, Frame, Packet } from 'node-av/lib';
import { isDry } from './av.ts';
import type { MediaPacket, StreamConfig } from './packet.ts';
import { codecParametersOf, openDecoder } from './stream-config.ts';

/** Decodes packets of one StreamConfig in order. Free it. */
export class StreamDecoder {
  readonly #context: CodecContext;
  readonly #packet = new Packet();
  /** Packets the decoder refused: damaged on the way. */
  refused = 0;

  /** Throws MediaError when the parameter sets are unusable. */
  constructor(config: StreamConfig) {
    const parameters = codecParametersOf(config.codec, config.parameterSets);
    try {
      this.#context = openDecoder(parameters);
    } finally {
      parameters.free();
    }
    this.#packet.alloc();
  }

  /** Frames that come out when this packet goes in, in order of presentation; the caller frees them. */
  async decode(packet: MediaPacket): Promise<Frame[]> {
    this.#packet.data = Buffer.from(packet.data.buffer, packet.data.byteOffset, packet.data.byteLength);
    this.#packet.pts = BigInt(packet.pts);
    if (packet.key) this.#packet.setFlags(AV_PKT_FLAG_KEY);
    const code = await this.#context.sendPacket(this.#packet);
    this.#packet.unref();
    if (code < 0) this.refused += 1;
    return this.#receive();
  }

  /** Ends the stream: the frames still held back for reordering. */
  async flush(): Promise<Frame[]> {
    await this.#context.sendPacket(null);
    return this.#receive();
  }

  free(): void {
    this.#packet.free();
    this.#context.freeContext();
  }

  async #receive(): Promise<Frame[]> {
    const frames: Frame[] = [];
    for (;;) {
      const frame = new Frame();
      frame.alloc();
      const code = await this.#context.receiveFrame(frame);
      if (code >= 0) {
        frames.push(frame);
        continue;
      }
      frame.free();
      if (!isDry(code)) this.refused += 1;
      return frames;
    }
  }
}
