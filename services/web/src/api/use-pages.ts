import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask, query } from './client.ts';
import type { Page } from './types.ts';

interface PagesOptions {
  key: readonly unknown[];
  path: string;
  filter?: Record<string, string | undefined>;
  limit?: number;
  /** Milliseconds; lists of things that change by themselves. */
  refetchInterval?: number;
}

/** A list of the API as one array that grows with `fetchNextPage`. */
export function usePages<T extends object>({
  key,
  path,
  filter = {},
  limit = 60,
  refetchInterval,
}: PagesOptions) {
  const list = useInfiniteQuery({
    queryKey: [...key, filter],
    queryFn: ({ pageParam, signal }) =>
      ask<Page<T>>(path + query({ ...filter, limit, cursor: pageParam }), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    ...(refetchInterval === undefined ? {} : { refetchInterval }),
  });
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  return { ...list, items };
}
