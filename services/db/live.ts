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
  return (await recordLiveLooks(db, [{ grantId, cameraId }], now)).has(cameraId);
}

/** Looks at several cameras, each once. @returns the ids of those whose grant still holds */
export async function recordLiveLooks(
  db: Database,
  looks: readonly { grantId: string; cameraId: string }[],
  now: Date,
): Promise<Set<string>> {
  if (looks.length === 0) return new Set();
  const { rows } = await sql<{ camera_id: string }>`
    insert into live_look (grant_id, camera_id, first_at, last_at)
    select distinct g.id, asked.camera_id, ${now}::timestamptz, ${now}::timestamptz
    from unnest(${looks.map(({ grantId }) => grantId)}::uuid[], ${looks.map(({ cameraId }) => cameraId)}::uuid[])
      as asked (grant_id, camera_id)
    join live_grant as g on g.id = asked.grant_id
    where g.expires_at > ${now} and (g.camera_id is null or g.camera_id = asked.camera_id)
      and exists (select from account where account.id = g.account_id and not disabled)
    order by 1, 2
    on conflict (grant_id, camera_id) do update set
      last_at = greatest(live_look.last_at, excluded.last_at), looks = live_look.looks + 1
    returning camera_id
  `.execute(db);
  return new Set(rows.map(({ camera_id }) => camera_id));
}
