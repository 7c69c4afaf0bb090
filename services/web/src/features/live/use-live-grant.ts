import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { LiveGrant, LivePurpose } from '../../api/account-types.ts';
import { ApiError, ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';

const EVERY_MS = 60_000;

/** What one may look at now. `mayLook` is false for those who have no live pictures at all. */
export function useLiveGrant() {
  const client = useQueryClient();
  const grants = useQuery({
    queryKey: keys.liveGrants,
    queryFn: async ({ signal }): Promise<LiveGrant[] | 'none'> => {
      try {
        return (await ask<{ items: LiveGrant[] }>('/live/grants', { signal })).items;
      } catch (error) {
        if (error instanceof ApiError && error.status === 403) return 'none';
        throw error;
      }
    },
    refetchInterval: EVERY_MS,
  });
  const begin = useMutation({
    mutationFn: (body: { purpose: LivePurpose; note: string }) =>
      ask<LiveGrant>('/live/grants', { method: 'POST', body }),
    onSuccess: () =>
      Promise.all(
        [keys.liveGrants, keys.cameras, ['camera']].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  });
  const current = Array.isArray(grants.data)
    ? grants.data.find(({ cameraId }) => cameraId === null)
    : undefined;
  return { mayLook: Array.isArray(grants.data), current, begin };
}
