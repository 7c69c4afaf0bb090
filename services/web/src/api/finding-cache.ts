import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { FindingContext } from './desk-types.ts';
import type { Finding, FindingDetail } from './finding-types.ts';
import { keys } from './keys.ts';
import type { Page } from './types.ts';

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
  if (change.state !== undefined && change.state !== 'pending_review') leaveContexts(client, id);
  client.setQueryData<FindingDetail>(keys.finding(id), (detail) =>
    detail === undefined ? detail : { ...detail, ...change },
  );
}

/** What stands beside some card. */
export const isContext = ({ queryKey }: { queryKey: readonly unknown[] }): boolean =>
  queryKey[0] === keys.finding('')[0] && queryKey[2] === 'context';

/** Questions for what stands beside cards, of those that show this finding there: siblings are judged by their version. */
export function contextsWith(client: QueryClient, id: string): (readonly string[])[] {
  return client
    .getQueriesData<FindingContext>({ predicate: isContext })
    .filter(([, context]) => context?.around.some((one) => one.id === id))
    .map(([key]) => key.map(String));
}

/** What is judged waits beside no other card any more. */
function leaveContexts(client: QueryClient, id: string): void {
  client.setQueriesData<FindingContext>({ predicate: isContext }, (context) =>
    context === undefined || context.around.every((one) => one.id !== id)
      ? context
      : { ...context, around: context.around.filter((one) => one.id !== id) },
  );
}
