import { sql } from 'kysely';
import type { ZoneArea } from '../domain/areas.ts';
import type { OpeningHours } from '../domain/hours.ts';
import type { CameraAreas, ScopedRule } from '../domain/rules.ts';
import type { Box, CameraSource, MetreLine, ZoneKind } from '../domain/words.ts';
import type { Database, Tx } from './database.ts';
import { ruleValues } from './rule-columns.ts';

/** All that gateway and workers need to know of one camera. */
export interface CameraRecord extends CameraAreas {
  id: string;
  code: string;
  name: string;
  source: CameraSource;
  gatewayId: string | null;
  rtspUrlSealed: Buffer | null;
  lookIntervalS: number;
  timestampAreas: Box[];
  /** Two points one metre apart on the floor, 0..1 of the picture; null: not drawn. */
  metreLine: MetreLine | null;
  /** Nobody approved what it sees yet: it is shown to who may approve it, and nothing is looked for. */
  awaitsApproval: boolean;
  zoneAreas: ZoneArea[];
  merchantId: string;
  merchantCode: string;
  zoneId: string;
  zoneKind: ZoneKind;
  regionId: string;
  regionPath: string;
  timeZone: string;
  openingHours: OpeningHours | null;
}

/** Zones that are drawn into the picture; those that were removed meanwhile are passed over. */
const zoneAreas = sql<ZoneArea[]>`(
  select coalesce(jsonb_agg(jsonb_build_object('zoneId', z.id, 'zoneKind', z.kind, 'area', drawn.part -> 'area') order by drawn.nr), '[]')
  from jsonb_array_elements(camera.zone_areas) with ordinality as drawn (part, nr)
  join zone as z on z.id = (drawn.part ->> 'zone')::uuid and z.merchant_id = camera.merchant_id
)`;

const select = (db: Database | Tx) =>
  db
    .selectFrom('camera')
    .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .innerJoin('zone', 'zone.id', 'camera.zone_id')
    .where('camera.removed_at', 'is', null)
    .where('camera.enabled', '=', true)
    .select([
      'camera.id',
      'camera.code',
      'camera.name',
      'camera.source',
      'camera.gateway_id as gatewayId',
      'camera.rtsp_url_sealed as rtspUrlSealed',
      // While a recheck runs the camera is looked at more often.
      sql<number>`least(camera.look_interval_s, (
        select min(boost.look_interval_s) from camera_boost as boost where boost.camera_id = camera.id
      ))`.as('lookIntervalS'),
      'camera.timestamp_areas as timestampAreas',
      'camera.metre_line as metreLine',
      'camera.awaits_approval as awaitsApproval',
      'camera.regions_of_interest as regionsOfInterest',
      'camera.ignore_areas as ignoreAreas',
      'camera.min_scores as minScores',
      'camera.min_sizes as minSizes',
      zoneAreas.as('zoneAreas'),
      'camera.merchant_id as merchantId',
      'merchant.code as merchantCode',
      'merchant.opening_hours as openingHours',
      'camera.zone_id as zoneId',
      'zone.kind as zoneKind',
      'merchant.region_id as regionId',
      'region.path as regionPath',
      'region.time_zone as timeZone',
    ]);

/** Enabled cameras that were not removed. */
export async function loadCameras(db: Database | Tx): Promise<CameraRecord[]> {
  return await select(db).execute();
}

/** One camera, if it is in service; else why it is not. What is new is taken from no other. */
export async function loadCameraInService(
  db: Database | Tx,
  id: string,
): Promise<CameraRecord | 'off' | 'removed' | 'unknown'> {
  const camera = await select(db).where('camera.id', '=', id).executeTakeFirst();
  if (camera !== undefined) return camera;
  const row = await db.selectFrom('camera').select('removed_at').where('id', '=', id).executeTakeFirst();
  if (row === undefined) return 'unknown';
  return row.removed_at === null ? 'off' : 'removed';
}

/** One camera, also when it is disabled or removed meanwhile: a look that was accepted is still judged. */
export async function loadCamera(db: Database | Tx, id: string): Promise<CameraRecord | undefined> {
  return await select(db).clearWhere().where('camera.id', '=', id).executeTakeFirst();
}

/** All rules with their region's path. */
export async function loadRules(db: Database | Tx): Promise<ScopedRule[]> {
  const rows = await db
    .selectFrom('rule')
    .leftJoin('region', 'region.id', 'rule.region_id')
    .selectAll('rule')
    .select('region.path as region_path')
    .execute();
  return rows.map((row) => ({
    kind: row.kind,
    ...ruleValues(row),
    regionPath: row.region_path,
    zoneKind: row.zone_kind,
  }));
}

/** A gateway with what its topics carry. `merchantCode` is `_` when it serves several merchants. */
export interface GatewayRecord {
  id: string;
  code: string;
  enabled: boolean;
  secretHash: string;
  regionCode: string;
  regionPath: string;
  timeZone: string;
  merchantId: string | null;
  merchantCode: string;
}

/** All gateways, or the one with this code. */
export async function loadGateways(db: Database | Tx, code?: string): Promise<GatewayRecord[]> {
  const rows = await db
    .selectFrom('gateway')
    .innerJoin('region', 'region.id', 'gateway.region_id')
    .leftJoin('merchant', 'merchant.id', 'gateway.merchant_id')
    .$if(code !== undefined, (query) => query.where('gateway.code', '=', code ?? ''))
    .select([
      'gateway.id',
      'gateway.code',
      'gateway.enabled',
      'gateway.secret_hash as secretHash',
      'region.code as regionCode',
      'region.path as regionPath',
      'region.time_zone as timeZone',
      'gateway.merchant_id as merchantId',
      'merchant.code as merchantCode',
    ])
    .execute();
  return rows.map((row) => ({ ...row, merchantCode: row.merchantCode ?? '_' }));
}
