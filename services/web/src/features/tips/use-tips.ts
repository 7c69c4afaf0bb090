import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { keys } from '../../api/keys.ts';
import type { Page } from '../../api/types.ts';
import { usePages } from '../../api/use-pages.ts';
import { useLiveEvent } from '../../app/live.tsx';
import type { Tip, TipState } from './types.ts';

/**
 * The tips of a state, newest first. What came since the list was asked for waits behind a button, so that nothing moves under the
 * hand; an empty list shows it at once.
 */
export function useTips(state: TipState | undefined) {
  const client = useQueryClient();
  const list = usePages<Tip>({ key: keys.tips, path: '/tips', filter: { state } });
  const [came, setCame] = useState<ReadonlySet<string>>(new Set());
  const { items, refetch } = list;
  const shows = state === undefined || state === 'new';
  useLiveEvent(({ type, payload }) => {
    if (type !== 'tip.received' || typeof payload.tipId !== 'string' || !shows) return;
    if (items.length === 0) void refetch();
    else setCame((before) => new Set(before).add(String(payload.tipId)));
  });
  const renew = useCallback(() => {
    setCame(new Set());
    void client.invalidateQueries({ queryKey: keys.tips });
  }, [client]);
  const count = shows ? [...came].filter((id) => !items.some((tip) => tip.id === id)).length : 0;
  return { list, came: count, renew };
}

/** Puts what a tip is now into every list that shows it: it stays where it is until somebody asks for the list again. */
export function patchTip(client: QueryClient, tip: Tip): void {
  client.setQueriesData<InfiniteData<Page<Tip>>>(
    { queryKey: keys.tips },
    (lists) =>
      lists && {
        ...lists,
        pages: lists.pages.map((page) => ({
          ...page,
          items: page.items.map((one) => (one.id === tip.id ? tip : one)),
        })),
      },
  );
  void client.invalidateQueries({ queryKey: keys.tips, refetchType: 'none' });
  void client.invalidateQueries({ queryKey: keys.overview });
}
