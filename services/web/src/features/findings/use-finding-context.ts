import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import type { FindingContext } from '../../api/desk-types.ts';
import { keys } from '../../api/keys.ts';

/** Milliseconds that a card is kept after it left the screen: a thousand of them must not pile up. */
export const KEEP_CARD_MS = 60_000;

export const contextOf = (id: string) => ({
  queryKey: keys.findingContext(id),
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    ask<FindingContext>(`/findings/${encodeURIComponent(id)}/context`, { signal }),
  gcTime: KEEP_CARD_MS,
  staleTime: KEEP_CARD_MS,
});

/** What stands beside a card: siblings that wait too, the merchant's history, coverage of that day. */
export function useFindingContext(id: string) {
  return useQuery(contextOf(id));
}
