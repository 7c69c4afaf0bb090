import type { Database } from '../../db/database.ts';
import { noteOrder } from '../../db/platform-lines.ts';
import { may } from '../../domain/access.ts';
import { isFresh, ORDER_OLDEST_S } from '../../domain/platform-order.ts';
import { type Said, said } from '../../domain/said.ts';
import { isSignedBy } from '../../domain/webhook-signature.ts';
import { accountActor } from '../account-actor.ts';
import { givePlatformOrder } from '../commands/give-platform-order.ts';
import { invalid, PROBLEM_KINDS, Problem, problemBody } from '../problem.ts';
import { problemOf } from '../problem-handler.ts';
import { OrderMessage } from '../schemas/order-message.ts';
import { PlatformOrderBody } from '../schemas/platform.ts';
import { parse } from './parse.ts';

export interface OrderLine {
  webhookId: string;
  accountId: string;
  /** Of the webhook: whoever keeps it decides no more than it is told of. Null: everywhere. */
  regionPath: string | null;
  secret: string;
}

export interface OrderDelivery {
  payload: Buffer;
  /** The broker keeps it and would send it again at each connection. */
  retained: boolean;
}

/** What goes back: the same answers and problems as over HTTP. `id` null: the message had none that could be read. */
export interface OrderAnswer {
  id: string | null;
  status: number;
  done?: Record<string, unknown>;
  problem?: Record<string, unknown>;
}

/**
 * One message on a platform's `cmd` topic: read, authenticated by its signature, carried out once.
 * @throws what is no answer: the database is away, so that the message must come again
 */
export async function takeOrder(
  db: Database,
  line: OrderLine,
  { payload, retained }: OrderDelivery,
  now: Date,
  onFault: (error: Error) => void,
): Promise<OrderAnswer> {
  const text = payload.toString('utf8');
  const id = idIn(text);
  try {
    const message = parse(OrderMessage, text, 'message');
    if (retained) throw invalid({ field: 'retain', ...said('order_was_kept') });
    if (!isSignedBy(line.secret, message)) throw refused('signature', said('signature_does_not_fit'));
    if (!isFresh(message.timestamp, now))
      throw refused('timestamp', said('order_too_old', { hours: ORDER_OLDEST_S / 3600 }));
    const actor = await accountActor(db, line.accountId);
    if (actor === undefined || !may(actor, 'platform.command'))
      throw new Problem('not-allowed', said('platform_may_not_order'));
    const order = parse(PlatformOrderBody, message.body, 'body');
    const { regionPath: withinRegion } = line;
    const given = { actor, via: 'mqtt', withinRegion, key: message.id, order } as const;
    const done = await givePlatformOrder(db, given, now);
    await noteOrder(db, line.webhookId, now);
    return { id, status: 200, done };
  } catch (error) {
    const problem = problemOf(error);
    if (problem.kind === 'unavailable') throw error;
    if (problem.kind === 'internal-error') onFault(error as Error);
    return { id, status: PROBLEM_KINDS[problem.kind].status, problem: problemBody(problem) };
  }
}

function refused(field: string, why: Said): Problem {
  return new Problem('not-signed-in', said('of_field', { field, why }), { errors: [{ field, ...why }] });
}

/** What the answer is found by, even where the rest cannot be read. */
function idIn(text: string): string | null {
  try {
    const { id } = (JSON.parse(text) ?? {}) as { id?: unknown };
    return typeof id === 'string' ? id.slice(0, 200) : null;
  } catch {
    return null;
  }
}
