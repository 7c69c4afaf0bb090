import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database, Tx } from '../../db/database.ts';
import { grantFor } from '../../db/live.ts';
import { isBox } from '../../domain/areas.ts';
import type { Area, FaultKind } from '../../domain/words.ts';
import type { ApiContext } from '../context.ts';
import type { Shown } from '../live-grant.ts';
import { rtspHost } from '../rtsp-address.ts';
import type { Camera, CameraBefore } from '../schemas/camera.ts';

interface FaultJson {
  id: string;
  kind: FaultKind;
  cause: string;
  since: string;
  muted: boolean;
  acknowledgedAt: string | null;
}

const openFaults = sql<FaultJson[]>`(
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', f.id, 'kind', f.kind, 'cause', f.cause, 'since', f.opened_at, 'muted', f.muted_by is not null,
    'acknowledgedAt', f.acknowledged_at
  ) order by f.opened_at, f.id), '[]')
  from camera_fault as f where f.camera_id = camera.id and f.closed_at is null
)`;

const reference = sql<{ approvedAt: string; approvedBy: string | null } | null>`(
  select jsonb_build_object('approvedAt', r.approved_at, 'approvedBy', a.username)
  from camera_reference as r left join account as a on a.id = r.approved_by
  where r.camera_id = camera.id and r.origin = 'approved'
)`;

const noticedAt = (kind: 'sign' | 'staff') => sql<Date | null>`(
  select max(n.recorded_at) from camera_notice as n where n.camera_id = camera.id and n.kind = ${kind}
)`;

/** By the zone's code; zones that were removed meanwhile are passed over. */
const drawnZones = sql<{ zone: string; area: Area }[]>`(
  select coalesce(jsonb_agg(jsonb_build_object('zone', z.code, 'area', drawn.part -> 'area') order by drawn.nr), '[]')
  from jsonb_array_elements(camera.zone_areas) with ordinality as drawn (part, nr)
  join zone as z on z.id = (drawn.part ->> 'zone')::uuid and z.merchant_id = camera.merchant_id
)`;

/** Condition: the camera has an open device ticket, or has none. */
export function hasOpenFault(yes: boolean): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select from camera_fault as f where f.camera_id = camera.id and f.closed_at is null) = ${yes}`;
}

export const selectCameras = (db: Database | Tx) =>
  db
    .selectFrom('camera')
    .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .innerJoin('zone', 'zone.id', 'camera.zone_id')
    .leftJoin('gateway', 'gateway.id', 'camera.gateway_id')
    .leftJoin('camera_status as status', 'status.camera_id', 'camera.id')
    .where('camera.removed_at', 'is', null)
    .selectAll('camera')
    .select([
      'merchant.id as merchantId',
      'camera.id as cameraId',
      'merchant.code as merchant_code',
      'merchant.name as merchant_name',
      'merchant.region_id',
      'region.path as regionPath',
      'region.code as region_code',
      'region.name as region_name',
      'zone.code as zone_code',
      'zone.kind as zone_kind',
      'zone.name as zone_name',
      'gateway.code as gateway_code',
      'gateway.name as gateway_name',
      'status.state',
      'status.cause',
      'status.state_since',
      'status.last_frame_at',
      'status.last_look_at',
      'status.picture_key',
      'status.picture_at',
      'status.source_info',
      openFaults.as('faults'),
      reference.as('reference'),
      drawnZones.as('drawn_zones'),
      noticedAt('sign').as('sign_at'),
      noticedAt('staff').as('staff_told_at'),
    ]);

export type CameraRow = Awaited<ReturnType<ReturnType<typeof selectCameras>['executeTakeFirstOrThrow']>>;

/** As the schema's arrays, which are not read-only. */
const plainArea = (area: Area): number[] | number[][] =>
  isBox(area) ? [...area] : area.map((corner) => [...corner]);

/** What is drawn into the picture, and the camera's own limits. */
export const drawnOn = (row: CameraRow): Required<Static<typeof CameraBefore>> => ({
  timestampAreas: row.timestamp_areas.map((box) => [...box]),
  regionsOfInterest: row.regions_of_interest.map(plainArea),
  ignoreAreas: row.ignore_areas.map(plainArea),
  minScores: row.min_scores,
  minSizes: row.min_sizes,
  privacyMasks: row.privacy_masks.map(plainArea),
  zoneAreas: row.drawn_zones.map(({ zone, area }) => ({ zone, area: plainArea(area) })),
  metreLine: row.metre_line?.map((point) => [...point]) ?? null,
});

/** @param shown which pictures the actor may see here */
export function cameraItem(context: ApiContext, row: CameraRow, shown: Shown): Static<typeof Camera> {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    source: row.source,
    enabled: row.enabled,
    lookIntervalS: row.look_interval_s,
    region: { id: row.region_id, code: row.region_code, path: row.regionPath, name: row.region_name },
    merchant: { id: row.merchantId, code: row.merchant_code, name: row.merchant_name },
    zone: { id: row.zone_id, code: row.zone_code, kind: row.zone_kind, name: row.zone_name },
    gateway:
      row.gateway_id === null
        ? null
        : { id: row.gateway_id, code: row.gateway_code ?? '', name: row.gateway_name ?? '' },
    rtspHost: row.rtsp_url_sealed === null ? null : rtspHost(context.sealer, row.rtsp_url_sealed),
    rtspSubHost: row.rtsp_sub_url_sealed === null ? null : rtspHost(context.sealer, row.rtsp_sub_url_sealed),
    ...drawnOn(row),
    awaitsApproval: row.awaits_approval,
    declined: row.declined,
    sourceChangedAt: row.source_changed_at?.toISOString() ?? null,
    signAt: row.sign_at === null ? null : new Date(row.sign_at).toISOString(),
    staffToldAt: row.staff_told_at === null ? null : new Date(row.staff_told_at).toISOString(),
    status: {
      state: row.state ?? 'unknown',
      cause: row.cause ?? '',
      stateSince: row.state_since?.toISOString() ?? null,
      lastFrameAt: row.last_frame_at?.toISOString() ?? null,
      lastLookAt: row.last_look_at?.toISOString() ?? null,
      width: row.source_info?.width ?? null,
      height: row.source_info?.height ?? null,
      codec: row.source_info?.codec ?? null,
    },
    picture: pictureOf(context, row, shown),
    faults: row.faults.map((fault) => ({
      ...fault,
      since: new Date(fault.since).toISOString(),
      acknowledgedAt: fault.acknowledgedAt === null ? null : new Date(fault.acknowledgedAt).toISOString(),
    })),
    reference: referenceOf(context, row, shown.stored),
    createdAt: row.created_at.toISOString(),
  };
}

function referenceOf(
  context: ApiContext,
  row: CameraRow,
  showPicture: boolean,
): Static<typeof Camera>['reference'] {
  if (row.reference === null) return null;
  const approvedAt = new Date(row.reference.approvedAt);
  const url = showPicture ? context.files.address('reference', row.id, String(approvedAt.getTime())) : null;
  return { approvedAt: approvedAt.toISOString(), approvedBy: row.reference.approvedBy, url };
}

/** Live: only under a grant, and logged by it. */
function pictureOf(context: ApiContext, row: CameraRow, shown: Shown): Static<typeof Camera>['picture'] {
  const grant = grantFor(shown.grants, row.id);
  if (grant === undefined || (row.awaits_approval && !shown.unapproved)) return null;
  if (row.picture_key === null || row.picture_at === null) return null;
  return {
    url: context.files.address('picture', row.id, String(row.picture_at.getTime()), grant.id),
    at: row.picture_at.toISOString(),
    ageS: Math.max(0, (context.now().getTime() - row.picture_at.getTime()) / 1000),
  };
}

/** Causes that differ only in seconds (`no picture for 37 s`) are one: `#` stands for them. */
export function causeGroup(column: string): RawBuilder<string> {
  return sql<string>`regexp_replace(coalesce(${sql.ref(column)}, ''), ' [0-9]+ s', ' # s', 'g')`;
}
