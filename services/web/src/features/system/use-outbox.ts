import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Destination } from './outbox-types.ts';

/** Milliseconds: deliveries are not told live. */
export const OUTBOX_EVERY_MS = 5_000;

export interface NewReplay {
  id: string;
  from: string;
  to: string;
  perMinute: number;
}

export function useDestinations() {
  return useQuery({
    queryKey: [...keys.outbox, 'destinations'],
    queryFn: ({ signal }) => ask<{ items: Destination[] }>('/outbox/destinations', { signal }),
    refetchInterval: OUTBOX_EVERY_MS,
  });
}

/** What an operator does about deliveries; each ends with the lists asked for again. */
export function useOutbox() {
  const client = useQueryClient();
  const onSettled = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: keys.outbox }),
      client.invalidateQueries({ queryKey: keys.system }),
    ]);
  const retry = useMutation({
    mutationFn: (id: string) => ask(`/outbox/${id}/retry`, { method: 'POST' }),
    onSettled,
  });
  const retryAll = useMutation({
    mutationFn: (id: string) => ask<{ retried: number }>(`/webhooks/${id}/retry-dead`, { method: 'POST' }),
    onSettled,
  });
  const replay = useMutation({
    mutationFn: ({ id, ...body }: NewReplay) => ask(`/webhooks/${id}/replay`, { method: 'POST', body }),
    onSettled,
  });
  const cancel = useMutation({
    mutationFn: (id: string) => ask(`/replays/${id}/cancel`, { method: 'POST' }),
    onSettled,
  });
  return { retry, retryAll, replay, cancel };
}
