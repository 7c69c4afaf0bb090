/** Passwords of people: argon2id, kept as a PHC string `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane; about 25 ms of a core. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Bounds on what a stored string may ask for. */
const MOST_MEMORY_KIB = 1_048_576;
const MOST_PASSES = 32;

interface Cost {
  memory: number;
  passes: number;
  parallelism: number;
}

function derive(password: string, salt: Buffer, bytes: number, cost: Cost): Promise<Buffer> {
  const parameters = { message: password.normalize('NFC'), nonce: salt, tagLength: bytes, ...cost };
  return new Promise((done, fail) => {
    argon2('argon2id', parameters, (error, key) => (error === null ? done(key) : fail(error)));
  });
}

const encode = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const cost = { memory: MEMORY_KIB, passes: PASSES, parallelism: LANES };
  const hash = await derive(password, salt, HASH_BYTES, cost);
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${encode(salt)}$${encode(hash)}`;
}

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** False for another password and for a string that is not argon2id. */
export async function verifyPassword(password: string, kept: string): Promise<boolean> {
  const [, m, t, p, salt, hash] = PHC.exec(kept) ?? [];
  if (salt === undefined || hash === undefined) return false;
  const cost = { memory: Number(m), passes: Number(t), parallelism: Number(p) };
  if (cost.memory > MOST_MEMORY_KIB || cost.passes > MOST_PASSES) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = await derive(password, Buffer.from(salt, 'base64'), expected.length, cost);
  return timingSafeEqual(actual, expected);
}

/** Whether it was hashed with other parameters than today's: hashed anew at the next sign-in. */
export function isOutdated(kept: string): boolean {
  const [, m, t, p] = PHC.exec(kept) ?? [];
  return Number(m) !== MEMORY_KIB || Number(t) !== PASSES || Number(p) !== LANES;
}

/** In place of a hash: no password fits (accounts of services, which sign in by token). */
export const NO_PASSWORD = '!';

let decoy: Promise<string> | undefined;

/** Spends the time of a verification: for unknown users, so that the answer's delay does not tell who exists. */
export async function verifyNobody(password: string): Promise<false> {
  decoy ??= hashPassword(randomBytes(SALT_BYTES).toString('hex'));
  await verifyPassword(password, await decoy);
  return false;
}
