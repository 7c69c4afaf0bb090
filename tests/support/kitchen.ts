/** One county with one kitchen, for tests that need a camera to exist. */
import { randomUUID } from 'node:crypto';
import type { Database } from '../../services/db/database.ts';
import type { ZoneKind } from '../../services/domain/words.ts';

export interface Kitchen {
  regionId: string;
  regionPath: string;
  merchantId: string;
  merchantCode: string;
  zoneId: string;
  gatewayId: string;
  gatewayCode: string;
  cameraId: string;
  cameraCode: string;
}

/** Writes region, merchant, zone, gateway and camera rows; codes are unique, so that many kitchens fit into one database. */
export async function seedKitchen(
  db: Database,
  options: {
    zoneKind?: ZoneKind;
    source?: 'mqtt' | 'rtsp';
    rtspUrlSealed?: Buffer;
    secretHash?: string;
  } = {},
): Promise<Kitchen> {
  const tag = randomUUID().slice(0, 8);
  const source = options.source ?? 'mqtt';
  const regionCode = `county-${tag}`;
  const region = await db
    .insertInto('region')
    .values({ code: regionCode, parent_id: null, path: regionCode, level: 'county', name: '测试县' })
    .returning(['id', 'path'])
    .executeTakeFirstOrThrow();
  const merchant = await db
    .insertInto('merchant')
    .values({
      code: `merchant-${tag}`,
      region_id: region.id,
      name: '第一小学食堂',
      type: 'school_canteen',
      licence_no: null,
      opening_hours: null,
    })
    .returning(['id', 'code'])
    .executeTakeFirstOrThrow();
  const zone = await db
    .insertInto('zone')
    .values({ merchant_id: merchant.id, code: 'z1', kind: options.zoneKind ?? 'cooking', name: '烹饪区' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const gateway = await db
    .insertInto('gateway')
    .values({
      code: `gateway-${tag}`,
      region_id: region.id,
      merchant_id: merchant.id,
      name: '网关',
      secret_hash: options.secretHash ?? 'none',
      state_since: null,
      last_seen_at: null,
    })
    .returning(['id', 'code'])
    .executeTakeFirstOrThrow();
  const camera = await db
    .insertInto('camera')
    .values({
      code: `camera-${tag}`,
      merchant_id: merchant.id,
      zone_id: zone.id,
      name: '灶台',
      source,
      gateway_id: source === 'mqtt' ? gateway.id : null,
      rtsp_url_sealed: source === 'rtsp' ? (options.rtspUrlSealed ?? Buffer.from('sealed')) : null,
      removed_at: null,
    })
    .returning(['id', 'code'])
    .executeTakeFirstOrThrow();
  return {
    regionId: region.id,
    regionPath: region.path,
    merchantId: merchant.id,
    merchantCode: merchant.code,
    zoneId: zone.id,
    gatewayId: gateway.id,
    gatewayCode: gateway.code,
    cameraId: camera.id,
    cameraCode: camera.code,
  };
}
