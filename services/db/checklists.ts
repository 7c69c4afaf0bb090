import { sql } from 'kysely';
import type { ChecklistItem, LedgerPeriod } from '../domain/ledger.ts';
import { recordChange } from './audit.ts';
import type { Database } from './database.ts';

/** The newest version of every checklist, of all regions. */
export async function loadChecklists(db: Database) {
  const rows = await db
    .selectFrom('checklist')
    .leftJoin('region', 'region.id', 'checklist.region_id')
    .leftJoin('account', 'account.id', 'checklist.changed_by')
    .distinctOn(['checklist.region_id', 'checklist.merchant_type', 'checklist.period'])
    .selectAll('checklist')
    .select(['region.path as region_path', 'region.code as region_code', 'account.username'])
    .orderBy('checklist.region_id')
    .orderBy('checklist.merchant_type')
    .orderBy('checklist.period')
    .orderBy('checklist.version', 'desc')
    .execute();
  return rows.map((row) => ({
    ...row,
    regionPath: row.region_path,
    merchantType: row.merchant_type,
  }));
}
export type ChecklistRow = Awaited<ReturnType<typeof loadChecklists>>[number];

export async function findChecklist(db: Database, id: string) {
  return await db.selectFrom('checklist').selectAll().where('id', '=', id).executeTakeFirst();
}

export interface NewChecklist {
  /** null: everywhere. */
  region: { id: string; path: string } | null;
  merchantType: string | null;
  period: LedgerPeriod;
  /** The version that was looked at; null: there was none. */
  after: number | null;
  title: string;
  titleEn: string;
  items: ChecklistItem[];
  accountId: string;
}

export type ChecklistResult = { done: true; id: string } | { done: false; version: number | null };

/** Adds the next version. Where another is there than was looked at, nothing is added. */
export async function addChecklist(db: Database, list: NewChecklist, now: Date): Promise<ChecklistResult> {
  const { region, merchantType, period, after, title, titleEn, items, accountId } = list;
  return await db.transaction().execute(async (tx): Promise<ChecklistResult> => {
    const place = `checklist|${region?.id ?? ''}|${merchantType ?? ''}|${period}`;
    await sql`select pg_advisory_xact_lock(hashtextextended(${place}, 16))`.execute(tx);
    const last = await tx
      .selectFrom('checklist')
      .select('version')
      .where('region_id', region === null ? 'is' : '=', region?.id ?? null)
      .where('merchant_type', merchantType === null ? 'is' : '=', merchantType)
      .where('period', '=', period)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    const there = last?.version ?? null;
    if (there !== after) return { done: false, version: there };
    const version = (there ?? 0) + 1;
    const { id } = await tx
      .insertInto('checklist')
      .values({
        region_id: region?.id ?? null,
        merchant_type: merchantType,
        period,
        version,
        title,
        title_en: titleEn,
        items: JSON.stringify(items),
        changed_by: accountId,
        changed_at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await recordChange(tx, {
      entity: 'checklist',
      entityId: id,
      to: 'created',
      actorId: accountId,
      at: now,
      place: region === null ? null : { regionPath: region.path, merchantId: null },
      detail: [
        {
          entity: 'checklist',
          entityId: id,
          before: null,
          after: { merchantType, period, version, title, titleEn, items },
        },
      ],
    });
    return { done: true, id };
  });
}
