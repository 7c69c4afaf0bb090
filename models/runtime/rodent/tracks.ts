import type { Blob } from './blobs.ts';
import type { MotionLimits } from './limits.ts';
import type { Track, TrackPoint } from './track.ts';

/** A track that was not seen for this many frames is over. */
const MAX_GAP = 3;
/** From one frame to the next a side may grow or shrink by this factor: animals turn, and come half out of a hole. */
const MAX_SCALE = 2.5;
/** Share of the picture's width that a track may jump between two frames, however long the pause between them. */
const MAX_JUMP = 0.35;
/** Body lengths a second, of the smaller of two boxes: rats sprint at 15, mice at 20. */
const MAX_BODIES = 15;

/** Joins blobs of following frames into tracks, nearest pairs first. */
export class Tracker {
  readonly #limits: MotionLimits;
  readonly #width: number;
  readonly #all: Track[] = [];
  #frame = 0;

  constructor(limits: MotionLimits, width: number) {
    this.#limits = limits;
    this.#width = width;
  }

  /** Every track so far, also those of one blob. */
  get tracks(): readonly Track[] {
    return this.#all;
  }

  /** Adds the blobs of the look's frame `frame`. Frames that showed nothing usable are simply not added. */
  add(frame: number, atMs: number, blobs: readonly Blob[]): void {
    this.#frame += 1;
    const points = blobs.map((blob) => pointOf(frame, atMs, blob)).filter((point) => this.#fits(point.side));
    const pairs: { track: Track; point: TrackPoint; cost: number }[] = [];
    for (const track of this.#all) {
      const last = track.points.at(-1);
      if (last === undefined || frame - last.frame > MAX_GAP) continue;
      for (const point of points) {
        const cost = this.#cost(track, last, point);
        if (cost !== undefined) pairs.push({ track, point, cost });
      }
    }
    const used = new Set<Track | TrackPoint>();
    for (const { track, point } of pairs.sort((a, b) => a.cost - b.cost)) {
      if (used.has(track) || used.has(point)) continue;
      used.add(track).add(point);
      track.points.push(point);
    }
    for (const point of points) if (!used.has(point)) this.#all.push({ points: [point] });
  }

  #fits(side: number): boolean {
    return side >= this.#limits.minSide && side <= this.#limits.maxSide;
  }

  /** How badly a blob continues a track: distance over what is allowed, plus the change of size. */
  #cost(track: Track, last: TrackPoint, point: TrackPoint): number | undefined {
    const seconds = Math.max(0.001, (point.atMs - last.atMs) / 1000);
    const before = track.points.at(-2);
    const known = before !== undefined && last.atMs > before.atMs;
    // Half of the speed goes on: animals stop and turn.
    const carry = known ? (0.5 * (point.atMs - last.atMs)) / (last.atMs - before.atMs) : 0;
    const x = last.x + carry * (last.x - (before?.x ?? last.x));
    const y = last.y + carry * (last.y - (before?.y ?? last.y));
    const away = Math.min(
      Math.hypot(point.x - x, point.y - y),
      Math.hypot(point.x - last.x, point.y - last.y),
    );
    const smaller = Math.min(point.side, last.side);
    const scale = Math.max(point.side, last.side) / Math.max(1, smaller);
    const fastest = Math.min(this.#limits.maxSpeed, MAX_BODIES * smaller) * seconds;
    const reach = smaller + Math.min(fastest, this.#width * MAX_JUMP);
    if (away > reach || scale > MAX_SCALE) return undefined;
    return away / reach + 0.3 * Math.log(scale);
  }
}

function pointOf(frame: number, atMs: number, blob: Blob): TrackPoint {
  return {
    frame,
    atMs,
    blob,
    x: (blob.left + blob.right) / 2,
    y: (blob.top + blob.bottom) / 2,
    side: Math.max(blob.right - blob.left, blob.bottom - blob.top),
  };
}
