import { ask, query } from './client.ts';
import type { Page } from './types.ts';

/** Most that the API gives at once. */
const PAGE = 200;

/** A list of the API to its end: for those that are short by nature, and that a choice or a count needs whole. */
export async function askAll<T>(
  path: string,
  filter: Record<string, string | undefined> = {},
  signal?: AbortSignal,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask<Page<T>>(path + query({ ...filter, limit: PAGE, cursor }), signal && { signal });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}
