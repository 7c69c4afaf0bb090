import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/client.ts';
import { keys } from '../api/keys.ts';

/** Milliseconds an answer counts as fresh: the live channel says when it is not. */
const FRESH_MS = 30_000;

const NOT_SIGNED_IN = 'urn:mingzao:problem:not-signed-in';

/** Asks twice more when the server failed or was not reached; an answer that says no is not asked again. */
function again(failures: number, error: Error): boolean {
  const answered = error instanceof ApiError && error.status > 0 && error.status < 500;
  return !answered && failures < 2;
}

/** The session ended, or the browser's session is somebody else's now: the gate shows the sign-in. */
export function endSession(client: QueryClient): void {
  if (typeof client.getQueryData(keys.session) === 'object') client.setQueryData(keys.session, 'ended');
}

export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError(error, query) {
        const signedOut = error instanceof ApiError && error.status === 401;
        if (signedOut && query.queryKey[0] !== keys.session[0]) endSession(client);
      },
    }),
    mutationCache: new MutationCache({
      onError(error) {
        // Not a code of the second factor that is wrong.
        if (error instanceof ApiError && error.problem.type === NOT_SIGNED_IN) endSession(client);
      },
    }),
    defaultOptions: {
      queries: { staleTime: FRESH_MS, retry: again, retryDelay: 600, refetchOnWindowFocus: true },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
