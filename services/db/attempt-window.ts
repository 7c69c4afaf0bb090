import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from './database.ts';

/** At most `max` attempts of one key within `windowS` seconds. */
export interface AttemptLimit {
  max: number;
  windowS: number;
}

const MOST_COUNT = 1_000_000;

/** What was typed is not kept: it may be a password in the wrong field. */
const keyOf = (key: string): string => createHash('sha256').update(key).digest('base64url');

/**
 * Takes one attempt of the key before it is known how it ends; counted in the database, so that all API processes count together.
 * @returns seconds to wait when there is none left, else undefined
 */
export async function takeAttempt(
  db: Database,
  key: string,
  limit: AttemptLimit,
  now: Date,
): Promise<number | undefined> {
  const until = new Date(now.getTime() + limit.windowS * 1000);
  const { rows } = await sql<{ count: number; until: Date }>`
    insert into sign_in_window as w (key, until, count) values (${keyOf(key)}, ${until}, 1)
    on conflict (key) do update set
      count = case when w.until <= ${now} then 1 else least(w.count + 1, ${MOST_COUNT}) end,
      until = case when w.until <= ${now} then excluded.until else w.until end
    returning count, until
  `.execute(db);
  const [row] = rows;
  if (row === undefined || row.count <= limit.max) return undefined;
  return Math.max(1, Math.ceil((row.until.getTime() - now.getTime()) / 1000));
}

/** The attempt was good: it does not count. Earlier ones stay, or one who knows one password could guess on and on. */
export async function giveBackAttempt(db: Database, key: string): Promise<void> {
  await sql`update sign_in_window set count = greatest(count - 1, 0) where key = ${keyOf(key)}`.execute(db);
}

/** All attempts of this key are forgotten. */
export async function forgetAttempts(db: Database, key: string): Promise<void> {
  await db.deleteFrom('sign_in_window').where('key', '=', keyOf(key)).execute();
}

/** Windows that are over are of no use. */
export async function clearWindows(db: Database, now: Date): Promise<void> {
  await db.deleteFrom('sign_in_window').where('until', '<', now).execute();
}
