import { argon2, randomBytes } from 'node:crypto';

/** A PHC string with parameters of another day. `memory` in KiB. */
export async function hashWith(password: string, cost: { memory: number; passes: number }): Promise<string> {
  const salt = randomBytes(16);
  const hash = await new Promise<Buffer>((done, fail) => {
    const parameters = { message: password, nonce: salt, tagLength: 32, parallelism: 1, ...cost };
    argon2('argon2id', parameters, (error, key) => (error === null ? done(key) : fail(error)));
  });
  const encode = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=1$${encode(salt)}$${encode(hash)}`;
}
