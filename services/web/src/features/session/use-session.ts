import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Session } from '../../api/types.ts';

/** Who is signed in; nobody yet or any more; nobody because the session ran out under way. */
export type SessionState = Session | 'signed-out' | 'ended';

const isNotSignedIn = (error: unknown): boolean => error instanceof ApiError && error.status === 401;

/** What one account was shown must not be there for the next one. */
function forgetAnswers(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
}

export function useSession() {
  return useQuery({
    queryKey: keys.session,
    queryFn: async ({ signal }): Promise<SessionState> => {
      try {
        return await ask<Session>('/session', { signal });
      } catch (error) {
        if (isNotSignedIn(error)) return 'signed-out';
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (who: { username: string; password: string; code?: string }) =>
      ask<Session>('/session', { method: 'POST', body: who }),
    onSuccess(session) {
      forgetAnswers(client);
      client.setQueryData<SessionState>(keys.session, session);
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      try {
        await ask<void>('/session', { method: 'DELETE' });
      } catch (error) {
        if (!isNotSignedIn(error)) throw error;
      }
    },
    onSuccess() {
      client.setQueryData<SessionState>(keys.session, 'signed-out');
      forgetAnswers(client);
    },
  });
}
