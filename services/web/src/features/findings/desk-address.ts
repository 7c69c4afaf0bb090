import { query } from '../../api/client.ts';
import { type FindingState, VIOLATION_KINDS } from '../../api/types.ts';
import type { FindingFilter } from './use-findings.ts';

const STATES: readonly FindingState[] = ['pending_review', 'confirmed', 'dismissed', 'merged', 'expired'];

/** The filter that an address carries; without one, what waits for a verdict. */
export function filterOf(search: URLSearchParams): FindingFilter {
  const state = search.get('state');
  return {
    state: state === 'all' ? undefined : (STATES.find((known) => known === state) ?? 'pending_review'),
    kind: VIOLATION_KINDS.find((known) => known === search.get('kind')),
    cameraId: search.get('camera') ?? undefined,
  };
}

/** Address of the desk with this filter, and with a finding opened if `id` is given. */
export function addressOf(filter: FindingFilter, id?: string): string {
  const state = filter.state === 'pending_review' ? undefined : (filter.state ?? 'all');
  const path = id === undefined ? '/findings' : `/findings/${encodeURIComponent(id)}`;
  return path + query({ state, kind: filter.kind, camera: filter.cameraId });
}
