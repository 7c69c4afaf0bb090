/** 包保: who answers for which merchant, and the visits (督导) that they make. */
import { sql } from 'kysely';
import type { GuarantorLevel } from '../domain/words.ts';
import type { Database, Tx } from './database.ts';
import { type Author, auditedAddIn, auditedChangeIn } from './registry-audit.ts';
import { giveVisitPhotos, takeVisitPhotos } from './visit-photos.ts';

export interface NewAssignment {
  accountId: string;
  merchantId: string;
  level: GuarantorLevel;
  visitsPerQuarter: number;
}

export const selectAssignments = (db: Database | Tx) =>
  db
    .selectFrom('cadre_merchant')
    .innerJoin('account', 'account.id', 'cadre_merchant.account_id')
    .innerJoin('merchant', 'merchant.id', 'cadre_merchant.merchant_id')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .selectAll('cadre_merchant')
    .select([
      'account.username',
      'account.display_name',
      'merchant.id as merchantId',
      'merchant.code as merchant_code',
      'merchant.name as merchant_name',
      'region.path as regionPath',
    ]);

export const selectVisits = (db: Database | Tx) =>
  db
    .selectFrom('cadre_visit')
    .innerJoin('account', 'account.id', 'cadre_visit.account_id')
    .innerJoin('merchant', 'merchant.id', 'cadre_visit.merchant_id')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .selectAll('cadre_visit')
    .select([
      sql<string>`cadre_visit.visited_at::text`.as('visited_at_text'),
      'account.username',
      'account.display_name',
      'merchant.code as merchant_code',
      'merchant.name as merchant_name',
      'region.path as region_path',
      'region.name as region_name',
    ]);

/**
 * Assigns a merchant to a cadre. Another level or number of visits ends the assignment that stands and begins a new one, so that
 * quarters that are over keep what was due in them; the same again changes nothing. @returns its id
 */
export async function assignMerchant(db: Database, given: NewAssignment, author: Author): Promise<string> {
  const { accountId, merchantId, level, visitsPerQuarter } = given;
  return await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`cadre|${accountId}|${merchantId}`}, 7))`.execute(
      tx,
    );
    const there = await tx
      .selectFrom('cadre_merchant')
      .select(['id', 'level', 'visits_per_quarter'])
      .where('account_id', '=', accountId)
      .where('merchant_id', '=', merchantId)
      .where('until', 'is', null)
      .executeTakeFirst();
    if (there?.level === level && there.visits_per_quarter === visitsPerQuarter) return there.id;
    if (there !== undefined) await end(tx, there.id, author);
    const { id } = await auditedAddIn(tx, 'cadre_merchant', author, (inner) =>
      inner
        .insertInto('cadre_merchant')
        .values({
          account_id: accountId,
          merchant_id: merchantId,
          level,
          visits_per_quarter: visitsPerQuarter,
          since: author.at,
          until: null,
          assigned_by: author.actorId,
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
    );
    return id;
  });
}

/** @returns false when it was over already */
export async function endAssignment(db: Database, id: string, author: Author): Promise<boolean> {
  return await db.transaction().execute((tx) => end(tx, id, author));
}

async function end(tx: Tx, id: string, author: Author): Promise<boolean> {
  const { numUpdatedRows } = await auditedChangeIn(tx, 'cadre_merchant', id, author, (inner) =>
    inner
      .updateTable('cadre_merchant')
      // Assigned by a clock that ran ahead: over at the moment when it began.
      .set((eb) => ({ until: eb.fn<Date>('greatest', ['since', eb.val(author.at)]) }))
      .where('id', '=', id)
      .where('until', 'is', null)
      .executeTakeFirst(),
  );
  return numUpdatedRows === 1n;
}

/** 督导: kept for good, with the hashes of its photos in the history. @returns its id; undefined: a photo is not the cadre's to give */
export async function addVisit(
  tx: Tx,
  visit: {
    accountId: string;
    merchantId: string;
    visitedAt: Date;
    note: string;
    photoIds: readonly string[];
  },
  now: Date,
): Promise<string | undefined> {
  const hashes = await takeVisitPhotos(tx, visit.accountId, visit.photoIds);
  if (hashes === undefined) return undefined;
  const { id } = await auditedAddIn(
    tx,
    'cadre_visit',
    {
      actorId: visit.accountId,
      at: now,
      ...(hashes.length > 0 && { note: `photos (SHA-256): ${hashes.join(', ')}` }),
    },
    async (inner) =>
      await inner
        .insertInto('cadre_visit')
        .values({
          account_id: visit.accountId,
          merchant_id: visit.merchantId,
          visited_at: visit.visitedAt,
          note: visit.note,
          recorded_at: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
  );
  await giveVisitPhotos(tx, id, visit.photoIds);
  return id;
}
