import type { Database } from '../../db/database.ts';
import type { EdgeEventItem } from '../schemas/edge.ts';

export const EDGE_PLACE = {
  regionPath: 'region.path',
  merchantId: 'gateway.merchant_id',
  cameraId: 'edge_event.camera_id',
};

/** Events with their gateway and camera; the place is the gateway's. */
export function selectEdgeEvents(db: Database) {
  return db
    .selectFrom('edge_event')
    .innerJoin('gateway', 'gateway.id', 'edge_event.gateway_id')
    .innerJoin('region', 'region.id', 'gateway.region_id')
    .leftJoin('camera', 'camera.id', 'edge_event.camera_id')
    .selectAll('edge_event')
    .select((eb) => [
      'gateway.code as gateway_code',
      'gateway.name as gateway_name',
      'gateway.merchant_id as merchantId',
      'region.path as regionPath',
      'edge_event.camera_id as cameraId',
      'camera.code as camera_code',
      'camera.name as camera_name',
      eb.cast<string>('edge_event.received_at', 'text').as('received_at_text'),
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectEdgeEvents>['executeTakeFirstOrThrow']>>;

export function edgeEventItem(row: Row): EdgeEventItem {
  return {
    id: row.id,
    gateway: { id: row.gateway_id, code: row.gateway_code, name: row.gateway_name },
    camera:
      row.camera_id === null
        ? null
        : { id: row.camera_id, code: row.camera_code ?? '', name: row.camera_name ?? '' },
    format: row.format as EdgeEventItem['format'],
    channel: row.channel,
    type: row.type,
    label: row.label,
    kind: row.kind,
    state: row.state,
    happenedAt: row.happened_at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    repeats: row.repeats,
    endedAt: row.ended_at?.toISOString() ?? null,
    outcome: row.outcome,
    reason: row.reason,
    opinion: row.opinion,
    findingId: row.finding_id,
    faultId: row.fault_id,
    picture: row.picture_state,
    pictureError: row.picture_error,
    sha256: row.raw_sha256,
    removedAt: row.removed_at?.toISOString() ?? null,
  };
}
