/** Encryption of a push message for one browser (RFC 8291, over the aes128gcm content coding of RFC 8188). */
import { createCipheriv, createECDH, createHmac, type ECDH, randomBytes } from 'node:crypto';

/** Octets of plaintext that fit one record of 4096 (RFC 8291 §4): less header (86), padding delimiter and tag. */
export const MOST_PLAINTEXT = 4096 - 86 - 1 - 16;
const RECORD_SIZE = 4096;

export interface PushKeys {
  /** The browser's public key, uncompressed, base64url. */
  p256dh: string;
  /** 16 octets, base64url. */
  auth: string;
}

/** What is random, so that the RFC's own example can be run. */
export interface PushRandom {
  salt: Buffer;
  sender: ECDH;
}

export function freshRandom(): PushRandom {
  const sender = createECDH('prime256v1');
  sender.generateKeys();
  return { salt: randomBytes(16), sender };
}

/** @returns the body of the request @throws RangeError when the message is too long, Error when the browser's key is none */
export function encryptPush(plaintext: Buffer, keys: PushKeys, random: PushRandom = freshRandom()): Buffer {
  if (plaintext.length > MOST_PLAINTEXT)
    throw new RangeError(`a push message has at most ${MOST_PLAINTEXT} octets`);
  const receiver = Buffer.from(keys.p256dh, 'base64url');
  const { salt, sender } = random;
  const senderKey = sender.getPublicKey();
  const secret = sender.computeSecret(receiver);
  // RFC 8291 §3.4: combine the shared and the authentication secret.
  const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), receiver, senderKey]);
  const ikm = hkdf(Buffer.from(keys.auth, 'base64url'), secret, keyInfo, 32);
  // RFC 8188 §2.2, §2.3
  const key = hkdf(salt, ikm, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = hkdf(salt, ikm, Buffer.from('Content-Encoding: nonce\0'), 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  // 0x02: delimiter of the last record.
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.update(Buffer.from([2])), cipher.final()]);
  const header = Buffer.alloc(21);
  salt.copy(header);
  header.writeUInt32BE(RECORD_SIZE, 16);
  header.writeUInt8(senderKey.length, 20);
  return Buffer.concat([header, senderKey, sealed, cipher.getAuthTag()]);
}

/** HKDF with SHA-256 for outputs of at most one block (RFC 5869). */
function hkdf(salt: Buffer, ikm: Buffer, info: Buffer, length: number): Buffer {
  const prk = createHmac('sha256', salt).update(ikm).digest();
  return createHmac('sha256', prk)
    .update(info)
    .update(Buffer.from([1]))
    .digest()
    .subarray(0, length);
}
