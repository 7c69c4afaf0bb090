import { sql } from 'kysely';
import { type EdgeReason, firstOutcome, SILENT_MS } from '../domain/edge-event.ts';
import type { Database, Tx } from './database.ts';
import type { StoredEdgeBox, StoredEdgePicture } from './schema-edge.ts';

/** A reading (services/edge) with its bytes already in the object store. */
export interface NewEdgeEvent {
  gatewayId: string;
  /** The camera that the topic or address names; undefined: the box's channel decides. */
  cameraId?: string;
  format: string;
  eventKey: string;
  channel: string;
  type: string;
  label: string;
  /** What the adapter takes the type for; null: it does not know. */
  kind: string | null;
  state: 'pulse' | 'active' | 'inactive';
  happenedAt: Date;
  boxes: StoredEdgeBox[];
  size: { width: number; height: number } | null;
  rawKey: string;
  rawSha256: string;
  picture: StoredEdgePicture | null;
  pictureUrl: string | null;
  unknownFields: readonly string[];
  /** Kinds that findings may have. */
  findingKinds: readonly string[];
}

export interface TakenEdgeEvent {
  /** `repeated`: known already, or an active state that goes on. `ended`: the end of one. */
  taken: 'new' | 'repeated' | 'ended';
  id: string | null;
  outcome: 'waiting' | 'kept' | null;
  reason: EdgeReason | '';
}

/** Keeps what a box said, once. When it returns, the message may be acknowledged. */
export async function takeEdgeEvent(db: Database, event: NewEdgeEvent, now: Date): Promise<TakenEdgeEvent> {
  return await db.transaction().execute(async (tx) => {
    const lock = `edge|${event.gatewayId}|${event.channel}|${event.type}`;
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
    const known = await tx
      .selectFrom('edge_event')
      .select('id')
      .where('gateway_id', '=', event.gatewayId)
      .where('event_key', '=', event.eventKey)
      .executeTakeFirst();
    if (event.state === 'inactive') return await endActive(tx, event, now);
    if (known !== undefined) return { taken: 'repeated', id: known.id, outcome: null, reason: '' };
    if (event.state === 'active') {
      const id = await repeatActive(tx, event, now);
      if (id !== undefined) return { taken: 'repeated', id, outcome: null, reason: '' };
    }
    return await keepNew(tx, event, now);
  });
}

async function endActive(tx: Tx, event: NewEdgeEvent, now: Date): Promise<TakenEdgeEvent> {
  const ended = await tx
    .updateTable('edge_event')
    .set({ ended_at: now, last_at: now })
    .where('gateway_id', '=', event.gatewayId)
    .where('channel', '=', event.channel)
    .where('type', '=', event.type)
    .where('state', '=', 'active')
    .where('ended_at', 'is', null)
    .returning('id')
    .execute();
  return { taken: 'ended', id: ended[0]?.id ?? null, outcome: null, reason: '' };
}

/** The state goes on: makers send it again every few seconds. */
async function repeatActive(tx: Tx, event: NewEdgeEvent, now: Date): Promise<string | undefined> {
  const row = await tx
    .updateTable('edge_event')
    .set((eb) => ({ repeats: eb('repeats', '+', 1), last_at: now }))
    .where('gateway_id', '=', event.gatewayId)
    .where('channel', '=', event.channel)
    .where('type', '=', event.type)
    .where('state', '=', 'active')
    .where('ended_at', 'is', null)
    .where('last_at', '>', new Date(now.getTime() - SILENT_MS))
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

async function keepNew(tx: Tx, event: NewEdgeEvent, now: Date): Promise<TakenEdgeEvent> {
  const cameraId = event.cameraId ?? (await cameraOfChannel(tx, event.gatewayId, event.channel));
  const kind = (await mappedKind(tx, event)) ?? event.kind;
  const facts = { cameraKnown: cameraId !== undefined, kind, happenedAt: event.happenedAt };
  const { outcome, reason } = firstOutcome(facts, event.findingKinds, now);
  const { id } = await tx
    .insertInto('edge_event')
    .values({
      gateway_id: event.gatewayId,
      camera_id: cameraId ?? null,
      format: event.format,
      event_key: event.eventKey,
      channel: event.channel,
      type: event.type,
      label: event.label,
      kind,
      state: event.state,
      happened_at: event.happenedAt,
      received_at: now,
      last_at: now,
      ended_at: null,
      boxes: JSON.stringify(event.boxes),
      size: event.size === null ? null : JSON.stringify(event.size),
      raw_key: event.rawKey,
      raw_sha256: event.rawSha256,
      picture_url: event.pictureUrl,
      picture_state: event.picture !== null ? 'kept' : event.pictureUrl !== null ? 'wanted' : 'none',
      picture_error: null,
      picture: event.picture === null ? null : JSON.stringify(event.picture),
      outcome,
      reason,
      opinion: null,
      finding_id: null,
      next_at: now,
      claimed_by: null,
      claimed_until: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const unknown: [string, string][] = event.unknownFields.map((path) => ['field', path]);
  if (cameraId === undefined) unknown.push(['channel', event.channel]);
  if (kind === null) unknown.push(['type', event.type]);
  // In a fixed order, so that two events never wait for each other.
  for (const [what, name] of unknown.sort(([a, b], [c, d]) => `${a} ${b}`.localeCompare(`${c} ${d}`))) {
    await sql`
      insert into edge_unknown (gateway_id, format, what, name, count, first_at, last_at)
      values (${event.gatewayId}, ${event.format}, ${what}, ${name.slice(0, 200)}, 1, ${now}, ${now})
      on conflict (gateway_id, format, what, name)
      do update set count = edge_unknown.count + 1, last_at = excluded.last_at
    `.execute(tx);
  }
  return { taken: 'new', id, outcome, reason };
}

/** By assignment; else a camera of this gateway that bears the channel's name as its code. */
async function cameraOfChannel(tx: Tx, gatewayId: string, channel: string): Promise<string | undefined> {
  const assigned = await tx
    .selectFrom('edge_channel')
    .select('camera_id')
    .where('gateway_id', '=', gatewayId)
    .where('channel', '=', channel)
    .executeTakeFirst();
  if (assigned !== undefined) return assigned.camera_id;
  const named = await tx
    .selectFrom('camera')
    .select('id')
    .where('gateway_id', '=', gatewayId)
    .where('code', '=', channel)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return named?.id;
}

async function mappedKind(tx: Tx, event: NewEdgeEvent): Promise<string | undefined> {
  const row = await tx
    .selectFrom('edge_kind')
    .select('kind')
    .where('format', '=', event.format)
    .where('type', '=', event.type)
    .where((eb) => eb.or([eb('gateway_id', 'is', null), eb('gateway_id', '=', event.gatewayId)]))
    .orderBy('gateway_id', (order) => order.asc().nullsLast())
    .executeTakeFirst();
  return row?.kind;
}
