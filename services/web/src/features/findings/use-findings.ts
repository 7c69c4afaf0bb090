import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { ask, query } from '../../api/client.ts';
import type { Finding, FindingDetail } from '../../api/finding-types.ts';
import { keys } from '../../api/keys.ts';
import { steadyUrl } from '../../api/steady-url.ts';
import type { FindingState, Page, ViolationKind } from '../../api/types.ts';
import { isHevc } from './codec.ts';
import { contextOf, KEEP_CARD_MS } from './use-finding-context.ts';

const PAGE = 50;
/** Pages kept: after hundreds of verdicts the first ones go, with what was judged on them. */
const MOST_PAGES = 6;

export const ORDERS = ['gravest', 'oldest', 'newest'] as const;
export type FindingOrder = (typeof ORDERS)[number];

/** What the list shows; undefined: all. */
export interface FindingFilter {
  state: FindingState | undefined;
  kind: ViolationKind | undefined;
  class: 1 | 2 | 3 | undefined;
  /** Code; with what lies below it. */
  region: string | undefined;
  cameraId: string | undefined;
  order: FindingOrder;
}

/** The list in pages. It is asked for again only when somebody wants it: nothing moves under the inspector's hand. */
export function useFindings(filter: FindingFilter) {
  const client = useQueryClient();
  const { state, kind, class: grade, region, cameraId, order } = filter;
  const queryKey = useMemo(
    () => [...keys.findings, { state, kind, class: grade, region, cameraId, order }] as const,
    [state, kind, grade, region, cameraId, order],
  );
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      ask<Page<Finding>>(
        `/findings${query({ state, kind, class: grade, region, camera: cameraId, order, limit: PAGE, cursor: pageParam })}`,
        {
          signal,
        },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    // Earlier pages come back with the whole list only.
    getPreviousPageParam: () => undefined,
    maxPages: MOST_PAGES,
    gcTime: KEEP_CARD_MS,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const findings = useMemo(() => {
    const seen = new Map<string, Finding>();
    for (const page of list.data?.pages ?? []) for (const item of page.items) seen.set(item.id, item);
    return [...seen.values()];
  }, [list.data]);

  /** From the top again: later pages are dropped, the first one is asked for. @returns what is on it */
  const { refetch } = list;
  const renew = useCallback(async () => {
    client.setQueryData<typeof list.data>(queryKey, (data) =>
      data === undefined ? data : { pages: data.pages.slice(0, 1), pageParams: [undefined] },
    );
    const { data } = await refetch();
    return data?.pages[0]?.items ?? [];
  }, [client, queryKey, refetch]);
  /** Earlier pages went: something that was passed over may still wait there. */
  const cut = list.data !== undefined && list.data.pageParams[0] !== undefined;
  // Never instead of the list that was asked for anew.
  const { fetchNextPage: fetchNext } = list;
  const fetchNextPage = useCallback(() => fetchNext({ cancelRefetch: false }), [fetchNext]);
  /** @returns the first card after `id` that waits and is not of `not`; further pages are asked for until one has it */
  const laterThan = useCallback(
    async (id: string, not: ReadonlySet<string>): Promise<Finding | undefined> => {
      for (;;) {
        const pages = client.getQueryData<typeof list.data>(queryKey)?.pages ?? [];
        const items = pages.flatMap((page) => page.items);
        const at = items.findIndex((item) => item.id === id);
        const later = items
          .slice(at + 1)
          .find((item) => item.state === 'pending_review' && !not.has(item.id));
        if (later !== undefined || (pages.at(-1)?.nextCursor ?? null) === null) return later;
        if ((await fetchNextPage()).isError) return undefined;
      }
    },
    [client, queryKey, fetchNextPage],
  );
  return { ...list, fetchNextPage, findings, renew, laterThan, cut };
}

export const detailOf = (id: string) => ({
  queryKey: keys.finding(id),
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    ask<FindingDetail>(`/findings/${encodeURIComponent(id)}`, { signal }),
  gcTime: KEEP_CARD_MS,
});

export function useFinding(id: string | undefined) {
  return useQuery({ ...detailOf(id ?? ''), enabled: id !== undefined });
}

/** Has the next card here before it is wanted: what is known of it, its clip, and the pictures that it opens with. */
export function usePrefetch(id: string | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    if (id === undefined) return;
    void client.prefetchQuery(contextOf(id));
    void client.fetchQuery({ ...detailOf(id), staleTime: 60_000 }).then(
      (detail) => {
        const { frame, clip, strips } = detail;
        const strip = strips.find(({ lookId }) => lookId === frame?.lookId);
        for (const picture of [frame, strip]) if (picture) new Image().src = steadyUrl(picture.url);
        if (clip !== null && !isHevc(clip.codec ?? '')) void intoCache(steadyUrl(clip.url));
      },
      () => {},
    );
  }, [client, id]);
}

/** The whole file, so that the player finds every part of it in the browser's cache. */
async function intoCache(url: string): Promise<void> {
  try {
    await (await fetch(url, { priority: 'low' })).arrayBuffer();
  } catch {
    // The player asks for it itself.
  }
}
