/**
 * Sessions: a random token for the one who signed in, only its SHA-256 in the database; 12 hours from the last use, 30 days at
 * most. Tokens of services are found here too (service-tokens.ts).
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Database, Tx } from '../db/database.ts';
import type { Actor } from '../domain/access.ts';
import { FIXED_RETENTION } from '../domain/retention.ts';
import { ACTOR_COLUMNS } from './account-actor.ts';

const TOKEN_BYTES = 32;
const LIFE_MS = 12 * 3_600_000;
const MOST_LIFE_MS = 30 * 24 * 3_600_000;
/** The end is moved at most this often, so that reading pages does not write a row a request. */
const SLIDE_MS = 5 * 60_000;
/** How long sessions that are over are still listed. */
const KEPT_MS = FIXED_RETENTION.session * 3_600_000;
const MOST_AGENT = 200;
/** How a service's token begins: leaked ones can be searched for. */
export const SERVICE_PREFIX = 'mzt_';

/** Who is signed in, and by what. */
export interface SignedIn {
  actor: Actor;
  via: 'session' | 'service_token';
  /** Of the session or token, as lists show it. */
  id: string;
  tokenHash: Buffer;
  expiresAt: Date;
  /** A password of one's own comes first. */
  mustChangePassword: boolean;
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

export async function startSession(
  db: Database | Tx,
  by: { accountId: string; address: string; userAgent: string },
  now: Date,
): Promise<{ token: string; id: string; expiresAt: Date }> {
  const token = newToken();
  const expiresAt = new Date(now.getTime() + LIFE_MS);
  // Sessions that are long over are of no use to anybody.
  await db
    .deleteFrom('session')
    .where('expires_at', '<', new Date(now.getTime() - KEPT_MS))
    .execute();
  const { id } = await db
    .insertInto('session')
    .values({
      token_hash: hashToken(token),
      account_id: by.accountId,
      created_at: now,
      last_used_at: now,
      expires_at: expiresAt,
      address: by.address,
      user_agent: by.userAgent.slice(0, MOST_AGENT),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { token, id, expiresAt };
}

/**
 * Who holds the token; undefined when it is unknown, over, ended, or its account disabled. Moves a session's end, and notes when a
 * service's token was used.
 */
export async function findSession(db: Database, token: string, now: Date): Promise<SignedIn | undefined> {
  const via = token.startsWith(SERVICE_PREFIX) ? 'service_token' : 'session';
  const row = await holder(db, via, hashToken(token), now);
  if (row === undefined) return undefined;
  const { signedIn, createdAt, lastUsedAt } = row;
  if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < SLIDE_MS) return signedIn;
  if (via === 'service_token') {
    await db.updateTable('service_token').set({ last_used_at: now }).where('id', '=', signedIn.id).execute();
    return signedIn;
  }
  const expiresAt = new Date(Math.min(now.getTime() + LIFE_MS, createdAt.getTime() + MOST_LIFE_MS));
  await db
    .updateTable('session')
    .set({ expires_at: expiresAt, last_used_at: now })
    .where('id', '=', signedIn.id)
    .execute();
  return { ...signedIn, expiresAt };
}

/**
 * The same one again, without moving its end: for streams, which look now and then whether they may go on. An open page alone does
 * not keep anybody signed in.
 */
export async function stillSignedIn(
  db: Database,
  before: Pick<SignedIn, 'via' | 'tokenHash'>,
  now: Date,
): Promise<SignedIn | undefined> {
  return (await holder(db, before.via, before.tokenHash, now))?.signedIn;
}

async function holder(db: Database, via: SignedIn['via'], tokenHash: Buffer, now: Date) {
  const row = await db
    .selectFrom(via)
    .innerJoin('account', 'account.id', `${via}.account_id`)
    .leftJoin('region', 'region.id', 'account.region_id')
    .where('token_hash', '=', tokenHash)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .where('disabled', '=', false)
    .select([
      ...ACTOR_COLUMNS,
      `${via}.id as id`,
      `${via}.expires_at as expiresAt`,
      `${via}.created_at as createdAt`,
      `${via}.last_used_at as lastUsedAt`,
      'account.must_change_password as mustChangePassword',
    ])
    .executeTakeFirst();
  // A token speaks for a service, whatever became of the account since.
  if (row === undefined || (via === 'service_token' && row.role !== 'platform')) return undefined;
  const { id, expiresAt, createdAt, lastUsedAt, mustChangePassword, ...actor } = row;
  const asked = mustChangePassword && via === 'session';
  const signedIn: SignedIn = { actor, via, id, tokenHash, expiresAt, mustChangePassword: asked };
  return { signedIn, createdAt, lastUsedAt };
}

/** Sessions of an account that are not over, the last used first. */
export async function openSessions(db: Database, accountId: string, now: Date) {
  return await db
    .selectFrom('session')
    .select(['id', 'created_at', 'last_used_at', 'expires_at', 'address', 'user_agent'])
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('last_used_at', 'desc')
    .execute();
}

/** Ends one session of an account. @returns whether there was such a one */
export async function endSession(
  db: Database | Tx,
  accountId: string,
  id: string,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('session')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends every session of an account, but for `except`: after a new password, a new scope, or when it is disabled. */
export async function endSessionsOf(
  db: Database | Tx,
  accountId: string,
  now: Date,
  except?: string,
): Promise<void> {
  let query = db
    .updateTable('session')
    .set({ revoked_at: now })
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null);
  if (except !== undefined) query = query.where('id', '<>', except);
  await query.execute();
}
