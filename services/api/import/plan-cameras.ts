/** Cameras of an import. */

import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { CameraTable } from '../../db/schema-registry.ts';
import { isOtherSource } from '../../domain/approval.ts';
import { said } from '../../domain/said.ts';
import { areaProblem } from '../camera-areas.ts';
import { askApproval, sourceOf } from '../commands/cameras.ts';
import { carriesCameraOf } from '../gateway-scope.ts';
import { rtspProblem } from '../rtsp-address.ts';
import type { Checked } from './check.ts';
import { saidOf } from './items.ts';
import { differences, given, type Planning } from './plan.ts';
import { drawnColumns } from './plan-drawing.ts';
import { merchantOf } from './plan-registry.ts';
import { zoneKey } from './world.ts';

type CameraItem = Checked['cameras'][number];

export function planCamera(planning: Planning, asked: CameraItem): void {
  const { world, plan, errors, sealer } = planning;
  const known = world.cameras.get(asked.value.code);
  const item = withKnownSource(asked, known);
  const { code, source, rtspUrl, rtspSubUrl, approvedElsewhere, lookIntervalS, enabled, name } = item.value;
  const before = errors.count;
  const merchant = merchantOf(planning, item, item.value.merchant);
  const zone = merchant && world.zones.get(zoneKey(merchant.id, item.value.zone));
  if (merchant !== undefined && zone === undefined) {
    errors.add(item, 'zone', said('merchant_has_no_zone', { zone: JSON.stringify(item.value.zone) }));
  }
  const gatewayId =
    merchant && gatewayOf(planning, item, { id: merchant.id, regionPath: merchant.regionPath }, known);
  checkAddress(planning, item, known);
  const area = areaProblem(item.value);
  if (area !== undefined) {
    const { field, ...why } = area;
    errors.add(item, field, why);
  }
  if (known !== undefined && merchant !== undefined && known.merchant_id !== merchant.id) {
    errors.add(item, 'code', said('camera_code_elsewhere'));
  }
  if (known !== undefined && known.removed_at === null && known.source !== source) {
    errors.add(item, 'source', said('camera_of_other_source', { source: known.source }));
  }
  if (errors.count > before || merchant === undefined || zone === undefined) return;
  const areas = drawnColumns(planning, item, merchant.id, known);
  if (errors.count > before) return;

  const columns = given({
    name: known === undefined ? name : saidOf(item).name,
    zone_id: zone.id,
    gateway_id: gatewayId ?? null,
    enabled,
    look_interval_s: lookIntervalS,
  });
  if (known === undefined) {
    plan.camera.insert.push({
      id: randomUUID(),
      code,
      merchant_id: merchant.id,
      source,
      rtsp_url_sealed: typeof rtspUrl === 'string' ? sealer.seal(rtspUrl) : null,
      rtsp_sub_url_sealed: typeof rtspSubUrl === 'string' ? sealer.seal(rtspSubUrl) : null,
      awaits_approval: approvedElsewhere !== true,
      ...columns,
      ...areas,
    });
    return;
  }
  const removed = known.removed_at !== null;
  const set = {
    ...differences<typeof columns>(known, columns),
    ...areas,
    ...addressColumns(planning, item, known),
    ...(isElsewhere(planning, item, known, gatewayId ?? null) && askApproval(planning.now)),
    ...(removed && { removed_at: null, source, awaits_approval: approvedElsewhere !== true }),
  };
  if (Object.keys(set).length === 0) plan.camera.unchanged += 1;
  else plan.camera.update.push({ id: known.id, set });
}

/** Of a known camera whose source the file leaves out, with the source that it has. */
function withKnownSource(item: CameraItem, known: Selectable<CameraTable> | undefined): CameraItem {
  if (known === undefined || saidOf(item).source !== undefined) return item;
  return { ...item, value: { ...item.value, source: known.source } };
}

/** The camera's gateway: null for RTSP; the one it has where none is named; undefined after an error. */
function gatewayOf(
  planning: Planning,
  item: CameraItem,
  merchant: { id: string; regionPath: string },
  known: Selectable<CameraTable> | undefined,
): string | null | undefined {
  const { source, gateway: code } = item.value;
  const { errors, world } = planning;
  if (source === 'rtsp') {
    if (typeof code !== 'string') return null;
    errors.add(item, 'gateway', said('rtsp_has_none'));
    return undefined;
  }
  if (code === undefined && known?.source === 'mqtt' && known.gateway_id !== null) return known.gateway_id;
  if (typeof code !== 'string') {
    errors.add(item, 'gateway', said('mqtt_needs_gateway'));
    return undefined;
  }
  const gateway = world.gateways.get(code);
  if (gateway !== undefined && carriesCameraOf(gateway, merchant)) return gateway.id;
  const quoted = JSON.stringify(code);
  errors.add(
    item,
    'gateway',
    gateway === undefined
      ? said('no_gateway', { code: quoted })
      : said('not_a_gateway_of_merchant', { code: quoted }),
  );
  return undefined;
}

function checkAddress(
  { errors }: Planning,
  item: CameraItem,
  known: Selectable<CameraTable> | undefined,
): void {
  const { source, rtspUrl, rtspSubUrl } = item.value;
  if (source === 'mqtt') {
    for (const [field, url] of Object.entries({ rtspUrl, rtspSubUrl })) {
      if (typeof url === 'string') errors.add(item, field, said('mqtt_has_none'));
    }
    return;
  }
  const subProblem = typeof rtspSubUrl === 'string' ? rtspProblem(rtspSubUrl) : undefined;
  if (subProblem !== undefined) errors.add(item, 'rtspSubUrl', subProblem);
  if (typeof rtspUrl === 'string') {
    const problem = rtspProblem(rtspUrl);
    if (problem !== undefined) errors.add(item, 'rtspUrl', problem);
  } else if (known?.rtsp_url_sealed == null) {
    errors.add(item, 'rtspUrl', said('rtsp_needs_address'));
  }
}

/** Its pictures will come from elsewhere, and nobody says that they were approved. */
function isElsewhere(
  planning: Planning,
  { value }: CameraItem,
  known: Selectable<CameraTable>,
  gatewayId: string | null,
): boolean {
  if (value.approvedElsewhere === true) return false;
  const there = sourceOf(planning, known);
  const pulled = value.source === 'rtsp';
  return isOtherSource(there, {
    rtspUrl: pulled ? (value.rtspUrl ?? there.rtspUrl) : null,
    rtspSubUrl: pulled && value.rtspSubUrl !== null ? (value.rtspSubUrl ?? there.rtspSubUrl) : null,
    gatewayId,
  });
}

/**
 * Sealing the same text twice gives other bytes: addresses are compared in the open, here in memory. One that cannot be opened any
 * more (another secret key) is sealed anew: that is what such a file is brought for.
 */
function addressColumns(planning: Planning, item: CameraItem, known: Selectable<CameraTable>) {
  const { source, rtspUrl, rtspSubUrl } = item.value;
  const opened = sourceOf(planning, known);
  const sealed = (
    url: string | null | undefined,
    there: string | null,
    kept: Buffer | null,
  ): Buffer | null => {
    if (source === 'mqtt' || url === null) return null;
    return url === undefined || there === url ? kept : planning.sealer.seal(url);
  };
  const main = sealed(rtspUrl ?? undefined, opened.rtspUrl, known.rtsp_url_sealed);
  const sub = sealed(rtspSubUrl, opened.rtspSubUrl, known.rtsp_sub_url_sealed);
  return {
    ...(main !== known.rtsp_url_sealed && { rtsp_url_sealed: main }),
    ...(sub !== known.rtsp_sub_url_sealed && { rtsp_sub_url_sealed: sub }),
  };
}
