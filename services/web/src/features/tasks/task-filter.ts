import { query } from '../../api/client.ts';
import { TASK_STATES, type TaskState } from '../../api/types.ts';

/** `open`: something is still asked of somebody; `overdue`: the merchant is late with it. */
export const SHOWN = ['open', 'overdue'] as const;

export interface TaskFilter {
  show: (typeof SHOWN)[number] | TaskState | undefined;
  /** Codes. */
  region: string | undefined;
  merchant: string | undefined;
  /** Part of a number or of a merchant's name. */
  search: string | undefined;
}

/** The filter that an address carries. */
export function filterOf(search: URLSearchParams): TaskFilter {
  const show = search.get('show');
  return {
    show: [...SHOWN, ...TASK_STATES].find((known) => known === show),
    region: search.get('region') ?? undefined,
    merchant: search.get('merchant') ?? undefined,
    search: search.get('search') ?? undefined,
  };
}

/** Address of the list with this filter, and with a task opened if `id` is given. */
export function addressOf(filter: TaskFilter, id?: string): string {
  return `/tasks${id === undefined ? '' : `/${encodeURIComponent(id)}`}${query({ ...filter })}`;
}

/** What the API is asked. */
export function askedOf({ show, ...others }: TaskFilter): Record<string, string | undefined> {
  if (show === undefined) return others;
  return SHOWN.some((one) => one === show) ? { ...others, [show]: 'true' } : { ...others, state: show };
}
