import { pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * Secrets of gateways at the MQTT broker, in the format of Mosquitto's password file so that the same hash serves the embedded
 * broker, Mosquitto and EMQX: `$7$iterations$salt$hash`, PBKDF2-SHA512 over 64 bytes, salt and hash in base64.
 *
 * The iterations are few because the secret is 32 random characters that we make ourselves, never a word that a person
 * chose, and because thousands of gateways connect at once after a restart of the broker.
 */
const ITERATIONS = 101;
const HASH_BYTES = 64;
/** More than any broker writes; a forged hash must not stop the process. */
const MOST_ITERATIONS = 1_000_000;

const derive = promisify(pbkdf2);

/** A fresh secret: 32 characters, 192 bits, safe in addresses and config files. */
export function newGatewaySecret(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * The hash to keep. The salt's bytes are ASCII, because EMQX reads salts as text, and exactly 12, because Mosquitto 2.0
 * throws away entries with any other length ("Unable to decode password salt").
 */
export async function hashGatewaySecret(secret: string): Promise<string> {
  const salt = Buffer.from(randomBytes(9).toString('base64url'), 'ascii');
  const hash = await derive(secret, salt, ITERATIONS, HASH_BYTES, 'sha512');
  return `$7$${ITERATIONS}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** The parts of a kept hash, for writing other brokers' files. Undefined when it is not in the format. */
export function parseGatewayHash(
  kept: string,
): { iterations: number; salt: Buffer; hash: Buffer } | undefined {
  const match = /^\$7\$(\d{1,7})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})$/.exec(kept);
  const [, count, salt, hash] = match ?? [];
  if (count === undefined || salt === undefined || hash === undefined) return undefined;
  const parts = {
    iterations: Number(count),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  const usable =
    parts.hash.length === HASH_BYTES && parts.iterations >= 1 && parts.iterations <= MOST_ITERATIONS;
  return usable ? parts : undefined;
}

/** Whether `secret` is the one that was hashed; false for a hash in another format. Takes the same time either way. */
export async function verifyGatewaySecret(secret: string, kept: string): Promise<boolean> {
  const parts = parseGatewayHash(kept);
  if (parts === undefined) return false;
  const hash = await derive(secret, parts.salt, parts.iterations, HASH_BYTES, 'sha512');
  return timingSafeEqual(hash, parts.hash);
}
