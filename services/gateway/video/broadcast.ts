import { randomUUID } from 'node:crypto';
import {
  type EndReason,
  type RecordKind,
  type RecordTimes,
  recordHead,
  type StreamStart,
} from '../../domain/live-video.ts';
import { Fragmenter, type LiveFragment, streamShape } from '../../media/live/fragmenter.ts';
import type { InitSegment } from '../../media/live/init-segment.ts';
import type { MediaPacket } from '../../media/packet.ts';
import type { PacketRing } from '../../media/ring.ts';

/** How much of the past is looked at to see in which order the camera sends its pictures, milliseconds. */
const SHAPE_MS = 8_000;

/** Most that a new viewer is given of the past. */
const MOST_GROUP_BYTES = 4 * 1024 * 1024;

/** Somebody who watches. */
export interface Viewer {
  /** Takes a record, or cuts itself off when it is too far behind. */
  write(record: readonly Uint8Array[], bytes: number): void;
  /** No record follows. */
  end(): void;
}

/**
 * The live video of one camera for all who watch it: cut into fragments once, handed out to each. Begins for a new viewer with the last
 * keyframe, so that there is a picture at once, and it catches up from there.
 */
export class Broadcast {
  readonly #viewers = new Set<Viewer>();
  readonly #fragmenter: Fragmenter;
  readonly #first: MediaPacket;
  readonly #init: InitSegment;
  readonly #ring: PacketRing;
  readonly #now: () => number;
  readonly #stream = randomUUID();
  /** Since the last keyframe; empty when that is too much to catch up with. */
  #group: LiveFragment[] = [];
  /** Viewers that came then: they begin with the next keyframe. */
  readonly #waiting = new Set<Viewer>();
  /** Bytes of fragments that were made; handed out they count for each viewer. */
  madeBytes = 0;
  sentBytes = 0;

  /** @param init of the newest keyframe's configuration; it must be the ring's newest still */
  constructor(ring: PacketRing, first: MediaPacket, init: InitSegment, now: () => number) {
    this.#first = first;
    this.#init = init;
    this.#ring = ring;
    this.#now = now;
    const past = ring.cut(first.wallMs - SHAPE_MS, Number.POSITIVE_INFINITY);
    const shape = streamShape(past.filter(({ config }) => config === first.config));
    this.#fragmenter = new Fragmenter(first, shape, (fragment) => this.#take(fragment));
    const begin = past.indexOf(first);
    for (const packet of past.slice(Math.max(0, begin))) this.#fragmenter.push(packet);
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  join(viewer: Viewer): void {
    const { codecString: codec } = this.#init;
    const { width, height } = this.#first.config;
    this.#viewers.add(viewer);
    const { bitsPerS } = this.#ring;
    const start: StreamStart = { codec, width, height, stream: this.#stream, bitsPerS };
    this.#write(viewer, 'start', Buffer.from(JSON.stringify(start)), { wallMs: 0, endS: 0 });
    this.#write(viewer, 'init', this.#init.bytes, { wallMs: 0, endS: 0 });
    if (this.#group.length === 0) this.#waiting.add(viewer);
    for (const fragment of this.#group) this.#writeFragment(viewer, fragment);
  }

  /** @returns whether anybody is left */
  leave(viewer: Viewer): boolean {
    this.#viewers.delete(viewer);
    this.#waiting.delete(viewer);
    return this.#viewers.size > 0;
  }

  /** @returns false when the packet belongs to another stream: another size, or the camera began anew */
  push(packet: MediaPacket): boolean {
    if (packet.config !== this.#first.config) return false;
    this.#fragmenter.push(packet);
    return true;
  }

  end(reason: EndReason): void {
    const body = Buffer.from(JSON.stringify({ reason }));
    for (const viewer of this.#viewers) {
      this.#write(viewer, 'end', body, { wallMs: 0, endS: 0 });
      viewer.end();
    }
    this.#viewers.clear();
  }

  #take(fragment: LiveFragment): void {
    this.madeBytes += fragment.bytes.length;
    if (fragment.key) {
      this.#group = [];
      this.#waiting.clear();
    }
    if (fragment.key || this.#group.length > 0) this.#group.push(fragment);
    if (this.#group.reduce((sum, { bytes }) => sum + bytes.length, 0) > MOST_GROUP_BYTES) this.#group = [];
    for (const viewer of this.#viewers) if (!this.#waiting.has(viewer)) this.#writeFragment(viewer, fragment);
  }

  #writeFragment(viewer: Viewer, fragment: LiveFragment): void {
    this.#write(viewer, fragment.key ? 'key' : 'fragment', fragment.bytes, fragment);
  }

  #write(viewer: Viewer, kind: RecordKind, body: Uint8Array, times: Omit<RecordTimes, 'sentMs'>): void {
    const head = recordHead(kind, body.length, { ...times, sentMs: this.#now() });
    this.sentBytes += head.length + body.length;
    viewer.write([head, body], head.length + body.length);
  }
}
