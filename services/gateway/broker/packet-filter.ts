/** Fixed header: one byte type and flags, one to four bytes remaining length (OASIS MQTT 3.1.1 §2.2). */
const PUBLISH = 3;
const LENGTH_BYTES = 4;
/** Topic length, the longest topic we look at, packet identifier. */
const HEAD_BYTES = 2 + 1024 + 2;

export interface OversizePublish {
  topic: string;
  qos: number;
  /** Packet identifier; 0 with QoS 0. */
  messageId: number;
  /** Remaining length of the packet. */
  bytes: number;
}

/**
 * Cuts packets that are too large out of a stream of MQTT packets, holding none of their bytes: a broker that parses them
 * first would hold up to 256 MiB a connection. What is cut out is reported, so that it can be answered and counted.
 */
export class PacketFilter {
  readonly #limit: number;
  readonly #onOversize: (packet: OversizePublish) => void;
  #header: number[] = [];
  #left = 0;
  #skipping = false;
  #head: Buffer[] = [];
  #headBytes = 0;
  #length = 0;

  /** @param limit bytes that a packet may have after its fixed header */
  constructor(limit: number, onOversize: (packet: OversizePublish) => void) {
    this.#limit = limit;
    this.#onOversize = onOversize;
  }

  /** The bytes to hand on. @throws Error when the stream is not MQTT, or an over-large packet is no PUBLISH */
  pass(chunk: Buffer): Buffer[] {
    const out: Buffer[] = [];
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#left === 0) {
        offset = this.#readHeader(chunk, offset, out);
        continue;
      }
      const part = chunk.subarray(offset, offset + this.#left);
      offset += part.length;
      this.#left -= part.length;
      if (!this.#skipping) out.push(part);
      else this.#skip(part);
    }
    return out;
  }

  #readHeader(chunk: Buffer, from: number, out: Buffer[]): number {
    let offset = from;
    while (offset < chunk.length) {
      const byte = chunk[offset] ?? 0;
      offset += 1;
      this.#header.push(byte);
      const isLast = this.#header.length > 1 && byte < 0x80;
      if (!isLast && this.#header.length > LENGTH_BYTES) throw new Error('not MQTT: malformed length');
      if (isLast) {
        this.#startPacket(out);
        return offset;
      }
    }
    return offset;
  }

  #startPacket(out: Buffer[]): void {
    const [first = 0, ...digits] = this.#header;
    this.#length = digits.reduce((sum, digit, i) => sum + (digit & 0x7f) * 128 ** i, 0);
    this.#left = this.#length;
    this.#skipping = this.#length > this.#limit;
    if (!this.#skipping) {
      out.push(Buffer.from(this.#header));
      this.#header = [];
    } else if (first >> 4 !== PUBLISH) {
      throw new Error(`a packet of ${this.#length} bytes is larger than ${this.#limit}`);
    }
  }

  #skip(part: Buffer): void {
    if (this.#headBytes < HEAD_BYTES) {
      const kept = Buffer.from(part.subarray(0, HEAD_BYTES - this.#headBytes));
      this.#head.push(kept);
      this.#headBytes += kept.length;
    }
    if (this.#left > 0) return;
    const head = Buffer.concat(this.#head);
    const topicLength = head.length >= 2 ? head.readUInt16BE(0) : 0;
    const qos = ((this.#header[0] ?? 0) >> 1) & 3;
    const idAt = 2 + topicLength;
    const messageId = qos > 0 && head.length >= idAt + 2 ? head.readUInt16BE(idAt) : 0;
    const topic = head.toString('utf8', 2, Math.min(idAt, head.length));
    this.#header = [];
    this.#head = [];
    this.#headBytes = 0;
    this.#skipping = false;
    this.#onOversize({ topic, qos, messageId, bytes: this.#length });
  }
}
