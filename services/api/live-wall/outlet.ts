import type { ServerResponse } from 'node:http';
import { recordHead } from '../../domain/live-video.ts';
import type { WallEnd } from '../../domain/live-wall.ts';
import { headForPlace, type StoredRecord } from './records.ts';

/** Bytes that may wait for one viewer; what comes then is left out, until so few wait. Not counted: what the kernel holds. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
const FEW_WAITING_BYTES = 256 * 1024;
/** Who has taken so little for so long is not there any more. */
const MOST_STUCK_MS = 30_000;

/** Of a record that belongs to no camera. */
const NO_PLACE = 255;
const NO_TIMES = { wallMs: 0, endS: 0, sentMs: 0 };

export interface Outlet {
  /** Tells the time before anything is in its way: later records may be late, and the page must be able to tell. */
  begin(): void;
  /** Writes, or leaves out what a slow viewer has no room for: then this place goes on with its next keyframe. */
  record(place: number, record: StoredRecord, aheadMs: number): void;
  /** A place shows no video (any more), and why. */
  end(place: number, why: WallEnd): void;
  /** Fragments that were left out. */
  readonly dropped: number;
}

/** What one viewer of a wall is written: all places in one row of records, never more waiting than fits. */
export function createOutlet(response: ServerResponse, nowMs: () => number): Outlet {
  /** Places whose next fragment must be a keyframe. */
  const broken = new Set<number>();
  let stuckSince: number | undefined;
  let dropped = 0;

  const hasRoom = (bytes: number): boolean => {
    const waiting = response.writableLength;
    if (stuckSince !== undefined && waiting <= FEW_WAITING_BYTES) stuckSince = undefined;
    if (stuckSince === undefined && waiting + bytes <= MOST_WAITING_BYTES) return true;
    stuckSince ??= performance.now();
    if (performance.now() - stuckSince > MOST_STUCK_MS) response.destroy();
    return false;
  };
  const write = (place: number, head: Uint8Array, body: Uint8Array, aheadMs = 0): void => {
    response.cork();
    response.write(headForPlace(place, head, aheadMs, nowMs()));
    if (body.length > 0) response.write(body);
    // Records of several cameras come in one turn: they leave in one packet.
    process.nextTick(() => response.uncork());
  };
  return {
    begin() {
      const body = Buffer.from('{}');
      write(NO_PLACE, recordHead('start', body.length, NO_TIMES), body);
    },
    get dropped() {
      return dropped;
    },
    record(place, record, aheadMs) {
      if (response.destroyed) return;
      const { kind, head, body } = record;
      if (kind === 'start' || kind === 'init') {
        broken.add(place);
        return write(place, head, body, aheadMs);
      }
      const begins = kind === 'key' || !broken.has(place);
      if (!begins || !hasRoom(body.length)) {
        broken.add(place);
        dropped += 1;
        return;
      }
      broken.delete(place);
      write(place, head, body, aheadMs);
    },
    end(place, why) {
      if (response.destroyed) return;
      const body = Buffer.from(JSON.stringify({ reason: why }));
      write(place, recordHead('end', body.length, NO_TIMES), body);
    },
  };
}
