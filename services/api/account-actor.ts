import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Actor } from '../domain/access.ts';

/** 包保: what a cadre answers for now, maybe nothing; null for every other role. */
export const assignedMerchants = sql<string[] | null>`
  case when account.role = 'cadre' then array(
    select merchant_id::text from cadre_merchant where account_id = account.id and until is null
  ) end`;
export const limitedCameras = sql<string[] | null>`
  case when account.camera_limited then array(
    select camera_id::text from account_camera where account_id = account.id
  ) end`;

/** What an Actor is made of, from `account` left joined with `region`. */
export const ACTOR_COLUMNS = [
  'account.id as accountId',
  'account.username',
  'account.role',
  'account.merchant_id as merchantId',
  'region.path as regionPath',
  assignedMerchants.as('assignedMerchantIds'),
  limitedCameras.as('cameraIds'),
] as const;

/** An account as the decision point sees it; undefined: there is none, or it is disabled. */
export async function accountActor(db: Database, accountId: string): Promise<Actor | undefined> {
  return await db
    .selectFrom('account')
    .leftJoin('region', 'region.id', 'account.region_id')
    .where('account.id', '=', accountId)
    .where('disabled', '=', false)
    .select(ACTOR_COLUMNS)
    .executeTakeFirst();
}
