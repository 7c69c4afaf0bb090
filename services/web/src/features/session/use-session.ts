import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Session } from '../../api/account-types.ts';
import { ApiError, ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { setWhose, whose } from '../../api/whose.ts';
import { forgetSession, keepSession, keptSession } from '../../offline/kept-session.ts';
import { forgetAnswers as forgetKept } from '../../offline/store.ts';
import { dropPush, dropPushOfOthers, removeMyPush } from '../notifications/push.ts';

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
        const session = await ask<Session>('/session', { signal });
        keepSession(session);
        setWhose(session.account.username);
        void dropPushOfOthers(session.account.username);
        return session;
      } catch (error) {
        if (isNotSignedIn(error)) {
          forgetSession(whose());
          return 'signed-out';
        }
        const kept = error instanceof ApiError && error.status === 0 ? keptSession(Date.now()) : undefined;
        if (kept === undefined) throw error;
        setWhose(kept.account.username);
        return kept;
      }
    },
    networkMode: 'always',
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
      void dropPushOfOthers(session.account.username);
      keepSession(session);
      setWhose(session.account.username);
      client.setQueryData<SessionState>(keys.session, session);
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      await removeMyPush();
      try {
        await ask<void>('/session', { method: 'DELETE' });
      } catch (error) {
        if (!isNotSignedIn(error)) throw error;
      }
    },
    onSuccess() {
      client.setQueryData<SessionState>(keys.session, 'signed-out');
      forgetSession(whose());
      void dropPush(whose());
      setWhose(undefined);
      void forgetKept().catch(() => undefined);
      forgetAnswers(client);
    },
  });
}
