/** One SOAP 1.2 question to a device, bounded in time and size, to the very address it was given. */
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { type Element, elementAt, escapeXml, parseXml } from './xml.ts';

const WITHIN_MS = 5_000;
const MOST_BYTES = 512 * 1024;

export interface Account {
  user: string;
  password: string;
}

export type OnvifProblem = 'unauthorized' | 'unreachable' | 'unreadable';

export class OnvifError extends Error {
  override readonly name = 'OnvifError';
  readonly problem: OnvifProblem;
  constructor(problem: OnvifProblem) {
    super(problem);
    this.problem = problem;
  }
}

/**
 * Asks and gives the body of the answer. @param account null: without one
 * @param clockMs the device's clock, Unix milliseconds: tokens of another time are refused (WS-Security UsernameToken Profile 1.1 §3.1)
 * @throws OnvifError
 */
export async function askDevice(
  url: URL,
  body: string,
  account: Account | null,
  clockMs: number,
): Promise<Element> {
  const envelope =
    `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">` +
    `<s:Header>${account === null ? '' : usernameToken(account, new Date(clockMs))}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
  const { status, text } = await post(url, envelope);
  const answer = elementAt(parseXml(text), 'Envelope', 'Body');
  if (
    status === 401 ||
    /NotAuthorized|FailedAuthentication|Unauthorized/i.test(JSON.stringify(answer.Fault ?? ''))
  ) {
    throw new OnvifError('unauthorized');
  }
  if (status !== 200 || answer.Fault !== undefined || Object.keys(answer).length === 0)
    throw new OnvifError('unreadable');
  return answer;
}

/** PasswordDigest = Base64(SHA-1(nonce + created + password)). */
function usernameToken({ user, password }: Account, at: Date): string {
  const nonce = randomBytes(16);
  const created = at.toISOString();
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  const wss = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
  return (
    `<Security s:mustUnderstand="1" xmlns="${wss}-wssecurity-secext-1.0.xsd"><UsernameToken>` +
    `<Username>${escapeXml(user)}</Username>` +
    `<Password Type="${wss}-username-token-profile-1.0#PasswordDigest">${digest}</Password>` +
    `<Nonce EncodingType="${wss}-soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</Nonce>` +
    `<Created xmlns="${wss}-wssecurity-utility-1.0.xsd">${created}</Created></UsernameToken></Security>`
  );
}

export const isAskable = ({ protocol }: URL): boolean => protocol === 'http:' || protocol === 'https:';

/**
 * A device's certificate is its own: nobody signs one for 192.168.1.20. It is taken as it is, which still keeps the question from who
 * only listens; and the password goes as a digest, as it does without TLS.
 */
const ANY_CERTIFICATE = { rejectUnauthorized: false };

function post(url: URL, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const fail = (problem: OnvifProblem): void => reject(new OnvifError(problem));
    // Redirects are not followed: what is asked is what was allowed.
    const isTls = url.protocol === 'https:';
    const asking = (isTls ? requestTls : request)(
      url,
      {
        ...(isTls && ANY_CERTIFICATE),
        method: 'POST',
        headers: {
          'content-type': 'application/soap+xml; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          connection: 'close',
        },
        signal: AbortSignal.timeout(WITHIN_MS),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes > MOST_BYTES) {
            asking.destroy();
            fail('unreadable');
          }
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
        response.on('error', () => fail('unreachable'));
      },
    );
    asking.on('error', () => fail('unreachable'));
    asking.end(body);
  });
}
