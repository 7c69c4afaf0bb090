/** When what an edge box says of a camera becomes a device ticket, and when the ticket ends. Pure; [J] like PERSISTENCE. */
import { PERSISTENCE } from './fault-streak.ts';
import type { FaultKind } from './words.ts';

/** One alarm of a box: a state that goes on, or a pulse. */
export interface FaultWord {
  id: string;
  state: 'pulse' | 'active';
  /** When it was first received. What the device's clock said is for people to read: it may be years off. */
  at: Date;
  /** When it was last said. */
  last: Date;
  /** How often it was said again. */
  repeats: number;
  ended: Date | null;
}

/** Pulses further apart are not in a row; what was said more than once and then no more is over. Milliseconds. */
const GAP_MS = 20 * 60_000;
const SILENT_MS = 30 * 60_000;
/** Many boxes say the beginning once and the end once: a beginning alone counts for so long. Milliseconds. */
const SAID_ONCE_MS = 24 * 3_600_000;

/** Whether the box still means it. */
export function stillSaid(kind: FaultKind, word: FaultWord, now: Date): boolean {
  if (word.ended !== null) return false;
  const once = word.repeats === 0 && (word.state === 'active' || kind === 'offline');
  return now.getTime() - word.last.getTime() <= (once ? SAID_ONCE_MS : SILENT_MS);
}

/**
 * Since when a ticket is due: the state has lasted as long as a fault of our own eye must. A pulse must be said again (a hand before
 * the lens is none), but for a lost picture: nothing more may come from that camera. Undefined: none is due.
 * @param words of one camera and kind, none of a ticket yet, by time
 */
export function faultSince(kind: FaultKind, words: readonly FaultWord[], now: Date): Date | undefined {
  const lasted = (from: Date, to: Date): boolean =>
    to.getTime() - from.getTime() >= PERSISTENCE[kind].forS * 1000;
  const said = words.filter((word) => stillSaid(kind, word, now));
  const state = said.find(({ state, at }) => state === 'active' && lasted(at, now));
  if (state !== undefined) return state.at;
  let row: FaultWord[] = [];
  for (const word of words.filter(({ state }) => state === 'pulse')) {
    const before = row.at(-1);
    if (before !== undefined && word.at.getTime() - before.at.getTime() > GAP_MS) row = [];
    row.push(word);
  }
  const [first, last] = [row[0], row.at(-1)];
  if (first === undefined || last === undefined || !stillSaid(kind, last, now)) return undefined;
  const until = kind === 'offline' ? now : last.at;
  return lasted(first.at, until) ? first.at : undefined;
}
