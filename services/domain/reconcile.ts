/** Comparing a platform's list of cases with our tasks. Pure: what differs, and what can be done about it. */
import { ENDED_STATES } from './task-life.ts';
import type { TaskState } from './words.ts';

/** A case as a platform tells of it. `open` and `closed` serve platforms that know no more states. */
export interface CaseThere {
  /** Number of our task. */
  number: string;
  state: TaskState | 'open' | 'closed';
  /** The version of the task that it knows; absent: only the state is compared. */
  version?: number;
  /** What the platform calls it. */
  externalRef?: string;
}

export interface CaseHere {
  id: string;
  number: string;
  state: TaskState;
  version: number;
  /** Deliveries to this platform that are still on their way. */
  inFlight: boolean;
}

export const DIFFERENCE_KINDS = [
  'missing_there', // its events are sent again
  'behind_there', // its later events are sent again
  'ahead_there', // for a person: it knows a version that never was
  'closed_there', // for a person: never closed silently
  'unknown_here', // listed: a number that is none of ours
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];
export const HEALED = ['sent_again', 'notice', 'none'] as const;
export type Healed = (typeof HEALED)[number];

export interface Difference {
  kind: DifferenceKind;
  here: CaseHere | undefined;
  there: CaseThere | undefined;
  number: string;
}

export interface Comparison {
  same: number;
  /** Left alone: what would heal them is on its way. */
  inFlight: number;
  differences: Difference[];
}

const endedThere = (state: CaseThere['state']): boolean =>
  state === 'closed' || (state !== 'open' && ENDED_STATES.includes(state));

/** How one case differs; undefined: not at all. */
export function differenceOf(here: CaseHere, there: CaseThere): DifferenceKind | undefined {
  const ended = ENDED_STATES.includes(here.state);
  // Closed there with all that we ever said: it was closed there, not told so by us.
  const upToDate = there.version === undefined || there.version >= here.version;
  if (endedThere(there.state) && !ended && upToDate) return 'closed_there';
  if (there.version !== undefined) {
    if (there.version < here.version) return 'behind_there';
    return there.version > here.version ? 'ahead_there' : undefined;
  }
  if (there.state === here.state) return undefined;
  if (there.state === 'open' && !ended) return undefined;
  if (there.state === 'closed' && ended) return undefined;
  return 'behind_there';
}

/** @param whole the list is all that the platform has: what it does not name is missing there */
export function compareCases(
  here: readonly CaseHere[],
  there: readonly CaseThere[],
  whole: boolean,
): Comparison {
  const known = new Map(there.map((one) => [one.number, one]));
  const ours = new Set(here.map(({ number }) => number));
  const result: Comparison = { same: 0, inFlight: 0, differences: [] };
  for (const one of here) {
    const other = known.get(one.number);
    const kind = other === undefined ? (whole ? 'missing_there' : undefined) : differenceOf(one, other);
    if (kind === undefined) {
      if (other !== undefined) result.same += 1;
    } else if (one.inFlight && kind !== 'closed_there') result.inFlight += 1;
    else result.differences.push({ kind, here: one, there: other, number: one.number });
  }
  for (const one of known.values())
    if (!ours.has(one.number))
      result.differences.push({ kind: 'unknown_here', here: undefined, there: one, number: one.number });
  return result;
}
