/** Sessions: a random token for the one who signed in, only its SHA-256 in the database; 12 hours from the last use. */
import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Actor } from '../domain/access.ts';

const TOKEN_BYTES = 32;
const LIFE_MS = 12 * 3_600_000;
/** The end is moved at most this often, so that reading pages does not write a row a request. */
const SLIDE_MS = 5 * 60_000;

/** Who is signed in, and by which session. */
export interface SignedIn {
  actor: Actor;
  tokenHash: Buffer;
  expiresAt: Date;
}

/** 包保: what a cadre answers for now, maybe nothing; null for every other role. */
const assignedMerchants = sql<string[] | null>`
  case when account.role = 'cadre' then array(
    select merchant_id::text from cadre_merchant where account_id = account.id and until is null
  ) end`;
const limitedCameras = sql<string[] | null>`
  case when account.camera_limited then array(
    select camera_id::text from account_camera where account_id = account.id
  ) end`;

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export async function startSession(
  db: Database,
  accountId: string,
  now: Date,
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const expiresAt = new Date(now.getTime() + LIFE_MS);
  // Sessions that are long over are of no use to anybody.
  await db
    .deleteFrom('session')
    .where('expires_at', '<', new Date(now.getTime() - LIFE_MS))
    .execute();
  await db
    .insertInto('session')
    .values({ token_hash: hashToken(token), account_id: accountId, created_at: now, expires_at: expiresAt })
    .execute();
  return { token, expiresAt };
}

/** The session of a token; undefined when it is unknown, over, ended, or its account disabled. Moves its end. */
export async function findSession(db: Database, token: string, now: Date): Promise<SignedIn | undefined> {
  const signedIn = await sessionByHash(db, hashToken(token), now);
  if (signedIn === undefined || signedIn.expiresAt.getTime() - now.getTime() >= LIFE_MS - SLIDE_MS) {
    return signedIn;
  }
  const expiresAt = new Date(now.getTime() + LIFE_MS);
  await db
    .updateTable('session')
    .set({ expires_at: expiresAt })
    .where('token_hash', '=', signedIn.tokenHash)
    .execute();
  return { ...signedIn, expiresAt };
}

/**
 * The same by the hash, without moving its end: for streams, which look now and then whether they may go on. An open page
 * alone does not keep anybody signed in.
 */
export async function sessionByHash(
  db: Database,
  tokenHash: Buffer,
  now: Date,
): Promise<SignedIn | undefined> {
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .leftJoin('region', 'region.id', 'account.region_id')
    .where('token_hash', '=', tokenHash)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .where('disabled', '=', false)
    .select([
      'account.id as accountId',
      'account.username',
      'account.role',
      'account.merchant_id as merchantId',
      'region.path as regionPath',
      'session.expires_at as expiresAt',
      assignedMerchants.as('assignedMerchantIds'),
      limitedCameras.as('cameraIds'),
    ])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { expiresAt, ...actor } = row;
  return { actor, tokenHash, expiresAt };
}

export async function endSession(db: Database, tokenHash: Buffer, now: Date): Promise<void> {
  await db.updateTable('session').set({ revoked_at: now }).where('token_hash', '=', tokenHash).execute();
}

/** Ends every session of an account, but for `except`: after a new password, a new scope, or when it is disabled. */
export async function endSessionsOf(
  db: Database,
  accountId: string,
  now: Date,
  except?: Buffer,
): Promise<void> {
  let query = db
    .updateTable('session')
    .set({ revoked_at: now })
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null);
  if (except !== undefined) query = query.where('token_hash', '<>', except);
  await query.execute();
}
