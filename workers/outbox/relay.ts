import type { Database } from '../../services/db/database.ts';
import type { Sealer } from '../../services/db/seal.ts';
import type { Outbound } from '../../services/outbound/request.ts';
import { delayAfter, isFinal } from './backoff.ts';

const BATCH = 20;
/** Milliseconds that one sending may take. */
export const SEND_WITHIN_MS = 10_000;
/** Longer than one sending with its statements may take. */
const LEASE_S = (3 * SEND_WITHIN_MS) / 1000;

export interface RelayContext {
  db: Database;
  sealer: Sealer;
  outbound: Outbound;
  /** Name of this process in the rows it claims. */
  claimer: string;
  now: () => Date;
  random: () => number;
}

/** What became of one sending. */
export interface Delivery {
  ok: boolean;
  /** HTTP status or the like; null when there was no answer. */
  status: number | null;
  error: string;
  /** Trying again can never help. */
  final?: boolean;
  /** Milliseconds that the receiver asked to be left alone. */
  retryAfterMs?: number;
}

interface RelayRow {
  id: string;
  attempts: number;
}

/** One sort of rows that are sent: where they are claimed, how one is sent, where its result is written. */
export interface RelayTarget<Row extends RelayRow> {
  claim(claimer: string, now: Date, limits: { count: number; leaseS: number }): Promise<Row[]>;
  /** Never throws. @returns undefined when the row was settled without a sending */
  send(row: Row): Promise<Delivery | undefined>;
  delivered(row: Row, delivery: Delivery): Promise<void>;
  /** @param nextAt null: a dead letter */
  failed(row: Row, delivery: Delivery, nextAt: Date | null): Promise<void>;
}

/**
 * Sends everything that is due now, outside of any transaction.
 * @returns what became of each, in no particular order
 */
export async function relay<Row extends RelayRow>(
  context: Pick<RelayContext, 'claimer' | 'now' | 'random'>,
  target: RelayTarget<Row>,
): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (;;) {
    const rows = await target.claim(context.claimer, context.now(), { count: BATCH, leaseS: LEASE_S });
    const results = await Promise.all(rows.map((row) => relayOne(context, target, row)));
    deliveries.push(...results.filter((result) => result !== undefined));
    if (rows.length < BATCH) return deliveries;
  }
}

async function relayOne<Row extends RelayRow>(
  context: Pick<RelayContext, 'now' | 'random'>,
  target: RelayTarget<Row>,
  row: Row,
): Promise<Delivery | undefined> {
  const delivery = await target.send(row);
  if (delivery === undefined) return undefined;
  if (delivery.ok) {
    await target.delivered(row, delivery);
    return delivery;
  }
  const wait = Math.max(delayAfter(row.attempts, context.random()), delivery.retryAfterMs ?? 0);
  const over = delivery.final === true || isFinal(delivery.status, row.attempts);
  await target.failed(row, delivery, over ? null : new Date(context.now().getTime() + wait));
  return delivery;
}

/** Milliseconds until the earliest of these times, at most `longestMs`. */
export function msUntil(dues: readonly (Date | undefined)[], now: Date, longestMs: number): number {
  const first = Math.min(...dues.map((due) => due?.getTime() ?? Number.POSITIVE_INFINITY));
  return Math.max(50, Math.min(longestMs, first - now.getTime()));
}
