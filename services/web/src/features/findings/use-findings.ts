import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { ask, query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { steadyUrl } from '../../api/steady-url.ts';
import type { Finding, FindingDetail, FindingState, Page, ViolationKind } from '../../api/types.ts';

const PAGE = 50;

/** What the list shows; undefined: all. */
export interface FindingFilter {
  state: FindingState | undefined;
  kind: ViolationKind | undefined;
  cameraId: string | undefined;
}

/** The list in pages. It is asked for again only when somebody wants it: nothing moves under the inspector's hand. */
export function useFindings(filter: FindingFilter) {
  const client = useQueryClient();
  const { state, kind, cameraId } = filter;
  const queryKey = useMemo(
    () => [...keys.findings, { state, kind, cameraId }] as const,
    [state, kind, cameraId],
  );
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      ask<Page<Finding>>(
        `/findings${query({ state, kind, camera: cameraId, limit: PAGE, cursor: pageParam })}`,
        {
          signal,
        },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const findings = useMemo(() => {
    const seen = new Map<string, Finding>();
    for (const page of list.data?.pages ?? []) for (const item of page.items) seen.set(item.id, item);
    return [...seen.values()];
  }, [list.data]);

  /** From the top again: later pages are dropped, the first one is asked for. */
  const { refetch } = list;
  const renew = useCallback(async () => {
    client.setQueryData<typeof list.data>(queryKey, (data) =>
      data === undefined ? data : { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
    );
    await refetch();
  }, [client, queryKey, refetch]);
  return { ...list, findings, renew };
}

const detailOf = (id: string) => ({
  queryKey: keys.finding(id),
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    ask<FindingDetail>(`/findings/${encodeURIComponent(id)}`, { signal }),
});

export function useFinding(id: string | undefined) {
  return useQuery({ ...detailOf(id ?? ''), enabled: id !== undefined });
}

/** Has the next card and its picture here before they are wanted. */
export function usePrefetch(id: string | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    if (id === undefined) return;
    void client.fetchQuery({ ...detailOf(id), staleTime: 60_000 }).then(
      (detail) => {
        const url = detail.frame?.url;
        if (url !== undefined) new Image().src = steadyUrl(url);
      },
      () => {},
    );
  }, [client, id]);
}
