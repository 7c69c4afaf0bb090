import type { Selectable } from 'kysely';
import type { Static } from 'typebox';
import { type ChecklistRow, loadChecklists } from '../../db/checklists.ts';
import type { Database } from '../../db/database.ts';
import { findSignature, hashOfMonth, loadRecords, loadRevisions, type RecordRow } from '../../db/ledger.ts';
import { loadFacts } from '../../db/ledger-facts.ts';
import type { LedgerSignatureTable } from '../../db/schema-merchant.ts';
import { type Actor, may } from '../../domain/access.ts';
import type { OpeningHours } from '../../domain/hours.ts';
import {
  checklistFor,
  type LedgerPeriod,
  monthOf,
  opensOn,
  proposalFor,
  recordState,
  spanOf,
} from '../../domain/ledger.ts';
import { addDays, startOf, startOfNext } from '../../domain/period.ts';
import { said } from '../../domain/said.ts';
import { instantOf, localDate } from '../../domain/zone-time.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import type { Checklist, LedgerMonth, LedgerRecord, LedgerSheet, LedgerSummary } from '../schemas/ledger.ts';
import { isIdOrCode } from './by-id.ts';

/** Merchants with what their books depend on. */
export const selectKeepers = (db: Database) =>
  db
    .selectFrom('merchant')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .select([
      'merchant.id',
      'merchant.id as merchantId',
      'merchant.code',
      'merchant.name',
      'merchant.type',
      'merchant.opening_hours',
      'merchant.created_at',
      'region.path as regionPath',
      'region.time_zone',
    ]);
export type Keeper = Awaited<ReturnType<ReturnType<typeof selectKeepers>['executeTakeFirstOrThrow']>>;

export const findKeeper = async (db: Database, idOrCode: string): Promise<Keeper | undefined> =>
  await selectKeepers(db).where(isIdOrCode('merchant', idOrCode)).executeTakeFirst();

const nameOf = (row: { display_name: string; username: string }): string =>
  row.display_name === '' ? row.username : row.display_name;

const refOf = ({ id, code, name }: Keeper) => ({ id, code, name });

export const checklistItem = (row: ChecklistRow): Static<typeof Checklist> => ({
  id: row.id,
  region: row.region_code,
  merchantType: row.merchant_type,
  period: row.period,
  version: row.version,
  title: row.title,
  titleEn: row.title_en,
  items: row.items,
  changedAt: row.changed_at.toISOString(),
  changedBy: row.username,
});

const recordItem = (row: RecordRow): Static<typeof LedgerRecord> => ({
  id: row.id,
  revision: row.revision,
  answers: row.answers,
  facts: row.facts,
  summary: row.summary,
  contentHash: row.content_hash,
  by: nameOf(row),
  at: row.at.toISOString(),
});

/** The merchant's facts from the first to the last day of a record. */
export async function factsOfSpan(db: Database, keeper: Keeper, period: LedgerPeriod, start: string) {
  const { to } = spanOf(period, start);
  const at = (date: string): Date => new Date(instantOf(date, 0, keeper.time_zone));
  return await loadFacts(db, keeper.id, at(start), at(addDays(to, 1)));
}

/** One sheet: checklist, what the cameras propose, and what was recorded. @throws Problem when no checklist holds here */
export async function ledgerSheet(
  context: ApiContext,
  actor: Actor,
  keeper: Keeper,
  period: LedgerPeriod,
  start: string,
): Promise<Static<typeof LedgerSheet>> {
  const { db } = context;
  const [lists, facts, revisions, signature] = await Promise.all([
    loadChecklists(db),
    factsOfSpan(db, keeper, period, start),
    loadRevisions(db, keeper.id, period, start),
    findSignature(db, keeper.id, monthOf(start)),
  ]);
  const list = checklistFor(lists, { regionPath: keeper.regionPath, merchantType: keeper.type }, period);
  if (list === undefined) throw new Problem('conflict', said('no_checklist', { type: keeper.type }));
  const span = spanOf(period, start);
  const today = localDate(context.now(), keeper.time_zone);
  const proposals: Static<typeof LedgerSheet>['proposals'] = {};
  for (const item of list.items) {
    const proposal = proposalFor(item, facts);
    if (proposal !== null) proposals[item.code] = proposal;
  }
  return {
    merchant: refOf(keeper),
    period,
    start,
    end: span.to,
    state: recordState(span, today, recordedOn(revisions[0], keeper), opens(keeper, period, start)),
    checklist: checklistItem(list),
    facts,
    proposals,
    revisions: revisions.map(recordItem),
    signed: signature !== undefined,
    mayWrite: signature === undefined && may(actor, 'ledger.write', keeper),
  };
}

const opens = (keeper: Keeper, period: LedgerPeriod, start: string): boolean =>
  period !== 'day' || opensOn(keeper.opening_hours as OpeningHours | null, start);

/** Its first revision counts: a correction on a later day does not make it late. */
const recordedOn = (row: RecordRow | undefined, keeper: Keeper): string | null =>
  row === undefined ? null : localDate(row.first_at, keeper.time_zone);

/** Every record that a month asks for: its days, the weeks that begin in it, the month itself. */
function linesOf(keeper: Keeper, month: string, today: string, records: readonly RecordRow[]) {
  const next = startOfNext('month', month);
  const made = localDate(keeper.created_at, keeper.time_zone);
  const known = new Map(records.map((row) => [`${row.period} ${row.start}`, row]));
  const line = (period: LedgerPeriod, start: string) => {
    const row = known.get(`${period} ${start}`);
    const span = spanOf(period, start);
    // A merchant that was not there yet owes nothing.
    const owes = span.to >= made && opens(keeper, period, start);
    return {
      period,
      start,
      end: span.to,
      state: recordState(span, today, recordedOn(row, keeper), owes),
      problems: (row?.answers ?? []).filter(({ result }) => result === 'problem').length,
    };
  };
  const lines: ReturnType<typeof line>[] = [];
  for (let day = month; day < next; day = addDays(day, 1)) lines.push(line('day', day));
  const monday = startOf('week', month) === month ? month : startOfNext('week', month);
  for (let week = monday; week < next; week = addDays(week, 7)) lines.push(line('week', week));
  lines.push(line('month', month));
  return lines;
}

/** The week that begins at the end of a month ends in the next: signed before, it could never be recorded. */
const weekStillOpen = (lines: ReturnType<typeof linesOf>): boolean =>
  lines.some(({ period, state }) => period === 'week' && (state === 'open' || state === 'future'));

export async function ledgerMonth(
  context: ApiContext,
  actor: Actor,
  keeper: Keeper,
  month: string,
): Promise<Static<typeof LedgerMonth>> {
  const { db } = context;
  const [records, signature] = await Promise.all([
    loadRecords(db, [keeper.id], month, startOfNext('month', month)),
    findSignature(db, keeper.id, month),
  ]);
  const today = localDate(context.now(), keeper.time_zone);
  const lines = linesOf(keeper, month, today, records);
  const notYet =
    today < startOfNext('month', month)
      ? 'month_not_over'
      : weekStillOpen(lines)
        ? 'week_not_over'
        : records.some(({ period }) => period === 'month')
          ? null
          : 'no_meeting';
  return {
    merchant: refOf(keeper),
    month: month.slice(0, 7),
    today,
    lines,
    contentHash: hashOfMonth(records),
    signature:
      signature === undefined
        ? null
        : { by: nameOf(signature), at: signature.at.toISOString(), contentHash: signature.content_hash },
    maySign: signature === undefined && may(actor, 'ledger.sign', keeper),
    notYet: signature === undefined ? notYet : null,
  };
}

/** How far each merchant's books of a month are. */
export async function ledgerSummaries(
  context: ApiContext,
  keepers: readonly Keeper[],
  month: string | undefined,
): Promise<Static<typeof LedgerSummary>[]> {
  const { db } = context;
  const now = context.now();
  const monthFor = (keeper: Keeper) => month ?? monthOf(localDate(now, keeper.time_zone));
  const months = keepers.map(monthFor).sort();
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return [];
  const ids = keepers.map(({ id }) => id);
  const [records, signatures] = await Promise.all([
    loadRecords(db, ids, first, startOfNext('month', last)),
    db
      .selectFrom('ledger_signature')
      .select(['merchant_id', 'month', 'at'])
      .where('merchant_id', 'in', ids)
      .where('month', 'in', [...new Set(months)])
      .execute(),
  ]);
  return keepers.map((keeper) =>
    summaryOf(
      keeper,
      monthFor(keeper),
      localDate(now, keeper.time_zone),
      records.filter((row) => row.merchant_id === keeper.id),
      signatures.find((one) => one.merchant_id === keeper.id && one.month === monthFor(keeper)),
    ),
  );
}

function summaryOf(
  keeper: Keeper,
  month: string,
  today: string,
  records: readonly RecordRow[],
  signature: Pick<Selectable<LedgerSignatureTable>, 'at'> | undefined,
): Static<typeof LedgerSummary> {
  const lines = linesOf(keeper, month, today, records);
  const count = (period: LedgerPeriod) => {
    const own = lines.filter((line) => line.period === period);
    const with_ = (...states: string[]) => own.filter(({ state }) => states.includes(state)).length;
    return { done: with_('done', 'late'), late: with_('late'), due: with_('done', 'late', 'missed') };
  };
  return {
    merchant: refOf(keeper),
    type: keeper.type,
    day: count('day'),
    week: count('week'),
    month: count('month'),
    problems: lines.reduce((sum, { problems }) => sum + problems, 0),
    signedAt: signature?.at.toISOString() ?? null,
  };
}
