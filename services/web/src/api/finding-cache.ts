import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { keys } from './keys.ts';
import type { Finding, FindingDetail, Page } from './types.ts';

/** Writes what is known of a finding into every list and detail on screen, without moving anything. */
export function patchFinding(client: QueryClient, id: string, change: Partial<Finding>): void {
  client.setQueriesData<InfiniteData<Page<Finding>>>({ queryKey: keys.findings }, (data) =>
    data === undefined
      ? data
      : {
          ...data,
          pages: data.pages.map((page) =>
            page.items.some((item) => item.id === id)
              ? { ...page, items: page.items.map((item) => (item.id === id ? { ...item, ...change } : item)) }
              : page,
          ),
        },
  );
  client.setQueryData<FindingDetail>(keys.finding(id), (detail) =>
    detail === undefined ? detail : { ...detail, ...change },
  );
}
