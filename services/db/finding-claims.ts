import { sql } from 'kysely';
import { CLAIM_S, type Decision, type Desk, decideClaims, type Wish } from '../domain/claims.ts';
import type { Database, Tx } from './database.ts';

/**
 * After this the desk has exactly what it asked for and could get: the card it shows, and the first free one after it. What
 * it had before is free again. Asked again in time, the claims go on; not asked, they end.
 */
export async function claimFindings(tx: Tx, desk: Desk, wish: Wish, now: Date): Promise<Decision> {
  // A handful of rows, changed by all desks: one after the other, so that none waits for two.
  await sql`select pg_advisory_xact_lock(hashtextextended('finding_claim', 15))`.execute(tx);
  const active = await tx
    .selectFrom('finding_claim')
    .select(['finding_id as findingId', 'account_id as accountId', 'client', 'ahead', 'since'])
    .where('until', '>', now)
    .execute();
  const decision = decideClaims(active, desk, wish);
  const since = new Map(
    active
      .filter((claim) => claim.accountId === desk.accountId && claim.client === desk.client)
      .map((claim) => [claim.findingId, claim.since]),
  );
  const wanted = [
    ...(decision.held && wish.looking !== null ? [{ id: wish.looking, ahead: false }] : []),
    ...(decision.next === null ? [] : [{ id: decision.next, ahead: true }]),
  ];
  await tx
    .deleteFrom('finding_claim')
    .where((eb) =>
      eb.or([
        eb('until', '<=', now),
        eb.and([eb('account_id', '=', desk.accountId), eb('client', '=', desk.client)]),
        ...(wanted.length === 0
          ? []
          : [
              eb(
                'finding_id',
                'in',
                wanted.map(({ id }) => id),
              ),
            ]),
      ]),
    )
    .execute();
  if (wanted.length > 0)
    await tx
      .insertInto('finding_claim')
      .values(
        wanted.map(({ id, ahead }) => ({
          finding_id: id,
          account_id: desk.accountId,
          client: desk.client,
          ahead,
          since: since.get(id) ?? now,
          until: new Date(now.getTime() + CLAIM_S * 1000),
        })),
      )
      .execute();
  return decision;
}

/** Whoever signs out looks at nothing any more; another window of theirs says again what it shows within seconds. */
export async function releaseClaims(db: Database, accountId: string): Promise<void> {
  await db.deleteFrom('finding_claim').where('account_id', '=', accountId).execute();
}

/** What other desks look at now, with the place that decides who may know. */
export async function claimsOfOthers(db: Database, desk: Desk, now: Date) {
  return await db
    .selectFrom('finding_claim')
    .innerJoin('finding', 'finding.id', 'finding_claim.finding_id')
    .innerJoin('region', 'region.id', 'finding.region_id')
    .innerJoin('account', 'account.id', 'finding_claim.account_id')
    .select([
      'finding_claim.finding_id as findingId',
      'finding_claim.account_id as accountId',
      'finding_claim.ahead',
      'finding_claim.since',
      'account.display_name as displayName',
      'account.username',
      'region.path as regionPath',
      'finding.merchant_id as merchantId',
      'finding.camera_id as cameraId',
    ])
    .where('finding_claim.until', '>', now)
    .where((eb) =>
      eb.or([
        eb('finding_claim.account_id', '<>', desk.accountId),
        eb('finding_claim.client', '<>', desk.client),
      ]),
    )
    .orderBy('finding_claim.since')
    .orderBy('finding_claim.finding_id')
    .execute();
}
