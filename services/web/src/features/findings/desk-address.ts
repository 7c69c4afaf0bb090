import { query } from '../../api/client.ts';
import { type FindingState, VIOLATION_KINDS } from '../../api/types.ts';
import { type FindingFilter, ORDERS } from './use-findings.ts';

const STATES: readonly FindingState[] = ['pending_review', 'confirmed', 'dismissed', 'merged', 'expired'];
const CLASSES = [1, 2, 3] as const;

/** What waits comes gravest first, what was judged newest first. */
const usualOrder = (state: FindingState | undefined) => (state === 'pending_review' ? 'gravest' : 'newest');

/** The filter that an address carries; without one, what waits for a verdict. */
export function filterOf(search: URLSearchParams): FindingFilter {
  const named = search.get('state');
  const state = named === 'all' ? undefined : (STATES.find((known) => known === named) ?? 'pending_review');
  return {
    state,
    kind: VIOLATION_KINDS.find((known) => known === search.get('kind')),
    class: CLASSES.find((known) => String(known) === search.get('class')),
    region: search.get('region') ?? undefined,
    cameraId: search.get('camera') ?? undefined,
    order: ORDERS.find((known) => known === search.get('order')) ?? usualOrder(state),
  };
}

/** Address of the desk with this filter, and with a finding opened if `id` is given. */
export function addressOf(filter: FindingFilter, id?: string): string {
  const state = filter.state === 'pending_review' ? undefined : (filter.state ?? 'all');
  const path = id === undefined ? '/findings' : `/findings/${encodeURIComponent(id)}`;
  return (
    path +
    query({
      state,
      kind: filter.kind,
      class: filter.class,
      region: filter.region,
      camera: filter.cameraId,
      order: filter.order === usualOrder(filter.state) ? undefined : filter.order,
    })
  );
}
