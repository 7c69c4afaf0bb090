/** Orders of the list of findings, each with its keyset cursor. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { decodeCursor, olderThan, TIME_PART, UUID_PART } from './cursor.ts';

interface Row {
  id: string;
  class: number;
  first_seen_text: string;
}

interface Order {
  by: RawBuilder<unknown>;
  /** Sort key of a row, for the cursor. */
  key(row: Row): string[];
  /** Condition for what comes after the cursor; undefined: from the start. @throws Problem */
  read(cursor: string | undefined): RawBuilder<SqlBool> | undefined;
}

const CLASS_PART = /^[123]$/;
const byTime = (row: Row): string[] => [row.first_seen_text, row.id];

export const ORDERS: Record<'newest' | 'oldest' | 'gravest', Order> = {
  newest: {
    by: sql`finding.first_seen desc, finding.id desc`,
    key: byTime,
    read(cursor) {
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      return after && olderThan('finding.first_seen', 'finding.id', after);
    },
  },
  oldest: {
    by: sql`finding.first_seen, finding.id`,
    key: byTime,
    read(cursor) {
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      return (
        after &&
        sql<SqlBool>`(finding.first_seen, finding.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`
      );
    },
  },
  gravest: {
    by: sql`finding.class, finding.first_seen, finding.id`,
    key: (row) => [String(row.class), ...byTime(row)],
    read(cursor) {
      const after = decodeCursor(cursor, [CLASS_PART, TIME_PART, UUID_PART]);
      return (
        after &&
        sql<SqlBool>`(finding.class, finding.first_seen, finding.id)
          > (${after[0]}::integer, ${after[1]}::timestamptz, ${after[2]}::uuid)`
      );
    },
  },
};
