import { sql } from 'kysely';
import { PLATFORM_EVENTS } from '../domain/event-schema.ts';
import type { EventType } from '../domain/event-types.ts';
import type { Database, Tx } from './database.ts';

/** Event types that outside platforms are told (services/domain/event-schema.ts); the others are for the page. */
export const PLATFORM_EVENT_TYPES: readonly EventType[] = PLATFORM_EVENTS;

export interface NewEvent {
  type: EventType;
  regionPath: string;
  merchantId: string | null;
  payload: Record<string, unknown>;
}

/**
 * Appends what happened, and one outbox row for every webhook that asked for it: both commit with the change itself
 * (design.md, invariant 5: effects leave through an outbox).
 */
export async function appendEvent(tx: Tx | Database, event: NewEvent): Promise<void> {
  const { id } = await tx
    .insertInto('event')
    .values({
      type: event.type,
      region_path: event.regionPath,
      merchant_id: event.merchantId,
      payload: JSON.stringify(event.payload),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (!PLATFORM_EVENT_TYPES.includes(event.type)) return;
  await sql`
    insert into outbox (event_id, webhook_id)
    select ${id}::bigint, webhook.id
    from webhook left join region on region.id = webhook.region_id
    where webhook.enabled
      and (webhook.types = '{}' or ${event.type} = any (webhook.types))
      and (region.path is null or ${event.regionPath} = region.path or starts_with(${event.regionPath}, region.path || '.'))
  `.execute(tx);
}

/** Place in the stream of events. Opaque to clients: `xid-id`. */
export interface EventCursor {
  xid: string;
  id: string;
}

export interface EventRow extends EventCursor {
  type: string;
  region_path: string;
  merchant_id: string | null;
  payload: Record<string, unknown>;
  at: Date;
}

export function parseCursor(text: string): EventCursor | undefined {
  const match = /^(\d{1,20})-(\d{1,19})$/.exec(text);
  return match?.[1] !== undefined && match[2] !== undefined ? { xid: match[1], id: match[2] } : undefined;
}

/**
 * Events after a cursor, oldest first. Stops before the oldest transaction that is still open: ids are handed out before
 * commit, so reading further could step over an event that appears later.
 */
export async function readEvents(db: Database, after: EventCursor, limit: number): Promise<EventRow[]> {
  const result = await sql<EventRow>`
    select id::text, xid::text, type, region_path, merchant_id, payload, at
    from event
    where (xid, id) > (${after.xid}::xid8, ${after.id}::bigint)
      and xid < pg_snapshot_xmin(pg_current_snapshot())
    -- Qualified: a bare name would mean the text of the select list, and order 100 before 99.
    order by event.xid, event.id
    limit ${limit}
  `.execute(db);
  return result.rows;
}

/** The cursor that stands at the end of what is readable now. */
export async function latestCursor(db: Database): Promise<EventCursor> {
  const result = await sql<EventCursor>`
    select id::text, xid::text from event
    where xid < pg_snapshot_xmin(pg_current_snapshot())
    order by event.xid desc, event.id desc limit 1
  `.execute(db);
  return result.rows[0] ?? { xid: '0', id: '0' };
}
