import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Session } from '../../api/types.ts';

/** Who is signed in; null: nobody. */
export function useSession() {
  return useQuery({
    queryKey: keys.session,
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        return await ask<Session>('/session', { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (who: { username: string; password: string }) =>
      ask<Session>('/session', { method: 'POST', body: who }),
    onSuccess(session) {
      client.setQueryData(keys.session, session);
    },
  });
}

/** Signed out, nothing of the session stays in memory. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask<void>('/session', { method: 'DELETE' }),
    onSuccess() {
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
      client.setQueryData(keys.session, null);
    },
  });
}
