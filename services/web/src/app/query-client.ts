import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/client.ts';
import { keys } from '../api/keys.ts';

/** Milliseconds an answer counts as fresh: the live channel says when it is not. */
const FRESH_MS = 30_000;

/** Asks twice more when the server failed or was not reached; an answer that says no is not asked again. */
function again(failures: number, error: Error): boolean {
  const answered = error instanceof ApiError && error.status > 0 && error.status < 500;
  return !answered && failures < 2;
}

export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError(error, query) {
        // The session ended: the gate shows the sign-in.
        const signedOut = error instanceof ApiError && error.status === 401;
        if (signedOut && query.queryKey[0] !== keys.session[0]) client.setQueryData(keys.session, 'ended');
      },
    }),
    defaultOptions: {
      queries: { staleTime: FRESH_MS, retry: again, retryDelay: 600, refetchOnWindowFocus: true },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
