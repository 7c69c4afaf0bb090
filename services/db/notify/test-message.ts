import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type TestBefore, type TestRefusal, testRefusal } from '../../domain/test-messages.ts';
import type { Database } from '../database.ts';

/** A test message for an address. @returns why not now; undefined: it waits to be sent, or the address is gone */
export async function askForTest(
  db: Database,
  targetId: string,
  now: Date,
): Promise<TestRefusal | undefined> {
  return await db.transaction().execute(async (tx) => {
    const target = await tx
      .selectFrom('notify_target')
      .select(['channel', 'address_hash', 'account_id'])
      .where('id', '=', targetId)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    if (target === undefined) return undefined;
    const { channel, address_hash: hash, account_id: accountId } = target;
    // Two at once would else both be the last one that is allowed. The account first, everywhere.
    for (const what of [accountId ?? '', hash])
      await sql`select pg_advisory_xact_lock(hashtextextended(${`notify-test|${what}`}, 0))`.execute(tx);
    const before = await sql<TestBefore>`
      select created_at as at, channel, channel = ${channel} and address_hash = ${hash} as "sameAddress",
             coalesce(account_id = ${accountId}, false) as "sameAccount"
      from notification
      where topic = 'test' and created_at > ${now}::timestamptz - interval '24 hours'
        and ((channel = ${channel} and address_hash = ${hash}) or account_id = ${accountId})
    `.execute(tx);
    const refusal = testRefusal(before.rows, channel, now);
    if (refusal !== undefined) return refusal;
    await sql`
      insert into notification (target_id, account_id, channel, address_hash, subject, topic, about, class, region_id,
                                merchant_id, group_key, due_at, created_at)
      select target.id, target.account_id, target.channel, target.address_hash, ${`test:${randomUUID()}`}, 'test', 'test', 3,
             region.id, null, 'test', ${now}, ${now}
      from notify_target as target
        left join account on account.id = target.account_id
        left join merchant on merchant.id = coalesce(target.merchant_id, account.merchant_id)
        join lateral (
          select id from region
          order by id = coalesce(target.region_id, merchant.region_id, account.region_id) desc nulls last, path limit 1
        ) as region on true
      where target.id = ${targetId}
    `.execute(tx);
    return undefined;
  });
}
