import { registerKey } from '../../services/db/case-exports.ts';
import {
  openSigningKey,
  rotateSigningKey,
  type SigningKey,
} from '../../services/evidence/case/signing-key.ts';
import { say, withOwn } from './open.ts';

const show = (key: SigningKey): void => say(`fingerprint ${key.id}\n${key.publicKey.trim()}`);

export async function showKey(): Promise<number> {
  return await withOwn(async ({ database, keyFile }) => {
    const key = await openSigningKey(keyFile);
    await registerKey(database.db, key, new Date());
    show(key);
    return 0;
  });
}

/** The old public key is written down before its private half goes. */
export async function rotateKey(): Promise<number> {
  return await withOwn(async ({ database, keyFile }) => {
    await registerKey(database.db, await openSigningKey(keyFile), new Date());
    const key = await rotateSigningKey(keyFile);
    await registerKey(database.db, key, new Date());
    show(key);
    return 0;
  });
}
