import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from './database.ts';

/** A request that counts once: who asks, the key they gave, and which part of it when it asks for several things. */
export interface RequestKey {
  accountId: string;
  key: string;
  part?: string;
}

export type Once<T> = { result: T; repeated: boolean } | { keyReused: true };

/**
 * Runs `work` unless the same request was done before, and then gives what it gave. `keep` says whether a result is to be
 * remembered (a refusal need not be: asked again, it may be granted).
 * @param asked what the request says; the same key with other words is refused
 */
export async function once<T>(
  tx: Tx,
  { accountId, key, part = '' }: RequestKey,
  asked: unknown,
  now: Date,
  work: () => Promise<T>,
  keep: (result: T) => boolean = () => true,
): Promise<Once<T>> {
  const fingerprint = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  // Two with one key at once: the second waits and is answered as the first.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`request|${accountId}|${key}|${part}`}, 9))`.execute(
    tx,
  );
  const known = await tx
    .selectFrom('request_key')
    .select(['fingerprint', 'result'])
    .where('account_id', '=', accountId)
    .where('key', '=', key)
    .where('part', '=', part)
    .executeTakeFirst();
  if (known !== undefined)
    return known.fingerprint === fingerprint
      ? { result: known.result as T, repeated: true }
      : { keyReused: true };
  const result = await work();
  if (keep(result))
    await tx
      .insertInto('request_key')
      .values({ account_id: accountId, key, part, fingerprint, result: JSON.stringify(result), at: now })
      .execute();
  return { result, repeated: false };
}
