import { sql } from 'kysely';
import { type LivePurpose, liveUntil } from '../domain/live.ts';
import { recordChange } from './audit.ts';
import type { Database } from './database.ts';
import type { PlaceOfThing } from './place-of.ts';

export interface LiveGrant {
  id: string;
  purpose: string;
  note: string;
  /** null: every camera in the account's scope. */
  cameraId: string | null;
  grantedAt: Date;
  expiresAt: Date;
}

const COLUMNS = [
  'id',
  'purpose',
  'note',
  'camera_id as cameraId',
  'granted_at as grantedAt',
  'expires_at as expiresAt',
] as const;

/** Somebody says why they look; from now on, for half an hour. */
export async function grantLive(
  db: Database,
  ask: {
    accountId: string;
    purpose: LivePurpose;
    note: string;
    cameraId: string | null;
    place: PlaceOfThing | null;
  },
  now: Date,
): Promise<LiveGrant> {
  return await db.transaction().execute(async (tx) => {
    const grant = await tx
      .insertInto('live_grant')
      .values({
        account_id: ask.accountId,
        purpose: ask.purpose,
        note: ask.note,
        camera_id: ask.cameraId,
        granted_at: now,
        expires_at: liveUntil(now),
      })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    await recordChange(tx, {
      entity: 'live_grant',
      entityId: grant.id,
      to: 'granted',
      actorId: ask.accountId,
      reason: ask.purpose,
      note: ask.note,
      at: now,
      place: ask.place,
    });
    return grant;
  });
}

/** What the account may look at now: one for all cameras first, then the one that lasts longest. */
export async function currentGrants(db: Database, accountId: string, now: Date): Promise<LiveGrant[]> {
  return await db
    .selectFrom('live_grant')
    .select(COLUMNS)
    .where('account_id', '=', accountId)
    .where('expires_at', '>', now)
    .orderBy(sql`camera_id is null`, 'desc')
    .orderBy('expires_at', 'desc')
    .execute();
}

/** The grant that covers a camera. */
export function grantFor(grants: readonly LiveGrant[], cameraId: string): LiveGrant | undefined {
  return grants.find((grant) => grant.cameraId === null || grant.cameraId === cameraId);
}

/**
 * A look at a live picture, under a grant that still holds: kept, then shown.
 * @returns false when the grant does not hold (any more) for this camera: nothing may be shown
 */
export async function recordLiveLook(
  db: Database,
  grantId: string,
  cameraId: string,
  now: Date,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into live_look (grant_id, camera_id, first_at, last_at)
    select id, ${cameraId}::uuid, ${now}, ${now} from live_grant
    where id = ${grantId}::uuid and expires_at > ${now} and (camera_id is null or camera_id = ${cameraId}::uuid)
      and exists (select from account where account.id = live_grant.account_id and not disabled)
    on conflict (grant_id, camera_id) do update set
      last_at = greatest(live_look.last_at, excluded.last_at), looks = live_look.looks + 1
  `.execute(db);
  return numAffectedRows === 1n;
}
