/** Asks an authority over HTTP (RFC 3161 section 3.4). */
import { randomBytes } from 'node:crypto';
import { timeStampRequest, tokenOfResponse } from './protocol.ts';
import { checkToken, type TimeStamp } from './token.ts';

const WITHIN_MS = 15_000;
/** A token with its certificates has some kilobytes. */
const MOST_BYTES = 256 * 1024;

/** @param imprint 32 bytes @throws Error in plain words: not reached, refused, or an answer that is not right */
export async function askForTimeStamp(
  url: string,
  imprint: Buffer,
  roots: readonly string[],
): Promise<TimeStamp & { token: Buffer }> {
  const nonce = randomBytes(8);
  const response = await fetch(url, {
    method: 'POST',
    body: new Uint8Array(timeStampRequest(imprint, nonce)),
    redirect: 'error',
    signal: AbortSignal.timeout(WITHIN_MS),
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
  }).catch((error: Error & { cause?: { code?: string } }) => {
    throw new Error(`the authority cannot be reached: ${error.cause?.code ?? error.message}`);
  });
  const bytes = await readAtMost(response);
  if (!response.ok) throw new Error(`the authority answered ${response.status}`);
  let token: Buffer;
  try {
    token = tokenOfResponse(bytes);
  } catch (error) {
    throw new Error(`no time stamp: ${(error as Error).message}`);
  }
  return { ...checkToken(token, { imprint, nonce }, roots), token };
}

async function readAtMost(response: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.length;
    if (size > MOST_BYTES) throw new Error('the authority answered with too much');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
