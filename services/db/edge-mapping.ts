/** What an operator says a box means: channels → cameras, types → kinds. Events that waited for it go on. */
import { sql } from 'kysely';
import { OLDEST_MS } from '../domain/edge-event.ts';
import type { Tx } from './database.ts';

/** @param cameraId null: the assignment is taken back. @returns events that go on now */
export async function assignChannel(
  tx: Tx,
  at: { gatewayId: string; channel: string; cameraId: string | null },
  now: Date,
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
  const result = await sql`
    update edge_event set camera_id = ${cameraId},
      outcome = case when kind is null then outcome else 'waiting' end,
      reason = case when kind is null then 'unknown_type' else '' end,
      next_at = ${now}, attempts = 0
    where gateway_id = ${gatewayId} and channel = ${channel} and outcome = 'kept' and reason = 'unknown_channel'
      and happened_at > ${new Date(now.getTime() - OLDEST_MS)}
  `.execute(tx);
  return Number(result.numAffectedRows ?? 0n);
}

/** @param kind null: the mapping is taken back. @returns events that go on now */
export async function mapType(
  tx: Tx,
  at: { gatewayId: string | null; format: string; type: string; kind: string | null },
  options: { findingKinds: readonly string[]; now: Date },
): Promise<number> {
  const { gatewayId, format, type, kind } = at;
  const { findingKinds, now } = options;
  await sql`
    delete from edge_kind
    where gateway_id is not distinct from ${gatewayId}::uuid and format = ${format} and type = ${type}
  `.execute(tx);
  if (kind === null) return 0;
  await tx.insertInto('edge_kind').values({ gateway_id: gatewayId, format, type, kind }).execute();
  const here = sql`format = ${format} and (${gatewayId}::uuid is null or gateway_id = ${gatewayId}::uuid)`;
  await sql`delete from edge_unknown where ${here} and what = 'type' and name = ${type}`.execute(tx);
  const goesOn = findingKinds.includes(kind);
  const reason = goesOn ? '' : kind === 'ignored' ? 'ignored_type' : 'camera_fault';
  const result = await sql`
    update edge_event set kind = ${kind}, outcome = ${goesOn ? 'waiting' : 'kept'}, reason = ${reason},
      next_at = ${now}, attempts = 0
    where ${here} and type = ${type} and outcome = 'kept' and reason = 'unknown_type'
      and happened_at > ${new Date(now.getTime() - OLDEST_MS)}
  `.execute(tx);
  return goesOn ? Number(result.numAffectedRows ?? 0n) : 0;
}
