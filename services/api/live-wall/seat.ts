import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamStart, VideoStream } from '../../domain/live-video.ts';
import { WALL_ENDS, type WallEnd, type WallLoad } from '../../domain/live-wall.ts';
import type { Outlet } from './outlet.ts';
import type { Joined, Sources } from './sources.ts';

/** Milliseconds until a camera that ended is asked for again; longer each time, until one plays. */
const AGAIN_MS = [500, 1_000, 2_000, 5_000, 10_000];

export interface Seat {
  /** Why it shows no video for good; told when it begins. */
  refused?: WallEnd;
  cameraId: string;
  /** The one to show first comes first. */
  streams: readonly VideoStream[];
}

export interface SeatParts {
  sources: Sources;
  outlet: Outlet;
  /** @returns what keeps it from being shown beside the others; undefined: it is counted from now on */
  admit(place: number, start: StreamStart): WallEnd | undefined;
  release(place: number): void;
}

/** Shows one camera in its place until `signal`; begins anew when it breaks off. */
export async function fillSeat(
  parts: SeatParts,
  place: number,
  seat: Seat,
  signal: AbortSignal,
): Promise<void> {
  let tries = 0;
  for (;;) {
    const { why, played } = await showOnce(parts, place, seat, signal);
    if (signal.aborted) return;
    parts.outlet.end(place, why);
    if (WALL_ENDS[why] === 'lasts') return;
    tries = played ? 0 : tries + 1;
    const wait = AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)];
    if (await sleep(wait, false, { signal }).catch(() => true)) return;
  }
}

async function showOnce(
  parts: SeatParts,
  place: number,
  seat: Seat,
  signal: AbortSignal,
): Promise<{ why: WallEnd; played: boolean }> {
  let why: WallEnd = seat.refused ?? 'not_pulled';
  if (seat.refused !== undefined) return { why, played: false };
  for (const stream of seat.streams) {
    const joined = await parts.sources.join(seat.cameraId, stream);
    if (typeof joined === 'string') {
      why = joined;
      continue;
    }
    const no = signal.aborted ? 'gone' : parts.admit(place, joined.start);
    if (no === undefined) return { why: await played(parts, place, joined, signal), played: true };
    joined.leave();
    why = no;
  }
  return { why, played: false };
}

async function played(
  parts: SeatParts,
  place: number,
  joined: Joined,
  signal: AbortSignal,
): Promise<WallEnd> {
  try {
    return await new Promise((done) => {
      signal.addEventListener('abort', () => done('gone'), { once: true });
      joined.begin({ record: (record, aheadMs) => parts.outlet.record(place, record, aheadMs), end: done });
    });
  } finally {
    joined.leave();
    parts.release(place);
  }
}

export const loadOf = ({ bitsPerS, width, height }: StreamStart): WallLoad => ({ bitsPerS, width, height });
