import type { Database } from '../../services/db/database.ts';
import {
  claimOutbox,
  markDelivered,
  markFailed,
  nextDue,
  type OutboxItem,
} from '../../services/db/outbox.ts';
import type { Sealer } from '../../services/db/seal.ts';
import { delayAfter, isFinal } from './backoff.ts';
import { type Delivery, deliver, SEND_WITHIN_MS } from './deliver.ts';

const BATCH = 20;
/** Longer than one sending with its two statements may take. */
const LEASE_S = (3 * SEND_WITHIN_MS) / 1000;

export interface RelayContext {
  db: Database;
  sealer: Sealer;
  /** Name of this process in the rows it claims. */
  claimer: string;
  now: () => Date;
  random: () => number;
}

/**
 * Sends everything that is due now, outside of any transaction.
 * @returns what became of each, in no particular order
 */
export async function relayDue(context: RelayContext): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (;;) {
    const items = await claimOutbox(context.db, context.claimer, context.now(), {
      count: BATCH,
      leaseS: LEASE_S,
    });
    deliveries.push(...(await Promise.all(items.map((item) => relayOne(context, item)))));
    if (items.length < BATCH) return deliveries;
  }
}

async function relayOne(context: RelayContext, item: OutboxItem): Promise<Delivery> {
  const delivery = await send(context, item);
  if (delivery.ok && delivery.status !== null) {
    await markDelivered(context.db, item.id, delivery.status, context.now());
    return delivery;
  }
  const wait = delayAfter(item.attempts, context.random());
  await markFailed(context.db, item.id, {
    status: delivery.status,
    error: delivery.error,
    nextAt: isFinal(delivery.status, item.attempts) ? null : new Date(context.now().getTime() + wait),
  });
  return delivery;
}

async function send(context: RelayContext, item: OutboxItem): Promise<Delivery> {
  let secret: string;
  try {
    secret = context.sealer.open(item.secretSealed);
  } catch (error) {
    return { ok: false, status: null, error: (error as Error).message };
  }
  return await deliver(item, secret, context.now());
}

/** Milliseconds until something falls due, at most `longestMs`. */
export async function msToNext({ db, now }: RelayContext, longestMs: number): Promise<number> {
  const due = await nextDue(db);
  if (due === undefined) return longestMs;
  return Math.max(50, Math.min(longestMs, due.getTime() - now().getTime()));
}
