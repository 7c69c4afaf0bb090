/** The Ed25519 key that manifests are signed with: a file that only its owner reads, made at the first need. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface SigningKey {
  /** Hex SHA-256 over the public key (SPKI, DER): the fingerprint that people compare. */
  id: string;
  /** SPKI, PEM. */
  publicKey: string;
  /** 64 bytes (RFC 8032). */
  sign(bytes: Uint8Array): Buffer;
}

/** Where the key lies: as configured, else in the data folder. */
export function signingKeyFile(config: { evidenceKeyFile?: string | undefined; dataDir: string }): string {
  return config.evidenceKeyFile ?? join(config.dataDir, 'evidence-key.pem');
}

/** Reads the key; makes it when the file is missing. @throws Error that names the file and what is wrong */
export async function openSigningKey(file: string): Promise<SigningKey> {
  try {
    return await readSigningKey(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await placeNewKey(file, 'if-missing');
  return await readSigningKey(file);
}

/** Makes another key in the place of the old one, which is gone then: what it signed stays valid by its public key. */
export async function rotateSigningKey(file: string): Promise<SigningKey> {
  await placeNewKey(file, 'replace');
  return await readSigningKey(file);
}

async function readSigningKey(file: string): Promise<SigningKey> {
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0)
    throw new Error(`${file} may be read by others than its owner: chmod 600 it, and rotate the key`);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(await readFile(file));
  } catch {
    throw new Error(`${file} holds no private key (PEM, PKCS 8)`);
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${file} holds no Ed25519 key`);
  const publicKey = createPublicKey(privateKey);
  return {
    id: keyId(publicKey),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}

/** Written beside its place and moved there whole; of two processes that start at once, the first one's key stays. */
async function placeNewKey(file: string, when: 'if-missing' | 'replace'): Promise<void> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const beside = `${file}.${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(beside, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  if (when === 'replace') return await rename(beside, file);
  try {
    await link(beside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

export function keyId(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** @throws Error when it is no Ed25519 public key (PEM) */
export function readPublicKey(pem: string | Buffer): KeyObject {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('no Ed25519 key');
  return key;
}

export function signatureFits(bytes: Uint8Array, signature: Uint8Array, publicKey: KeyObject): boolean {
  return signature.length === 64 && verify(null, bytes, publicKey, signature);
}
