import { isBlack } from '../../domain/camera-health.ts';
import { gate } from '../../domain/gate.ts';
import { lookSlot } from '../../domain/schedule.ts';
import { standsStill } from '../../domain/still.ts';
import type { CameraEntry } from '../registry/entry.ts';
import { later, MINUTE_MS } from '../times.ts';

/** A look from raw frames that is still gathering its burst. */
export interface Burst {
  lookId: string;
  startedAt: Date;
  /** Frames it holds, as far as this process knows. */
  count: number;
}

/**
 * What a due point's picture says: take a `look`, or nothing new (`unchanged`), or nothing new for too long (`frozen`), or
 * nothing at all: it is black (`blind`), by day a fault and by night none, but never an observation.
 */
export type DueVerdict = 'look' | 'unchanged' | 'frozen' | 'blind';

/**
 * What one process remembers of one camera. Holds thumbnails (2.3 kB), no pictures. Everything here may be lost: after a
 * restart the next picture is simply the first one.
 */
export class CameraWatch {
  /** When the last picture came, to this process. */
  lastFrameAt: Date | undefined;
  /** The same, by any process; read from the database before a camera is called offline. */
  seenElsewhereAt: Date | undefined;
  /** Since when nothing but a clock has changed; undefined also while the picture is black. */
  identicalSince: Date | undefined;
  burst: Burst | undefined;
  /** When the night watch last took a burst (RTSP). */
  nightBurstAt: Date | undefined;
  /** Why an RTSP camera gives no pictures, in plain words; empty while it does. */
  fault = '';
  #last = { slot: Number.NEGATIVE_INFINITY, intervalS: 0 };
  #judged: Uint8Array | undefined;
  #previous: { luma: Uint8Array; at: Date } | undefined;
  #buffered: CameraWatch | undefined;
  #accountedFrom = 0;
  #accounted = new Set<number>();

  sawFrame(at: Date): void {
    if (this.lastFrameAt === undefined || at > this.lastFrameAt) this.lastFrameAt = at;
  }

  /** The same of what comes late out of a gateway's buffer: its pictures follow one another, not those that come now. */
  get buffered(): CameraWatch {
    this.#buffered ??= new CameraWatch();
    return this.#buffered;
  }

  /** Latest picture by any process that is known of. */
  get lastSeenAt(): Date | undefined {
    const [own, other] = [this.lastFrameAt, this.seenElsewhereAt];
    return own === undefined || other === undefined ? (own ?? other) : later(own, other);
  }

  /** Number of the interval when a look is due, else undefined. */
  dueSlot(entry: CameraEntry, at: Date): number | undefined {
    const slot = lookSlot(entry.record.id, entry.intervalS, at);
    // Slots of another interval are other points in time.
    return slot > this.#last.slot || entry.intervalS !== this.#last.intervalS ? slot : undefined;
  }

  /** Judges a picture without remembering it. */
  judge(luma: Uint8Array, at: Date, mask: Uint8Array, frozenAfterS: number): DueVerdict {
    if (isBlack(luma)) return 'blind';
    const since = this.#identicalFrom(luma, mask);
    // Before the gate: a clock that ticks over a frozen picture passes it.
    if (since !== undefined && at.getTime() - since.getTime() >= frozenAfterS * 1000) return 'frozen';
    return gate(this.#judged, luma, mask).verdict === 'unchanged' ? 'unchanged' : 'look';
  }

  /** The due point is done with, whatever came of it. */
  settleSlot(entry: CameraEntry, slot: number): void {
    this.#last = { slot, intervalS: entry.intervalS };
  }

  /** Remembers a picture once what follows from it is committed. */
  settle(luma: Uint8Array, at: Date, mask: Uint8Array, verdict: DueVerdict): void {
    this.identicalSince = verdict === 'blind' ? undefined : this.#identicalFrom(luma, mask);
    this.#previous = { luma, at };
    if (verdict === 'look') this.#judged = luma;
  }

  #identicalFrom(luma: Uint8Array, mask: Uint8Array): Date | undefined {
    const previous = this.#previous;
    if (previous === undefined || !standsStill(previous.luma, luma, mask)) return undefined;
    return this.identicalSince ?? previous.at;
  }

  /** A look was accepted or an unchanged picture marked in the minute of `at`: the ticker leaves that minute alone. */
  account(at: Date): void {
    const minute = Math.floor(at.getTime() / MINUTE_MS);
    if (minute >= this.#accountedFrom) this.#accounted.add(minute);
  }

  /** Whether the minute was accounted for; forgets it and all before. */
  takeAccounted(minute: number): boolean {
    const found = this.#accounted.has(minute);
    this.#accountedFrom = minute;
    for (const one of this.#accounted) if (one <= minute) this.#accounted.delete(one);
    return found;
  }
}
