/** Which process listens for the orders of which platform, at the platform's own broker. */
import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Seconds a lease lives without being renewed. */
const LEASE_S = 30;

/** A platform's line as the process that holds it needs it. */
export interface PlatformLine {
  webhookId: string;
  url: string;
  topicPrefix: string;
  accountId: string;
  /** The webhook's: orders reach no task outside of it. Null: it is told of everywhere. */
  regionPath: string | null;
  secretSealed: Buffer;
  brokerSealed: Buffer | null;
}

/** Claims free lines and renews those of this process, by the database's clock. @returns all that it now holds */
export async function claimPlatformLines(db: Database, holder: string): Promise<PlatformLine[]> {
  const result = await sql<PlatformLine>`
    with held as (
      insert into platform_line as line (webhook_id, holder, until)
      select id, ${holder}, now() + make_interval(secs => ${LEASE_S}) from webhook
      where enabled and orders
      order by id
      on conflict (webhook_id) do update set holder = excluded.holder, until = excluded.until
        where line.holder = excluded.holder or line.until < now()
      returning webhook_id
    )
    select webhook.id as "webhookId", url, topic_prefix as "topicPrefix", account_id as "accountId",
      region.path as "regionPath", secret_sealed as "secretSealed", broker_sealed as "brokerSealed"
    from webhook join held on held.webhook_id = webhook.id left join region on region.id = webhook.region_id
  `.execute(db);
  return result.rows;
}

/** Those of the webhooks that are to be listened for no more, by anybody. */
export async function linesSwitchedOff(db: Database, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('webhook')
    .select('id')
    .where('id', 'in', [...ids])
    .where('enabled', '=', true)
    .where('orders', '=', true)
    .execute();
  const on = new Set(rows.map(({ id }) => id));
  return new Set(ids.filter((id) => !on.has(id)));
}

/** Gives a line back at once, so that another process need not wait for the lease to end. */
export async function releasePlatformLine(db: Database, holder: string, webhookId: string): Promise<void> {
  await db
    .deleteFrom('platform_line')
    .where('holder', '=', holder)
    .where('webhook_id', '=', webhookId)
    .execute();
}

/** How it stands, for those who look at the webhook; `since` moves only when it changes. */
export async function notePlatformLine(
  db: Database,
  holder: string,
  webhookId: string,
  line: { state: 'connecting' | 'listening' } | { state: 'broken'; error: string },
  now: Date,
): Promise<void> {
  const error = line.state === 'broken' ? line.error.slice(0, 500) || 'broken' : '';
  await sql`
    update platform_line set state = ${line.state}, error = ${error},
      since = case when state = ${line.state} then since else ${now}::timestamptz end
    where webhook_id = ${webhookId} and holder = ${holder}
  `.execute(db);
}

export async function noteOrder(db: Database, webhookId: string, now: Date): Promise<void> {
  await db
    .updateTable('platform_line')
    .set({ last_order_at: now })
    .where('webhook_id', '=', webhookId)
    .execute();
}
