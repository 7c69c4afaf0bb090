/**
 * What an operator does about dead letters: send them again, set them aside with a reason, take up what was set aside. None is ever
 * deleted; who did it stands in the history of the platform. `which` is always a further condition on `outbox`.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Tx } from './database.ts';

/** Condition: the failure is of this kind (`delivery_cause`, migration 0040). */
export const ofCause = (cause: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`delivery_cause(outbox.last_error) = ${cause}`;

/** Sends dead letters again; the relay is woken at commit. @returns ids of those that were dead */
export async function retryDeadOf(tx: Tx, which: RawBuilder<SqlBool>, now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update outbox set state = 'pending', attempts = 0, next_at = ${now}, claimed_by = null, claimed_until = null
    where state = 'dead' and ${which}
    returning id::text
  `.execute(tx);
  if (rows.length > 0) await sql`select pg_notify('mingzao_outbox', '')`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Sets dead letters aside: they are not sent and do not count as dead. @returns ids of those that were dead */
export async function setAsideDeadOf(
  tx: Tx,
  which: RawBuilder<SqlBool>,
  aside: { reason: string; actorId: string; at: Date },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update outbox set state = 'set_aside', set_aside_reason = ${aside.reason}, set_aside_by = ${aside.actorId}::uuid,
      set_aside_at = ${aside.at}
    where state = 'dead' and ${which}
    returning id::text
  `.execute(tx);
  return rows.map(({ id }) => id);
}

/** What was set aside is a dead letter again, and can be sent. @returns ids of those that were set aside */
export async function takeUpOf(tx: Tx, which: RawBuilder<SqlBool>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update outbox set state = 'dead', set_aside_reason = null, set_aside_by = null, set_aside_at = null
    where state = 'set_aside' and ${which}
    returning id::text
  `.execute(tx);
  return rows.map(({ id }) => id);
}
