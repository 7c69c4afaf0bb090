/** Events that are delivered once more: in their order, under the keys that they had, one at a time. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Database, Tx } from './database.ts';
import { PLATFORM_EVENT_TYPES } from './events.ts';

/** A year of a county is some hundred thousand events; what asks for more is asked to take it in parts. */
export const MOST_REPLAYED = 100_000;

export interface ReplayWanted {
  webhookId: string;
  from: Date;
  to: Date;
  /** Empty: all that the webhook is told. */
  types: readonly string[];
  perMinute: number;
  actorId: string;
}

/** @returns id of the replay; `too_many` when the period holds more than MOST_REPLAYED events */
export async function replayPeriod(tx: Tx, wanted: ReplayWanted, now: Date): Promise<string | 'too_many'> {
  const { webhookId, from, to, types, perMinute, actorId } = wanted;
  const { id } = await tx
    .insertInto('delivery_replay')
    .values({
      webhook_id: webhookId,
      reason: 'asked',
      since: from,
      until: to,
      types: [...types],
      per_minute: perMinute,
      requested_by: actorId,
      at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const asked = types.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`event.type = any (${types})`;
  const period = sql<SqlBool>`event.at >= ${from} and event.at < ${to} and ${asked}`;
  const events = await queue(tx, { id, webhookId }, period, now, MOST_REPLAYED + 1);
  return events > MOST_REPLAYED ? 'too_many' : id;
}

/** Events of tasks that the platform lost, from a reconciliation. @returns events that were put in line */
export async function replayTasks(
  tx: Tx,
  wanted: { webhookId: string; tasks: readonly { id: string; afterVersion: number }[] },
  now: Date,
): Promise<number> {
  const { webhookId, tasks } = wanted;
  if (tasks.length === 0) return 0;
  const { id } = await tx
    .insertInto('delivery_replay')
    .values({ webhook_id: webhookId, reason: 'reconciliation', per_minute: 600, requested_by: null, at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  // The issue of a task carries no version: it is the first.
  const lost = sql<SqlBool>`event.payload ? 'taskId' and exists (
    select from unnest(${tasks.map((task) => task.id)}::text[], ${tasks.map((task) => task.afterVersion)}::integer[])
      as lost (id, after_version)
    where lost.id = event.payload ->> 'taskId'
      and coalesce((event.payload ->> 'version')::integer, 1) > lost.after_version)`;
  return await queue(tx, { id, webhookId }, lost, now, MOST_REPLAYED);
}

/** One outbox row an event. The key is that of the first delivery; an event that was never meant for it gets one of its own, for good. */
async function queue(
  tx: Tx,
  replay: { id: string; webhookId: string },
  which: RawBuilder<SqlBool>,
  now: Date,
  limit: number,
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    insert into outbox (event_id, webhook_id, idempotency_key, next_at, replay_id)
    select event.id, webhook.id, coalesce(first.idempotency_key, md5(webhook.id || ':' || event.id)::uuid), ${now}, ${replay.id}::uuid
    from webhook
      left join region on region.id = webhook.region_id
      cross join event
      left join outbox as first on first.event_id = event.id and first.webhook_id = webhook.id and first.replay_id is null
    where webhook.id = ${replay.webhookId}::uuid and ${which}
      and event.type = any (${PLATFORM_EVENT_TYPES})
      and (webhook.types = '{}' or event.type = any (webhook.types))
      and (region.path is null or event.region_path = region.path or starts_with(event.region_path, region.path || '.'))
    order by event.xid, event.id
    limit ${limit}
  `.execute(tx);
  const events = Number(numAffectedRows);
  await tx.updateTable('delivery_replay').set({ events }).where('id', '=', replay.id).execute();
  return events;
}

/** Stops a replay: what was not sent yet is taken out, but for what a person set aside. @returns false when nothing was left to stop */
export async function cancelReplay(tx: Tx, id: string, now: Date): Promise<boolean> {
  const gone =
    await sql`delete from outbox where replay_id = ${id}::uuid and state in ('pending', 'dead')`.execute(tx);
  if ((gone.numAffectedRows ?? 0n) === 0n) return false;
  await tx.updateTable('delivery_replay').set({ cancelled_at: now }).where('id', '=', id).execute();
  return true;
}

export const selectReplays = (db: Database) =>
  db
    .selectFrom('delivery_replay')
    .leftJoin('account', 'account.id', 'delivery_replay.requested_by')
    .selectAll('delivery_replay')
    .select((eb) => [
      'account.username',
      sql<string>`delivery_replay.at::text`.as('at_text'),
      eb
        .selectFrom('outbox')
        .select(
          sql<{ pending: number; delivered: number; dead: number }>`json_build_object(
            'pending', count(*) filter (where state = 'pending'), 'delivered', count(*) filter (where state = 'delivered'),
            'dead', count(*) filter (where state = 'dead'))`.as('counts'),
        )
        .whereRef('outbox.replay_id', '=', 'delivery_replay.id')
        .as('counts'),
    ]);
