/** The second factor of an account: codes of an authenticator app, and recovery codes for the day it is lost. */
import { createHash, randomBytes } from 'node:crypto';
import type { Database, Tx } from '../db/database.ts';
import type { Sealer } from '../db/seal.ts';
import { matchingStep, otpauthUri, toBase32 } from '../domain/totp.ts';

/** RFC 4226, 4: 160 bits are recommended. */
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
const RECOVERY_LETTERS = 10;
const ISSUER = 'Mingzao';

const hashRecovery = (code: string): Buffer =>
  createHash('sha256').update(code.toUpperCase().replaceAll(/[\s-]/g, '')).digest();

const secretOf = (sealer: Sealer, sealed: Buffer): Buffer => Buffer.from(sealer.open(sealed), 'hex');

/** Whether the account asks for a code at sign-in. */
export async function hasSecondFactor(db: Database | Tx, accountId: string): Promise<boolean> {
  const row = await db
    .selectFrom('account_totp')
    .select('account_id')
    .where('account_id', '=', accountId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Begins anew; nothing is asked for before the first code was shown to be right. @returns what the app is told */
export async function beginSecondFactor(
  db: Database | Tx,
  sealer: Sealer,
  account: { id: string; username: string },
  now: Date,
): Promise<{ secret: string; uri: string }> {
  const secret = randomBytes(SECRET_BYTES);
  const columns = { secret_sealed: sealer.seal(secret.toString('hex')), created_at: now, last_step: 0 };
  await db
    .insertInto('account_totp')
    .values({ account_id: account.id, ...columns })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ ...columns, confirmed_at: null }))
    .execute();
  return {
    secret: toBase32(secret),
    uri: otpauthUri({ issuer: ISSUER, account: account.username, secret }),
  };
}

/** @returns the recovery codes, shown only now; undefined when the code is wrong or nothing was begun */
export async function confirmSecondFactor(
  tx: Tx,
  sealer: Sealer,
  accountId: string,
  code: string,
  now: Date,
): Promise<string[] | undefined> {
  if (!(await takeCode(tx, sealer, accountId, code, now, 'begun'))) return undefined;
  await tx
    .updateTable('account_totp')
    .set({ confirmed_at: now })
    .where('account_id', '=', accountId)
    .execute();
  await tx.deleteFrom('recovery_code').where('account_id', '=', accountId).execute();
  const codes = Array.from({ length: RECOVERY_CODES }, () =>
    toBase32(randomBytes(7)).slice(0, RECOVERY_LETTERS),
  );
  await tx
    .insertInto('recovery_code')
    .values(codes.map((one) => ({ account_id: accountId, code_hash: hashRecovery(one) })))
    .execute();
  return codes.map((one) => `${one.slice(0, 5)}-${one.slice(5)}`);
}

/** Whether it is a code of the app or a recovery code; either is taken once. */
export async function takeSecondFactor(
  db: Database | Tx,
  sealer: Sealer,
  accountId: string,
  code: string,
  now: Date,
): Promise<boolean> {
  if (/^\d{6}$/.test(code)) return await takeCode(db, sealer, accountId, code, now, 'confirmed');
  const { numUpdatedRows } = await db
    .updateTable('recovery_code')
    .set({ used_at: now })
    .where('account_id', '=', accountId)
    .where('code_hash', '=', hashRecovery(code))
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function removeSecondFactor(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('account_totp').where('account_id', '=', accountId).execute();
  await tx.deleteFrom('recovery_code').where('account_id', '=', accountId).execute();
}

/** Two sign-ins with one code at once: the row's condition lets one of them through. */
async function takeCode(
  db: Database | Tx,
  sealer: Sealer,
  accountId: string,
  code: string,
  now: Date,
  state: 'begun' | 'confirmed',
): Promise<boolean> {
  const row = await db
    .selectFrom('account_totp')
    .select(['secret_sealed', 'last_step'])
    .where('account_id', '=', accountId)
    .where('confirmed_at', state === 'begun' ? 'is' : 'is not', null)
    .executeTakeFirst();
  if (row === undefined) return false;
  const step = matchingStep(secretOf(sealer, row.secret_sealed), code, now, Number(row.last_step));
  if (step === undefined) return false;
  const { numUpdatedRows } = await db
    .updateTable('account_totp')
    .set({ last_step: step })
    .where('account_id', '=', accountId)
    .where('last_step', '<', String(step))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
