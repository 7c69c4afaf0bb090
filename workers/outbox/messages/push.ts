/** Web push: RFC 8030 (protocol), RFC 8291 (encryption), RFC 8292 (VAPID). */
import { createHash } from 'node:crypto';
import { encryptPush, MOST_PLAINTEXT } from './push-encryption.ts';
import { type AddressOf, asked, cut, type Sender } from './sender.ts';
import { vapidHeader } from './vapid.ts';

/** Seconds that a push service keeps a message for a browser that is away. */
const TTL_S = 86_400;

/**
 * The body is JSON `{id, title, body, link, tag}` for services/web/public/push-worker.js. Topic (RFC 8030 §5.4) and tag come from the
 * idempotency key: a message that is sent again replaces itself instead of showing twice.
 */
export const sendPush: Sender<AddressOf<'push'>> = async (
  item,
  address,
  { outbound, now, vapid, publicUrl },
) => {
  const { title, lines, link } = item.content;
  const tag = createHash('sha256').update(item.idempotencyKey).digest('base64url').slice(0, 32);
  const body = (room: number) =>
    Buffer.from(JSON.stringify({ id: item.id, title, body: cut(lines.join('\n'), room), link, tag }));
  const whole = body(MOST_PLAINTEXT);
  // JSON writes a line break as two octets: leave room.
  const payload = whole.length <= MOST_PLAINTEXT ? whole : body(2000);
  let sealed: Buffer;
  try {
    sealed = encryptPush(payload, address);
  } catch (error) {
    return {
      ok: false,
      status: null,
      final: true,
      error: `cannot be encrypted: ${(error as Error).message}`,
    };
  }
  const subject = publicUrl.startsWith('https:') ? publicUrl : 'mailto:operator@localhost';
  const request = {
    url: address.endpoint,
    method: 'POST' as const,
    body: sealed,
    headers: {
      authorization: vapidHeader(address.endpoint, await vapid(), subject, now()),
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
      ttl: String(TTL_S),
      urgency: item.class === 1 ? 'high' : 'normal',
      topic: tag,
    },
  };
  return await asked(outbound, request, ({ status, body: text }) => {
    if (status >= 200 && status < 300) return { ok: true, status, error: '' };
    const error = `the push service answered ${status}: ${text.toString('utf8').slice(0, 200)}`;
    // RFC 8030 §7.3: 404 and 410, the subscription is over.
    return {
      ok: false,
      status,
      error,
      ...((status === 404 || status === 410) && { gone: true, final: true }),
    };
  });
};
