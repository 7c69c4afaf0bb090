/** What inputs name by code: looked up in the actor's scope; what lies outside is "not there". */

import type { Database, Tx } from '../../db/database.ts';
import type { Action, Actor } from '../../domain/access.ts';
import { may } from '../../domain/access.ts';
import { said } from '../../domain/said.ts';
import { carriesCameraOf } from '../gateway-scope.ts';
import { invalid } from '../problem.ts';

const missing = (field: string, what: string, code: string) =>
  invalid({ field, ...said('no_such_code', { what, code: JSON.stringify(code) }) });

export interface RegionPlace {
  id: string;
  code: string;
  path: string;
  regionPath: string;
  merchantId: null;
}

/** @throws Problem that names the field */
export async function regionByCode(
  db: Database | Tx,
  actor: Actor,
  code: string,
  field = 'region',
  action: Action = 'registry.write',
): Promise<RegionPlace> {
  const row = await db
    .selectFrom('region')
    .select(['id', 'code', 'path'])
    .where('code', '=', code)
    .executeTakeFirst();
  const place = row && { ...row, regionPath: row.path, merchantId: null };
  if (place === undefined || !may(actor, action, place)) throw missing(field, 'region', code);
  return place;
}

/** The region of a policy; null (everywhere) stays null. */
export async function policyRegion(
  db: Database | Tx,
  actor: Actor,
  code: string | null | undefined,
  action: Action = 'registry.write',
) {
  return code === null || code === undefined ? null : await regionByCode(db, actor, code, 'region', action);
}

/** @throws Problem that names the field */
export async function merchantByCode(
  db: Database | Tx,
  actor: Actor,
  code: string,
  field = 'merchant',
  action: Action = 'registry.write',
) {
  const row = await db
    .selectFrom('merchant')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .select([
      'merchant.id',
      'merchant.id as merchantId',
      'merchant.region_id as regionId',
      'region.path as regionPath',
    ])
    .where('merchant.code', '=', code)
    .executeTakeFirst();
  if (row === undefined || !may(actor, action, row)) throw missing(field, 'merchant', code);
  return row;
}

/** @throws Problem that names the field */
export async function zoneByCode(db: Database | Tx, merchantId: string, code: string) {
  const row = await db
    .selectFrom('zone')
    .select('id')
    .where('merchant_id', '=', merchantId)
    .where('code', '=', code)
    .executeTakeFirst();
  if (row === undefined) {
    throw invalid({
      field: 'zone',
      ...said('zone_code_unknown', { code: JSON.stringify(code) }),
    });
  }
  return row;
}

/** A gateway that may carry this merchant's cameras: its own, or one of its region. @throws Problem that names the field */
export async function gatewayForMerchant(
  db: Database | Tx,
  actor: Actor,
  code: string,
  merchant: { id: string; regionPath: string },
) {
  const row = await db
    .selectFrom('gateway')
    .innerJoin('region', 'region.id', 'gateway.region_id')
    .select(['gateway.id', 'gateway.merchant_id as merchantId', 'region.path as regionPath'])
    .where('gateway.code', '=', code)
    .executeTakeFirst();
  if (row === undefined || !may(actor, 'registry.read', row)) throw missing('gateway', 'gateway', code);
  if (!carriesCameraOf(row, merchant)) {
    throw invalid({
      field: 'gateway',
      ...said('gateway_serves_others', { code: JSON.stringify(code) }),
    });
  }
  return row;
}

/** A camera that is not removed. @throws Problem that names the field */
export async function cameraByCode(db: Database | Tx, actor: Actor, code: string, field = 'camera') {
  const row = await db
    .selectFrom('camera')
    .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .select(['camera.id', 'camera.id as cameraId', 'merchant.id as merchantId', 'region.path as regionPath'])
    .where('camera.code', '=', code)
    .where('camera.removed_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined || !may(actor, 'registry.read', row)) throw missing(field, 'camera', code);
  return row;
}
