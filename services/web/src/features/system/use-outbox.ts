import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask, query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { DeadCause, Destination } from './outbox-types.ts';

/** Milliseconds: deliveries are not told live. */
export const OUTBOX_EVERY_MS = 5_000;

export interface NewReplay {
  id: string;
  from: string;
  to: string;
  perMinute: number;
}

/** Of one platform; `cause` empty: whatever they died of. */
export interface Letters {
  id: string;
  cause: string;
}

export function useDestinations() {
  return useQuery({
    queryKey: [...keys.outbox, 'destinations'],
    queryFn: ({ signal }) => ask<{ items: Destination[] }>('/outbox/destinations', { signal }),
    refetchInterval: OUTBOX_EVERY_MS,
  });
}

export function useCauses(state: 'dead' | 'set_aside', webhook: string | undefined) {
  return useQuery({
    queryKey: [...keys.outbox, 'causes', state, webhook],
    queryFn: ({ signal }) =>
      ask<{ items: DeadCause[] }>(`/outbox/causes${query({ state, webhook })}`, { signal }),
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
  const setAside = useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      ask(`/outbox/${id}/set-aside`, { method: 'POST', body: { reason } }),
    onSettled,
  });
  const takeUp = useMutation({
    mutationFn: (id: string) => ask(`/outbox/${id}/take-up`, { method: 'POST' }),
    onSettled,
  });
  const retryAll = useMutation({
    mutationFn: ({ id, cause }: Letters) =>
      ask<{ retried: number }>(`/webhooks/${id}/retry-dead${query({ cause })}`, { method: 'POST' }),
    onSettled,
  });
  const setAsideAll = useMutation({
    mutationFn: ({ id, cause, reason }: Letters & { reason: string }) =>
      ask<{ setAside: number }>(`/webhooks/${id}/set-aside-dead?${new URLSearchParams({ cause })}`, {
        method: 'POST',
        body: { reason },
      }),
    onSettled,
  });
  const takeUpAll = useMutation({
    mutationFn: ({ id, cause }: Letters) =>
      ask<{ takenUp: number }>(`/webhooks/${id}/take-up?${new URLSearchParams({ cause })}`, {
        method: 'POST',
      }),
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
  return { retry, setAside, takeUp, retryAll, setAsideAll, takeUpAll, replay, cancel };
}
