/** The merchant's books: records are appended, a month is signed once. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import {
  type CheckAnswer,
  type LedgerFacts,
  type LedgerPeriod,
  monthHash,
  monthOf,
} from '../domain/ledger.ts';
import { startOfNext } from '../domain/period.ts';
import { recordChange } from './audit.ts';
import type { Database, Tx } from './database.ts';
import { canonicalJson } from './policy.ts';

export interface LedgerPlace {
  merchantId: string;
  regionPath: string;
}

export interface NewRecord extends LedgerPlace {
  period: LedgerPeriod;
  start: string;
  /** The revision that was looked at; 0: none was there. */
  after: number;
  checklistId: string;
  answers: CheckAnswer[];
  facts: LedgerFacts;
  summary: string;
  accountId: string;
}

export type Recorded =
  | { done: true; id: string; revision: number; repeated: boolean }
  | { done: false; why: 'changed' | 'signed'; revision: number };

const sha256 = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

/** One writer of a merchant's book at a time. */
async function lockBook(tx: Tx, merchantId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`ledger|${merchantId}`}, 16))`.execute(tx);
}

/**
 * Appends a record. The same record by the same person, sent twice because the line broke, is one.
 * `changed`: somebody else recorded meanwhile. `signed`: the month is closed.
 */
export async function addRecord(db: Database, record: NewRecord, now: Date): Promise<Recorded> {
  const { merchantId, period, start, checklistId, answers, facts, summary, accountId } = record;
  return await db.transaction().execute(async (tx) => {
    await lockBook(tx, merchantId);
    const last = await tx
      .selectFrom('ledger_record')
      .selectAll()
      .where('merchant_id', '=', merchantId)
      .where('period', '=', period)
      .where('start', '=', start)
      .orderBy('revision', 'desc')
      .limit(1)
      .executeTakeFirst();
    const revision = last?.revision ?? 0;
    if (last !== undefined && revision === record.after + 1 && saysTheSame(last, record))
      return { done: true, id: last.id, revision, repeated: true };
    if (revision !== record.after) return { done: false, why: 'changed', revision };
    if ((await findSignature(tx, merchantId, monthOf(start))) !== undefined)
      return { done: false, why: 'signed', revision };
    const said = { merchantId, period, start, revision: revision + 1, checklistId, answers, facts, summary };
    const { id } = await tx
      .insertInto('ledger_record')
      .values({
        merchant_id: merchantId,
        period,
        start,
        revision: revision + 1,
        checklist_id: checklistId,
        answers: JSON.stringify(answers),
        facts: JSON.stringify(facts),
        summary,
        content_hash: sha256({ ...said, accountId, at: now.toISOString() }),
        account_id: accountId,
        at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await recordChange(tx, {
      entity: 'ledger_record',
      entityId: id,
      to: revision === 0 ? 'created' : 'corrected',
      actorId: accountId,
      at: now,
      place: record,
      detail: [{ entity: 'ledger_record', entityId: id, before: null, after: said }],
    });
    return { done: true, id, revision: revision + 1, repeated: false };
  });
}

function saysTheSame(
  last: { account_id: string; answers: CheckAnswer[]; summary: string; checklist_id: string },
  record: NewRecord,
): boolean {
  return (
    last.account_id === record.accountId &&
    last.summary === record.summary &&
    last.checklist_id === record.checklistId &&
    canonicalJson(last.answers) === canonicalJson(record.answers)
  );
}

/** When its first revision was made. */
const firstAt = sql<Date>`(
  select min(other.at) from ledger_record as other
  where other.merchant_id = ledger_record.merchant_id and other.period = ledger_record.period
    and other.start = ledger_record.start
)`.as('first_at');

/** The last revision of every record of a merchant whose first day lies from `from` to before `until`. */
export async function loadRecords(
  db: Database | Tx,
  merchantIds: readonly string[],
  from: string,
  until: string,
) {
  if (merchantIds.length === 0) return [];
  return await db
    .selectFrom('ledger_record')
    .innerJoin('account', 'account.id', 'ledger_record.account_id')
    .distinctOn(['merchant_id', 'period', 'start'])
    .selectAll('ledger_record')
    .select(['account.username', 'account.display_name', firstAt])
    .where('ledger_record.merchant_id', 'in', [...merchantIds])
    .where('start', '>=', from)
    .where('start', '<', until)
    .orderBy('ledger_record.merchant_id')
    .orderBy('period')
    .orderBy('start')
    .orderBy('revision', 'desc')
    .execute();
}
export type RecordRow = Awaited<ReturnType<typeof loadRecords>>[number];

/** Every revision of one record, oldest first. */
export async function loadRevisions(
  db: Database,
  merchantId: string,
  period: LedgerPeriod,
  start: string,
): Promise<RecordRow[]> {
  return await db
    .selectFrom('ledger_record')
    .innerJoin('account', 'account.id', 'ledger_record.account_id')
    .selectAll('ledger_record')
    .select(['account.username', 'account.display_name', firstAt])
    .where('ledger_record.merchant_id', '=', merchantId)
    .where('period', '=', period)
    .where('start', '=', start)
    .orderBy('revision')
    .execute();
}

export async function findSignature(db: Database | Tx, merchantId: string, month: string) {
  return await db
    .selectFrom('ledger_signature')
    .innerJoin('account', 'account.id', 'ledger_signature.account_id')
    .selectAll('ledger_signature')
    .select(['account.username', 'account.display_name'])
    .where('ledger_signature.merchant_id', '=', merchantId)
    .where('month', '=', month)
    .executeTakeFirst();
}

export const hashOfMonth = (records: readonly RecordRow[]): string =>
  monthHash(
    records.map(({ period, start, revision, content_hash }) => ({
      period,
      start,
      revision,
      contentHash: content_hash,
    })),
  );

/** `changed`: the records are no longer those that the owner looked at. `no_meeting`: 月调度 is not recorded. */
export async function signMonth(
  db: Database,
  wanted: LedgerPlace & { month: string; contentHash: string; accountId: string },
  now: Date,
): Promise<'signed' | 'signed_before' | 'changed' | 'no_meeting'> {
  const { merchantId, month, contentHash, accountId } = wanted;
  return await db.transaction().execute(async (tx) => {
    await lockBook(tx, merchantId);
    const before = await findSignature(tx, merchantId, month);
    if (before !== undefined) return 'signed_before';
    const records = await loadRecords(tx, [merchantId], month, startOfNext('month', month));
    if (!records.some(({ period }) => period === 'month')) return 'no_meeting';
    if (hashOfMonth(records) !== contentHash) return 'changed';
    const ids = records.map(({ id }) => id);
    const { id } = await tx
      .insertInto('ledger_signature')
      .values({
        merchant_id: merchantId,
        month,
        records: JSON.stringify(ids),
        content_hash: contentHash,
        account_id: accountId,
        at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await recordChange(tx, {
      entity: 'ledger_signature',
      entityId: id,
      to: 'signed',
      actorId: accountId,
      at: now,
      place: wanted,
      detail: [
        {
          entity: 'ledger_signature',
          entityId: id,
          before: null,
          after: { merchantId, month, contents: contentHash, records: ids },
        },
      ],
    });
    return 'signed';
  });
}
