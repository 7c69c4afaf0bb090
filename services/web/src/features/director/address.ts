/** What the overview shows stands in its address, so that it can be sent, bookmarked and gone back to. */
import { navigate, useRoute } from '../../app/router.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { endOf, isDate, moved, SPANS, type Span, startOf, today } from './period.ts';
import { type Group, type Measure, RANKED_BY, type RankedBy, type VisitsOf } from './types.ts';

export interface Asked {
  span: Span;
  from: string;
  to: string;
  /** Code; undefined: all that the account sees. */
  region: string | undefined;
  by: RankedBy;
  sort: string;
  order: 'asc' | 'desc';
}

/** The list behind one number: what /statistics/list is asked; with `cameras` /statistics/cameras, with `visits` those of cadres. */
export interface Behind {
  measure: Measure | 'cameras' | 'visits';
  from: string;
  to: string;
  region?: string | undefined;
  groupBy?: Group;
  key?: string;
  step?: 'week' | 'month';
  start?: string;
  source?: 'model';
  person?: 'true';
  /** Of visits. */
  of?: VisitsOf;
  town?: string | undefined;
  /** What the number is of, for the head of the list. */
  name?: string;
}

const PREFIX = 'of.';
const PATH = '/overview';

export function useAsked(): Asked & { behind: Record<string, string> | undefined } {
  const { search } = useRoute();
  const { timeZone } = useCurrentSession();
  const span = SPANS.find((known) => known === search.get('span')) ?? 'month';
  const wanted = search.get('from');
  // The last one that is over: a period under way says little.
  const from = isDate(wanted) ? startOf(span, wanted) : lastWhole(span, timeZone);
  const behind = Object.fromEntries(
    [...search]
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, value]) => [name.slice(PREFIX.length), value]),
  );
  return {
    span,
    from,
    to: endOf(span, from),
    region: search.get('region') ?? undefined,
    by: RANKED_BY.find((known) => known === search.get('by')) ?? 'region',
    sort: search.get('sort') ?? 'overdue',
    order: search.get('order') === 'asc' ? 'asc' : 'desc',
    behind: behind.measure === undefined ? undefined : behind,
  };
}

/** First day of the last month, quarter or year that is over. */
export function lastWhole(span: Span, timeZone: string): string {
  return moved(span, startOf(span, today(Date.now(), timeZone)), -1);
}

function withParts(change: Record<string, string | undefined>): string {
  const search = new URLSearchParams(location.search);
  for (const name of [...search.keys()]) if (name.startsWith(PREFIX)) search.delete(name);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) search.delete(name);
    else search.set(name, value);
  }
  const text = search.toString();
  return text === '' ? PATH : `${PATH}?${text}`;
}

/** Changes what is shown; an open list closes. */
export function show(change: Record<string, string | undefined>): void {
  navigate(withParts(change), { replace: true });
}

export function addressOf(behind: Behind): string {
  return withParts(Object.fromEntries(Object.entries(behind).map(([name, value]) => [PREFIX + name, value])));
}

export function closeList(): void {
  navigate(withParts({}));
}

/** The same for one region. */
export function drilled(code: string | undefined): string {
  return withParts({ region: code });
}
