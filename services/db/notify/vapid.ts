import { createECDH } from 'node:crypto';
import type { Database } from '../database.ts';
import type { Sealer } from '../seal.ts';

/** The key by which push services know this installation (RFC 8292): P-256, base64url; the public one uncompressed. */
export interface VapidKeys {
  publicKey: string;
  privateKey: string;
}

const KEY = 'vapid';

interface Kept {
  publicKey: string;
  /** base64 */
  privateSealed: string;
}

/** Makes the pair at the first call; whoever comes second takes what is there. Subscriptions are bound to it: it stays. */
export async function loadVapidKeys(db: Database, sealer: Sealer): Promise<VapidKeys> {
  const found = (await read(db)) ?? (await make(db, sealer));
  return {
    publicKey: found.publicKey,
    privateKey: sealer.open(Buffer.from(found.privateSealed, 'base64')),
  };
}

async function read(db: Database): Promise<Kept | undefined> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', KEY).executeTakeFirst();
  return row?.value as Kept | undefined;
}

async function make(db: Database, sealer: Sealer): Promise<Kept> {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  const kept: Kept = {
    publicKey: pair.getPublicKey('base64url'),
    privateSealed: sealer.seal(pair.getPrivateKey('base64url')).toString('base64'),
  };
  await db
    .insertInto('setting')
    .values({ key: KEY, value: JSON.stringify(kept) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const now = await read(db);
  if (now === undefined) throw new Error('the push key could not be kept');
  return now;
}
