import { useQuery } from '@tanstack/react-query';
import { ApiError, ask } from '../api/client.ts';
import { useCurrentSession } from '../app/session-context.ts';
import { keepAnswer, loadAnswer } from './store.ts';

/** An answer, and since when this device has it when the server was not reached; null: fresh. */
export interface Kept<T> {
  value: T;
  keptAt: number | null;
}

/** Hours after which a kept answer says nothing any more: the day is over. */
const LIFE_MS = 36 * 3_600_000;

/**
 * Asks; without a line it is what was answered last, with its time, so that nothing old is shown as fresh.
 * @param load what asks for `path`, where it is more than one answer
 */
export function useKept<T>(
  queryKey: readonly unknown[],
  path: string,
  load: (path: string, signal: AbortSignal) => Promise<T> = (at, signal) => ask<T>(at, { signal }),
) {
  const { username } = useCurrentSession().account;
  const id = `${username} ${path}`;
  return useQuery({
    queryKey,
    networkMode: 'always',
    retry: false,
    queryFn: async ({ signal }): Promise<Kept<T>> => {
      try {
        const value = await load(path, signal);
        // A browser that keeps nothing still shows it.
        await keepAnswer({ id, account: username, at: Date.now(), value }).catch(() => undefined);
        return { value, keptAt: null };
      } catch (error) {
        if (!(error instanceof ApiError) || (error.status !== 0 && error.status < 500)) throw error;
        const kept = await loadAnswer(id).catch(() => undefined);
        if (kept === undefined || Date.now() - kept.at > LIFE_MS) throw error;
        return { value: kept.value as T, keptAt: kept.at };
      }
    },
  });
}
