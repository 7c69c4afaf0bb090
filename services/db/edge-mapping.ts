/** What an operator says a box means: channels → cameras, types → kinds. Events that waited for it go on, whichever is said first. */
import { type RawBuilder, sql } from 'kysely';
import { firstOutcome, OLDEST_MS } from '../domain/edge-event.ts';
import type { Tx } from './database.ts';

/** What deciding needs: kinds that findings may have, and the time. */
export interface MappingOptions {
  findingKinds: readonly string[];
  now: Date;
}

/** @param cameraId null: the assignment is taken back. @returns events that go on now */
export async function assignChannel(
  tx: Tx,
  at: { gatewayId: string; channel: string; cameraId: string | null },
  options: MappingOptions,
): Promise<number> {
  const { gatewayId, channel, cameraId } = at;
  await tx
    .deleteFrom('edge_channel')
    .where('gateway_id', '=', gatewayId)
    .where('channel', '=', channel)
    .execute();
  if (cameraId === null) return 0;
  await tx
    .insertInto('edge_channel')
    .values({ gateway_id: gatewayId, channel, camera_id: cameraId })
    .execute();
  await tx
    .deleteFrom('edge_unknown')
    .where('gateway_id', '=', gatewayId)
    .where('what', '=', 'channel')
    .where('name', '=', channel)
    .execute();
  return await decideAnew(tx, sql`gateway_id = ${gatewayId} and channel = ${channel}`, options);
}

/** @param kind null: the mapping is taken back. @returns events that go on now */
export async function mapType(
  tx: Tx,
  at: { gatewayId: string | null; format: string; type: string; kind: string | null },
  options: MappingOptions,
): Promise<number> {
  const { gatewayId, format, type, kind } = at;
  await sql`
    delete from edge_kind
    where gateway_id is not distinct from ${gatewayId}::uuid and format = ${format} and type = ${type}
  `.execute(tx);
  if (kind === null) return 0;
  await tx.insertInto('edge_kind').values({ gateway_id: gatewayId, format, type, kind }).execute();
  const here = sql`format = ${format} and (${gatewayId}::uuid is null or gateway_id = ${gatewayId}::uuid)`;
  await sql`delete from edge_unknown where ${here} and what = 'type' and name = ${type}`.execute(tx);
  return await decideAnew(tx, sql`${here} and type = ${type}`, options);
}

/**
 * Decides once more what waited for an explanation: each event takes the camera and the kind that stand in the mapping now (a gateway's
 * own kind goes before that of all), and `firstOutcome` says whether that is enough.
 * @param which condition on edge_event. @returns events that go on now
 */
async function decideAnew(
  tx: Tx,
  which: RawBuilder<unknown>,
  { findingKinds, now }: MappingOptions,
): Promise<number> {
  const { rows } = await sql<{ id: string; cameraId: string | null; kind: string | null; happenedAt: Date }>`
    update edge_event set
      camera_id = case when reason = 'unknown_type' then camera_id else coalesce((
        select said.camera_id from edge_channel as said
        where said.gateway_id = edge_event.gateway_id and said.channel = edge_event.channel
      ), camera_id) end,
      kind = coalesce((
        select said.kind from edge_kind as said
        where said.format = edge_event.format and said.type = edge_event.type
          and (said.gateway_id is null or said.gateway_id = edge_event.gateway_id)
        order by said.gateway_id nulls last limit 1
      ), kind)
    where ${which} and outcome = 'kept' and reason in ('unknown_channel', 'unknown_type')
      and happened_at > ${new Date(now.getTime() - OLDEST_MS)}
    returning id, camera_id as "cameraId", kind, happened_at as "happenedAt"
  `.execute(tx);
  const decided = rows.map(({ id, cameraId, kind, happenedAt }) => ({
    id,
    ...firstOutcome({ cameraKnown: cameraId !== null, kind, happenedAt }, findingKinds, now),
  }));
  for (const [reason, events] of Map.groupBy(decided, (event) => event.reason)) {
    const [first] = events;
    if (first === undefined) continue;
    await sql`
      update edge_event set outcome = ${first.outcome}, reason = ${reason}, next_at = ${now}, attempts = 0
      where id = any (${events.map(({ id }) => id)}::uuid[])
    `.execute(tx);
  }
  return decided.filter(({ outcome }) => outcome === 'waiting').length;
}
