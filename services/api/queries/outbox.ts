import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import type { Actor } from '../../domain/access.ts';
import { notFound } from '../problem.ts';
import type { DeadCause, Destination, OutboxRow } from '../schemas/outbox.ts';
import { within } from '../scope.ts';

/** Deliveries of events in the actor's regions. */
export const selectDeliveries = (db: Database, actor: Actor) =>
  db
    .selectFrom('outbox')
    .innerJoin('event', 'event.id', 'outbox.event_id')
    .innerJoin('webhook', 'webhook.id', 'outbox.webhook_id')
    .leftJoin('account', 'account.id', 'outbox.set_aside_by')
    .where(within('event.region_path', actor.regionPath))
    .selectAll('outbox')
    .select([
      'event.type',
      'event.region_path',
      'event.merchant_id',
      'event.payload',
      'webhook.name as webhook_name',
      'webhook.url as webhook_url',
      'account.username as set_aside_username',
    ]);
export type DeliveryRow = Awaited<ReturnType<ReturnType<typeof selectDeliveries>['executeTakeFirstOrThrow']>>;

/** @throws Problem not-found, also of a delivery outside of the actor's regions */
export async function findDelivery(db: Database, actor: Actor, id: string): Promise<DeliveryRow> {
  const row = await selectDeliveries(db, actor).where('outbox.id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('delivery');
  return row;
}

export const deliveryItem = (row: DeliveryRow): Static<typeof OutboxRow> => ({
  id: row.id,
  type: row.type,
  webhook: { id: row.webhook_id, name: row.webhook_name, url: row.webhook_url },
  state: row.state,
  attempts: row.attempts,
  nextAt: row.next_at.toISOString(),
  lastStatus: row.last_status,
  lastError: row.last_error,
  deliveredAt: row.delivered_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  setAside:
    row.set_aside_at === null
      ? null
      : {
          reason: row.set_aside_reason ?? '',
          by: row.set_aside_username ?? '',
          at: row.set_aside_at.toISOString(),
        },
});

/** Where deliveries go, with how each does; only what was told of the actor's regions counts. */
export async function destinations(db: Database, actor: Actor): Promise<Static<typeof Destination>[]> {
  const seen = within('event.region_path', actor.regionPath);
  const { rows } = await sql<{
    id: string;
    name: string;
    url: string;
    channel: 'http' | 'mqtt';
    enabled: boolean;
    pending: number;
    dead: number;
    oldest: Date | null;
    last: Date | null;
    error: string | null;
  }>`
    select webhook.id, webhook.name, webhook.url, webhook.channel, webhook.enabled,
           coalesce(open.pending, 0)::int as pending, coalesce(open.dead, 0)::int as dead, open.oldest, open.error,
           (select delivered_at from outbox join event on event.id = outbox.event_id
            where webhook_id = webhook.id and state = 'delivered' and ${seen}
            order by outbox.id desc limit 1) as last
    from webhook left join region on region.id = webhook.region_id
    left join lateral (
      select count(*) filter (where outbox.state = 'pending') as pending,
             count(*) filter (where outbox.state = 'dead') as dead,
             min(outbox.created_at) filter (where outbox.state = 'pending') as oldest,
             (array_agg(outbox.last_error order by outbox.id desc) filter (where outbox.last_error is not null))[1] as error
      from outbox join event on event.id = outbox.event_id
      where outbox.webhook_id = webhook.id and outbox.state in ('pending', 'dead') and ${seen}
    ) as open on true
    where ${actor.regionPath === null ? sql`true` : within('region.path', actor.regionPath)}
    order by open.dead desc nulls last, webhook.name, webhook.id
    limit 200
  `.execute(db);
  return rows.map(({ id, name, url, channel, enabled, pending, dead, oldest, last, error }) => ({
    webhook: { id, name, url, channel, enabled },
    pending,
    dead,
    oldestPendingAt: oldest?.toISOString() ?? null,
    lastDeliveredAt: last?.toISOString() ?? null,
    lastError: error,
  }));
}

/** Why deliveries died, by platform and cause: what can be dealt with in one go. The most frequent first. */
export async function deadCauses(
  db: Database,
  actor: Actor,
  state: 'dead' | 'set_aside',
  webhookId: string | undefined,
): Promise<Static<typeof DeadCause>[]> {
  const { rows } = await sql<{
    id: string;
    name: string;
    cause: string;
    error: string;
    count: number;
    oldest: Date;
    newest: Date;
  }>`
    select webhook.id, webhook.name, delivery_cause(outbox.last_error) as cause,
           (array_agg(coalesce(outbox.last_error, '') order by outbox.id desc))[1] as error, count(*)::int as count,
           min(outbox.created_at) as oldest, max(outbox.created_at) as newest
    from outbox join event on event.id = outbox.event_id join webhook on webhook.id = outbox.webhook_id
    where outbox.state = ${sql.lit(state)} and ${within('event.region_path', actor.regionPath)}
      and ${webhookId === undefined ? sql`true` : sql`webhook.id = ${webhookId}::uuid`}
    group by webhook.id, webhook.name, 3
    order by count(*) desc, webhook.name, 3
    limit 100
  `.execute(db);
  return rows.map(({ id, name, cause, error, count, oldest, newest }) => ({
    webhook: { id, name },
    cause,
    lastError: error,
    count,
    oldestAt: oldest.toISOString(),
    newestAt: newest.toISOString(),
  }));
}
