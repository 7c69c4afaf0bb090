import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Secrets at rest (RTSP addresses, webhook secrets): AES-256-GCM; 12 bytes nonce, 16 bytes tag, then the cipher text. */
export interface Sealer {
  seal(text: string): Buffer;
  /** @throws Error when the bytes were sealed with another key or altered */
  open(sealed: Buffer): string;
}

/** @param key 32 bytes @throws RangeError for another length */
export function createSealer(key: Buffer): Sealer {
  if (key.length !== 32) throw new RangeError('the secret key has 32 bytes');
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
      decipher.setAuthTag(sealed.subarray(12, 28));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new Error(
          'a sealed value cannot be opened: MINGZAO_SECRET_KEY is not the one it was sealed with',
          {
            cause: error,
          },
        );
      }
    },
  };
}
