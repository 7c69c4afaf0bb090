import { isDeepStrictEqual } from 'node:util';
import type { Static } from 'typebox';
import type { Tx } from '../../db/database.ts';
import { auditedAddIn, auditedChange, auditedChangeIn } from '../../db/registry-audit.ts';
import type { Actor } from '../../domain/access.ts';
import { isOtherSource, type PictureSource } from '../../domain/approval.ts';
import { said } from '../../domain/said.ts';
import { type Areas, areaProblem } from '../camera-areas.ts';
import { changedMeanwhile } from '../changed-meanwhile.ts';
import type { ApiContext } from '../context.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { type CameraRow, drawnOn, selectCameras } from '../queries/cameras.ts';
import { gatewayForMerchant, merchantByCode, zoneByCode } from '../queries/refs.ts';
import { rtspProblem } from '../rtsp-address.ts';
import type { CameraBefore, CameraChange, NewCamera } from '../schemas/camera.ts';

/** @throws Problem: x1 < x2 and y1 < y2 must hold, polygons must not cross themselves */
function checkAreas(areas: Areas): void {
  const problem = areaProblem(areas);
  if (problem !== undefined) throw invalid(problem);
}

function areaColumns(areas: Areas & { minScores?: object; minSizes?: object }) {
  return {
    ...(areas.timestampAreas && { timestamp_areas: JSON.stringify(areas.timestampAreas) }),
    ...(areas.regionsOfInterest && { regions_of_interest: JSON.stringify(areas.regionsOfInterest) }),
    ...(areas.ignoreAreas && { ignore_areas: JSON.stringify(areas.ignoreAreas) }),
    ...(areas.privacyMasks && { privacy_masks: JSON.stringify(areas.privacyMasks) }),
    ...(areas.minSizes && { min_sizes: JSON.stringify(areas.minSizes) }),
    ...(areas.minScores && { min_scores: JSON.stringify(areas.minScores) }),
    ...(areas.metreLine !== undefined && {
      metre_line: areas.metreLine === null ? null : JSON.stringify(areas.metreLine),
    }),
  };
}

/** @throws Problem naming the field */
export function checkRtsp(url: string, field: 'rtspUrl' | 'rtspSubUrl'): void {
  const wrong = rtspProblem(url);
  if (wrong !== undefined) throw invalid({ field, ...wrong });
}

/** @returns its id @throws Problem naming the field */
export async function addCamera(
  context: ApiContext,
  actor: Actor,
  body: Static<typeof NewCamera>,
): Promise<string> {
  const { db, sealer } = context;
  const { code, source, gateway, rtspUrl, rtspSubUrl } = body;
  checkAreas(body);
  if (source === 'rtsp' && typeof rtspUrl !== 'string') {
    throw invalid({ field: 'rtspUrl', ...said('rtsp_needs_address') });
  }
  if (source === 'mqtt' && typeof gateway !== 'string') {
    throw invalid({ field: 'gateway', ...said('mqtt_needs_gateway') });
  }
  if (source === 'rtsp' && typeof gateway === 'string') {
    throw invalid({ field: 'gateway', ...said('rtsp_has_none') });
  }
  if (source === 'mqtt' && typeof rtspUrl === 'string') {
    throw invalid({ field: 'rtspUrl', ...said('mqtt_has_none') });
  }
  if (source === 'mqtt' && typeof rtspSubUrl === 'string') {
    throw invalid({ field: 'rtspSubUrl', ...said('mqtt_has_none') });
  }
  if (typeof rtspUrl === 'string') checkRtsp(rtspUrl, 'rtspUrl');
  if (typeof rtspSubUrl === 'string') checkRtsp(rtspSubUrl, 'rtspSubUrl');
  const merchant = await merchantByCode(db, actor, body.merchant);
  const zone = await zoneByCode(db, merchant.id, body.zone);
  const carrier = typeof gateway === 'string' ? await gatewayForMerchant(db, actor, gateway, merchant) : null;
  const zoneAreas = body.zoneAreas && (await drawnZones(context, merchant.id, body.zoneAreas));
  const columns = {
    zone_id: zone.id,
    name: body.name,
    source,
    gateway_id: carrier?.id ?? null,
    rtsp_url_sealed: typeof rtspUrl === 'string' ? sealer.seal(rtspUrl) : null,
    rtsp_sub_url_sealed: typeof rtspSubUrl === 'string' ? sealer.seal(rtspSubUrl) : null,
    awaits_approval: body.approvedElsewhere !== true,
    enabled: body.enabled ?? true,
    removed_at: null,
    ...(body.lookIntervalS && { look_interval_s: body.lookIntervalS }),
    ...areaColumns(body),
    ...(zoneAreas && { zone_areas: JSON.stringify(zoneAreas) }),
  };
  const upsert = async (tx: Tx): Promise<{ id: string }> => {
    const row = await tx
      .insertInto('camera')
      .values({ code, merchant_id: merchant.id, ...columns })
      .onConflict((conflict) =>
        conflict
          .column('code')
          .doUpdateSet(columns)
          .where('camera.removed_at', 'is not', null)
          .where('camera.merchant_id', '=', merchant.id),
      )
      .returning('id')
      .executeTakeFirst();
    if (row === undefined)
      throw new Problem('conflict', said('camera_code_taken', { code: JSON.stringify(code) }));
    return row;
  };
  const author = { actorId: actor.accountId, at: context.now() };
  return await db.transaction().execute(async (tx) => {
    const known = await tx.selectFrom('camera').select('id').where('code', '=', code).executeTakeFirst();
    const { id } = await (known === undefined
      ? auditedAddIn(tx, 'camera', author, upsert)
      : auditedChangeIn(tx, 'camera', known.id, author, upsert));
    return id;
  });
}

/** @throws Problem naming the field */
export async function changeCamera(
  context: ApiContext,
  actor: Actor,
  camera: CameraRow,
  body: Static<typeof CameraChange>,
): Promise<void> {
  const { db, sealer } = context;
  checkAreas(body);
  if (body.rtspUrl !== undefined) {
    if (camera.source === 'mqtt') {
      throw invalid({ field: 'rtspUrl', ...said('mqtt_has_none') });
    }
    checkRtsp(body.rtspUrl, 'rtspUrl');
  }
  if (typeof body.rtspSubUrl === 'string') {
    if (camera.source === 'mqtt') {
      throw invalid({ field: 'rtspSubUrl', ...said('mqtt_has_none') });
    }
    checkRtsp(body.rtspSubUrl, 'rtspSubUrl');
  }
  if (body.gateway !== undefined && camera.source === 'rtsp') {
    throw invalid({ field: 'gateway', ...said('rtsp_has_none') });
  }
  const merchant = { id: camera.merchantId, regionPath: camera.regionPath };
  const zone = body.zone === undefined ? undefined : await zoneByCode(db, merchant.id, body.zone);
  const zoneAreas = body.zoneAreas && (await drawnZones(context, merchant.id, body.zoneAreas));
  const carrier =
    body.gateway === undefined ? undefined : await gatewayForMerchant(db, actor, body.gateway, merchant);
  const now = context.now();
  const there = sourceOf(context, camera);
  const isOther = isOtherSource(there, {
    rtspUrl: body.rtspUrl ?? there.rtspUrl,
    rtspSubUrl: body.rtspSubUrl === undefined ? there.rtspSubUrl : body.rtspSubUrl,
    gatewayId: carrier?.id ?? there.gatewayId,
  });
  await auditedChange(db, 'camera', camera.id, { actorId: actor.accountId, at: now }, async (tx) => {
    if (body.before !== undefined) await checkUnchanged(tx, camera.id, body.before);
    await tx
      .updateTable('camera')
      .set({
        id: camera.id,
        ...(zone && { zone_id: zone.id }),
        ...(carrier && { gateway_id: carrier.id }),
        ...(body.name && { name: body.name }),
        ...(body.rtspUrl && { rtsp_url_sealed: sealer.seal(body.rtspUrl) }),
        ...(body.rtspSubUrl !== undefined && {
          rtsp_sub_url_sealed: body.rtspSubUrl === null ? null : sealer.seal(body.rtspSubUrl),
        }),
        ...(body.enabled !== undefined && { enabled: body.enabled }),
        ...(body.lookIntervalS && { look_interval_s: body.lookIntervalS }),
        ...areaColumns(body),
        ...(zoneAreas && { zone_areas: JSON.stringify(zoneAreas) }),
        ...(isOther && askApproval(now)),
      })
      .where('id', '=', camera.id)
      .execute();
  });
}

/** The row is locked: it stays as it was looked at. @throws Problem that names what somebody changed meanwhile */
async function checkUnchanged(tx: Tx, cameraId: string, before: Static<typeof CameraBefore>): Promise<void> {
  const row = await selectCameras(tx).where('camera.id', '=', cameraId).executeTakeFirst();
  if (row === undefined) throw notFound('camera');
  const now = drawnOn(row);
  const names = Object.keys(before) as (keyof typeof before)[];
  const moved = names.filter((name) => !isDeepStrictEqual(before[name], now[name]));
  if (moved.length > 0) throw changedMeanwhile(moved);
}

/** Columns of a camera whose pictures come from elsewhere now: nothing is looked for in them before a person approved one. */
export const askApproval = (now: Date) => ({
  awaits_approval: true,
  source_changed_at: now,
  // That was another picture.
  declined: null,
});

/** An address that cannot be opened any more is none: the next one is another. */
export function sourceOf(
  { sealer }: Pick<ApiContext, 'sealer'>,
  camera: Pick<CameraRow, 'rtsp_url_sealed' | 'rtsp_sub_url_sealed'> & { gateway_id: string | null },
): PictureSource {
  const opened = (sealed: Buffer | null): string | null => {
    try {
      return sealed === null ? null : sealer.open(sealed);
    } catch {
      return null;
    }
  };
  return {
    rtspUrl: opened(camera.rtsp_url_sealed),
    rtspSubUrl: opened(camera.rtsp_sub_url_sealed),
    gatewayId: camera.gateway_id,
  };
}

/** Zones by id, as they are kept. @throws Problem naming the one that is none of this merchant */
async function drawnZones(
  { db }: ApiContext,
  merchantId: string,
  drawn: NonNullable<Static<typeof CameraChange>['zoneAreas']>,
) {
  const zones = await db
    .selectFrom('zone')
    .select(['id', 'code'])
    .where('merchant_id', '=', merchantId)
    .execute();
  return drawn.map(({ zone, area }, i) => {
    const found = zones.find(({ code }) => code === zone);
    if (found !== undefined) return { zone: found.id, area };
    throw invalid({ field: `zoneAreas.${i}.zone`, ...said('no_such_zone_of_merchant') });
  });
}
