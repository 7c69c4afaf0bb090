/** The first account. Run as a script by standalone before the processes start; main.ts does the same by itself. */
import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { readConfig } from '../config/config.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { auditedAddIn } from '../db/registry-audit.ts';
import { hashPassword } from './password.ts';

/** Without those that look alike. 16 of 31: 79 bits. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 16;
/** Any constant: only this takes the lock. */
const LOCK = 7_301_995;

function newPassword(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/**
 * Creates the account `admin` (operator, all regions) when there is no account at all, with `password` or a generated one
 * that is printed once. Two processes may call it at once: one creates, the other finds it done.
 * @returns true when it created the account
 */
export async function ensureFirstAdmin(
  db: Database,
  options: { password?: string | undefined; at: Date; print: (line: string) => void },
): Promise<boolean> {
  const any = await db.selectFrom('account').select('id').limit(1).executeTakeFirst();
  if (any !== undefined) return false;
  const password = options.password ?? newPassword();
  const passwordHash = await hashPassword(password);
  const created = await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
    const there = await tx.selectFrom('account').select('id').limit(1).executeTakeFirst();
    if (there !== undefined) return false;
    await auditedAddIn(tx, 'account', { actorId: null, at: options.at, reason: 'first_account' }, () =>
      tx
        .insertInto('account')
        .values({
          username: 'admin',
          password_hash: passwordHash,
          role: 'operator',
          region_id: null,
          merchant_id: null,
          display_name: 'admin',
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
    );
    return true;
  });
  if (created) {
    const shown =
      options.password === undefined
        ? `password ${password} (shown only now)`
        : 'password from MINGZAO_ADMIN_PASSWORD';
    options.print(`first account: user admin, ${shown}`);
  }
  return created;
}

if (import.meta.main) {
  try {
    const { databaseUrl, adminPassword } = readConfig(process.env);
    if (databaseUrl === undefined) throw new Error('DATABASE_URL is not set');
    const database = openDatabase(databaseUrl, { max: 1, name: 'mingzao first admin' });
    try {
      await ensureFirstAdmin(database.db, {
        password: adminPassword,
        at: new Date(),
        print: (line) => process.stdout.write(`${line}\n`),
      });
    } finally {
      await database.close();
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
