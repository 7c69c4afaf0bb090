/** Keyset cursors: the sort key of the last row of a page, opaque to clients. Rows that appear meanwhile move nothing. */

import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { said } from '../domain/said.ts';
import { invalid } from './problem.ts';

export const DEFAULT_LIMIT = 50;

export function encodeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');
}

/** @throws Problem when it is not a cursor of `parts` parts, each matching its pattern */
export function decodeCursor<const P extends readonly RegExp[]>(
  cursor: string | undefined,
  parts: P,
): { [K in keyof P]: string } | undefined {
  if (cursor === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(key) &&
      key.length === parts.length &&
      key.every((value, index) => typeof value === 'string' && parts[index]?.test(value))
    ) {
      return key as { [K in keyof P]: string };
    }
  } catch {
    // Not JSON: said below.
  }
  throw invalid({ field: 'query.cursor', ...said('cursor_not_of_list') });
}

/** Patterns of cursor parts. */
export const CODE_PART = /^[a-z0-9-]{1,64}$/;
export const UUID_PART = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A timestamp as PostgreSQL writes it, with its microseconds. */
export const TIME_PART = /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/;
export const NUMBER_PART = /^\d{1,18}$/;

/**
 * Condition of a list by time, newest first: what comes after the row with this time and id. Microseconds count, so the time is
 * compared as PostgreSQL wrote it.
 */
export function olderThan(time: string, id: string, after: readonly [string, string]): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(time)}, ${sql.ref(id)}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`;
}

/** Cuts the page out of rows that were read with `limit + 1`. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  key: (row: Row) => readonly string[],
  item: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null,
  };
}
