import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import type { Actor } from '../../domain/access.ts';
import type { Destination, OutboxRow } from '../schemas/outbox.ts';
import { within } from '../scope.ts';

/** Deliveries of events in the actor's regions. */
export const selectDeliveries = (db: Database, actor: Actor) =>
  db
    .selectFrom('outbox')
    .innerJoin('event', 'event.id', 'outbox.event_id')
    .innerJoin('webhook', 'webhook.id', 'outbox.webhook_id')
    .where(within('event.region_path', actor.regionPath))
    .selectAll('outbox')
    .select([
      'event.type',
      'event.region_path',
      'event.merchant_id',
      'event.payload',
      'webhook.name as webhook_name',
      'webhook.url as webhook_url',
    ]);
export type DeliveryRow = Awaited<ReturnType<ReturnType<typeof selectDeliveries>['executeTakeFirstOrThrow']>>;

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
