/**
 * A buzzer or screen in the kitchen: a command `{v, id, type: "alert", issuedAt, expiresAt, class, count, title, lines, link}` on the
 * gateway's `cmd` topic. It counts as told when the gateway has answered `{id}` on its `ack` topic. The same id comes again until then,
 * so the gateway shows an id once; after `expiresAt` it shows nothing.
 */
import type { MessageItem } from '../../../services/db/notify/messages.ts';
import type { SendTools, Sent } from './sender.ts';

/** Milliseconds that a gateway may take to answer. */
const ANSWER_WITHIN_MS = 8_000;
/** A test has no time of its own to end. */
const TEST_HOLDS_MS = 60_000;

export async function sendGateway(item: MessageItem, { line, now }: SendTools): Promise<Sent> {
  const { gateway, content, idempotencyKey: id } = item;
  if (gateway === null) return { ok: false, status: null, final: true, error: 'the gateway was removed' };
  const expiresAt = item.expiresAt ?? new Date(now().getTime() + TEST_HOLDS_MS);
  const command = {
    v: 1,
    id,
    type: 'alert',
    issuedAt: item.createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    class: item.class,
    count: item.count,
    title: content.title,
    lines: content.lines,
    link: content.link,
  };
  try {
    const answer = await line.command(gateway, id, command, ANSWER_WITHIN_MS);
    if (answer === undefined)
      return {
        ok: false,
        status: null,
        error: `the gateway did not answer within ${ANSWER_WITHIN_MS / 1000} s`,
      };
    if (answer.ok) return { ok: true, status: null, error: '' };
    return { ok: false, status: null, error: `the gateway answered: ${answer.error}` };
  } catch (error) {
    return { ok: false, status: null, error: (error as Error).message };
  }
}
