import { useEffect, useRef } from 'react';
import type { Finding } from '../../api/finding-types.ts';
import { holderOf } from './QueueList.tsx';
import { useClaims } from './use-claims.ts';
import { usePrefetch } from './use-findings.ts';

/**
 * Cards that wait, as they come after the open one: those after it in the list, then those before it. While there are `more` pages to
 * come none before it: what was passed over comes at the end.
 */
function waitingAfter(
  findings: readonly Finding[],
  index: number,
  settled: ReadonlySet<string>,
  more: boolean,
): Finding[] {
  const waits = ({ id, state }: Finding, at: number): boolean =>
    at !== index && state === 'pending_review' && !settled.has(id);
  const later = findings.filter((finding, at) => at > index && waits(finding, at));
  return more ? later : [...later, ...findings.filter((finding, at) => at < index && waits(finding, at))];
}

/**
 * What comes next, so that two inspectors never get the same card: the server keeps the next free one for this desk, and its
 * data, picture and clip are fetched ahead.
 */
export function useDeskQueue(
  findings: readonly Finding[],
  selected: string | undefined,
  judges: boolean,
  /** Judged here: a page of the list that was on its way meanwhile still shows them as waiting. */
  settled: ReadonlySet<string>,
  /** Pages of the list that are still to come. */
  more: boolean,
  /** Opens another card because somebody else got this one first. */
  onSkip: (id: string) => void,
) {
  const index = findings.findIndex((finding) => finding.id === selected);
  const current = findings[index];
  const waiting = waitingAfter(findings, index, settled, more);
  const pending = current === undefined || current.state === 'pending_review';
  const claims = useClaims(
    judges,
    selected !== undefined && pending ? selected : null,
    waiting.map(({ id }) => id),
  );
  /** The best card after this one, without those of `not`. */
  const following = (not: ReadonlySet<string> = new Set()): Finding | undefined => {
    const free = waiting.filter(({ id }) => !not.has(id) && !claims.others.has(id));
    // An answer about another card keeps what comes after that one: going back to this one must not pass over it.
    const kept = claims.about?.id === selected ? claims.next : null;
    return free.find(({ id }) => id === kept) ?? free[0];
  };
  const next = following();
  usePrefetch(next?.id);

  // Opened by the desk, not by hand: then a card that another has is passed over.
  const arrived = useRef<string>(undefined);
  const holder = selected === undefined ? undefined : holderOf(claims.others, selected);
  const lost = claims.about?.id === selected && claims.about?.held === false;
  useEffect(() => {
    if (!lost || holder === undefined || arrived.current !== selected || next === undefined) return;
    arrived.current = next.id;
    onSkip(next.id);
  });
  return {
    index,
    following,
    others: claims.others,
    holder,
    arrive(id: string) {
      arrived.current = id;
    },
  };
}
