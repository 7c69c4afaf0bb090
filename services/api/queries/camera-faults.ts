import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import type { CameraFault } from '../schemas/camera-fault.ts';

/** Device tickets with their place: that of the camera's merchant, or of the gateway. */
export const selectFaults = (db: Database) =>
  db
    .selectFrom('camera_fault as fault')
    .leftJoin('camera', 'camera.id', 'fault.camera_id')
    .leftJoin('gateway', (join) =>
      join.on((eb) => eb('gateway.id', '=', eb.fn.coalesce('fault.gateway_id', 'camera.gateway_id'))),
    )
    .leftJoin('merchant', (join) =>
      join.on((eb) => eb('merchant.id', '=', eb.fn.coalesce('camera.merchant_id', 'gateway.merchant_id'))),
    )
    .innerJoin('region', (join) =>
      join.on((eb) => eb('region.id', '=', eb.fn.coalesce('merchant.region_id', 'gateway.region_id'))),
    )
    .leftJoin('account', 'account.id', 'fault.acknowledged_by')
    .selectAll('fault')
    .select([
      sql<string>`fault.opened_at::text`.as('opened_at_text'),
      'region.path as regionPath',
      'merchant.id as merchantId',
      'fault.camera_id as cameraId',
      'region.id as region_id',
      'region.code as region_code',
      'region.name as region_name',
      'merchant.code as merchant_code',
      'merchant.name as merchant_name',
      'camera.code as camera_code',
      'camera.name as camera_name',
      'gateway.id as carrier_id',
      'gateway.code as gateway_code',
      'gateway.name as gateway_name',
      'account.username',
    ]);

export type FaultRow = Awaited<ReturnType<ReturnType<typeof selectFaults>['executeTakeFirstOrThrow']>>;

export function faultItem(row: FaultRow): Static<typeof CameraFault> {
  return {
    id: row.id,
    kind: row.kind,
    camera:
      row.camera_id === null
        ? null
        : { id: row.camera_id, code: row.camera_code ?? '', name: row.camera_name ?? '' },
    gateway:
      row.carrier_id === null
        ? null
        : { id: row.carrier_id, code: row.gateway_code ?? '', name: row.gateway_name ?? '' },
    region: { id: row.region_id, code: row.region_code, path: row.regionPath, name: row.region_name },
    merchant:
      row.merchantId === null
        ? null
        : { id: row.merchantId, code: row.merchant_code ?? '', name: row.merchant_name ?? '' },
    cause: row.cause,
    edgeEventId: row.edge_event_id,
    detail: row.detail,
    openedAt: row.opened_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    muted: row.muted_by !== null,
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    acknowledgedBy: row.username,
  };
}
