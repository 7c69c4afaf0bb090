import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database, Tx } from '../../db/database.ts';
import { topicPrefix } from '../gateway-scope.ts';
import type { Gateway } from '../schemas/registry.ts';

export const selectGateways = (db: Database | Tx) =>
  db
    .selectFrom('gateway')
    .innerJoin('region', 'region.id', 'gateway.region_id')
    .leftJoin('merchant', 'merchant.id', 'gateway.merchant_id')
    .select([
      'gateway.id',
      'gateway.code',
      'gateway.name',
      'gateway.enabled',
      'gateway.state',
      'gateway.state_since',
      'gateway.last_seen_at',
      'gateway.created_at',
      'gateway.region_id',
      'region.path as regionPath',
      'region.code as region_code',
      'region.name as region_name',
      'gateway.merchant_id as merchantId',
      'merchant.code as merchant_code',
      'merchant.name as merchant_name',
      sql<number>`(select count(*)::int from camera where camera.gateway_id = gateway.id and camera.removed_at is null)`.as(
        'cameras',
      ),
      sql<number>`(select coalesce(sum(count), 0)::float8 from gateway_refusal where gateway_id = gateway.id)`.as(
        'refused',
      ),
    ]);

export type GatewayRow = Awaited<ReturnType<ReturnType<typeof selectGateways>['executeTakeFirstOrThrow']>>;

export function gatewayItem(row: GatewayRow): Static<typeof Gateway> {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    region: { id: row.region_id, code: row.region_code, path: row.regionPath, name: row.region_name },
    merchant:
      row.merchantId === null
        ? null
        : { id: row.merchantId, code: row.merchant_code ?? '', name: row.merchant_name ?? '' },
    enabled: row.enabled,
    state: row.state,
    stateSince: row.state_since?.toISOString() ?? null,
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    topicPrefix: topicPrefix(row.region_code, row.merchant_code, row.code),
    cameras: row.cameras,
    refused: row.refused,
    createdAt: row.created_at.toISOString(),
  };
}

/** What was refused of a gateway, by reason, newest first. */
export async function loadRefusals(db: Database, gatewayId: string) {
  const rows = await db
    .selectFrom('gateway_refusal')
    .selectAll()
    .where('gateway_id', '=', gatewayId)
    .orderBy('last_at', 'desc')
    .execute();
  return rows.map((row) => ({
    reason: row.reason,
    count: Number(row.count),
    lastAt: row.last_at.toISOString(),
    lastDetail: row.last_detail,
  }));
}

export async function loadGatewayCameras(db: Database, gatewayId: string) {
  return await db
    .selectFrom('camera')
    .leftJoin('camera_status', 'camera_status.camera_id', 'camera.id')
    .where('camera.gateway_id', '=', gatewayId)
    .where('camera.removed_at', 'is', null)
    .orderBy('camera.code')
    .select((eb) => [
      'camera.id',
      'camera.code',
      'camera.name',
      'camera.enabled',
      eb.fn.coalesce('camera_status.state', sql<'unknown'>`'unknown'`).as('state'),
    ])
    .execute();
}
