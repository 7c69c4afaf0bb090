/** Platforms whose lists of cases are read from here. */
import { sql } from 'kysely';
import type { Database } from './database.ts';

export interface CaseSource {
  webhookId: string;
  accountId: string | null;
  url: string;
  tokenSealed: Buffer | null;
  /** Empty: everywhere. */
  regionPath: string;
}

/** Takes the next list that is due; its next time is set at once, so that two processes never read one list. */
export async function claimCaseSource(db: Database, now: Date): Promise<CaseSource | undefined> {
  const { rows } = await sql<CaseSource>`
    with due as (
      select id from webhook
      where enabled and cases_url is not null and cases_due_at <= ${now}
      order by cases_due_at, id limit 1 for update skip locked
    )
    update webhook set cases_due_at = ${now}::timestamptz + make_interval(mins => webhook.cases_every_min)
    from due where webhook.id = due.id
    returning webhook.id as "webhookId", webhook.account_id as "accountId", webhook.cases_url as url,
      webhook.cases_token_sealed as "tokenSealed",
      coalesce((select path from region where region.id = webhook.region_id), '') as "regionPath"
  `.execute(db);
  return rows[0];
}

/** When the next list falls due; undefined when none is read. */
export async function nextCaseSource(db: Database): Promise<Date | undefined> {
  const row = await db
    .selectFrom('webhook')
    .select((eb) => eb.fn.min('cases_due_at').as('due'))
    .where('enabled', '=', true)
    .where('cases_url', 'is not', null)
    .executeTakeFirst();
  return row?.due ?? undefined;
}
