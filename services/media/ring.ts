import type { MediaPacket } from './packet.ts';

export interface RingLimits {
  /** How far back a clip can reach, in milliseconds. Up to one group of pictures more is kept. */
  maxMs: number;
  /** Most bytes of packets held. Younger pictures win. */
  maxBytes: number;
}

/** A keyframe and the pictures that depend on it. */
interface Gop {
  packets: MediaPacket[];
  bytes: number;
  /** Wall time of the latest picture. */
  endMs: number;
}

/**
 * The latest packets of one camera, whole groups of pictures, bounded by time and by bytes. Packets before the first
 * keyframe are not taken. Not aware of sessions: after a reconnection the new packets simply follow.
 */
export class PacketRing {
  readonly #limits: RingLimits;
  #gops: Gop[] = [];
  #bytes = 0;
  /** The newest group outgrew the whole ring: the rest of it is not kept. */
  #cutShort = false;
  /** Packets that found no room although they were new. */
  dropped = 0;

  constructor(limits: RingLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Wall-clock span of what is held, milliseconds. */
  get spanMs(): number {
    const first = this.#gops[0]?.packets[0];
    const last = this.#gops.at(-1);
    return first === undefined || last === undefined ? 0 : last.endMs - first.wallMs;
  }

  /** On average over what is held; of less than a second it is too much rather than too little. */
  get bitsPerS(): number {
    return Math.round((this.#bytes * 8 * 1000) / Math.max(1000, this.spanMs));
  }

  get packetCount(): number {
    return this.#gops.reduce((sum, gop) => sum + gop.packets.length, 0);
  }

  push(packet: MediaPacket): void {
    if (packet.key) {
      this.#gops.push({ packets: [], bytes: 0, endMs: packet.wallMs });
      this.#cutShort = false;
    }
    const gop = this.#gops.at(-1);
    if (gop === undefined) return;
    if (this.#cutShort || gop.bytes + packet.data.length > this.#limits.maxBytes) {
      // Pictures after a missing one cannot be decoded: keep what stands before it, drop the rest of the group.
      this.#cutShort = true;
      this.dropped += 1;
      if (gop.packets.length === 0) this.#gops.pop();
      return;
    }
    gop.packets.push(packet);
    gop.bytes += packet.data.length;
    gop.endMs = Math.max(gop.endMs, packet.wallMs);
    this.#bytes += packet.data.length;
    this.#evict(packet.wallMs);
  }

  /** The newest keyframe, or null before the first. */
  latestKeyframe(): MediaPacket | null {
    return this.#gops.at(-1)?.packets[0] ?? null;
  }

  /**
   * The packets of a span of wall time: from the keyframe at or before `fromMs` (or the oldest held) up to the last
   * picture at or before `toMs`, in decoding order. Empty when nothing that old or that young is held.
   */
  cut(fromMs: number, toMs: number): MediaPacket[] {
    const startIndex = this.#gops.findLastIndex((gop) => startOf(gop) <= fromMs);
    const gops = this.#gops.slice(Math.max(0, startIndex));
    const packets: MediaPacket[] = [];
    for (const gop of gops) {
      if (gop.endMs < fromMs || startOf(gop) > toMs) continue;
      // A picture that is shown later may be needed by one shown earlier: cut behind the last that is wanted.
      const last = gop.packets.findLastIndex((packet) => packet.wallMs <= toMs);
      packets.push(...gop.packets.slice(0, last + 1));
    }
    return packets;
  }

  /** Forgets everything, for a camera that was changed. */
  clear(): void {
    this.#gops = [];
    this.#bytes = 0;
    this.#cutShort = false;
  }

  /** Drops oldest groups while the others still reach back `maxMs`, or while there are too many bytes. */
  #evict(nowMs: number): void {
    for (;;) {
      const [oldest, next] = this.#gops;
      if (oldest === undefined || next === undefined) return;
      const enoughWithout = startOf(next) <= nowMs - this.#limits.maxMs;
      if (!enoughWithout && this.#bytes <= this.#limits.maxBytes) return;
      this.#gops.shift();
      this.#bytes -= oldest.bytes;
    }
  }
}

function startOf(gop: Gop): number {
  return gop.packets[0]?.wallMs ?? 0;
}
