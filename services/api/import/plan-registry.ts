/** Regions, merchants, zones and gateways of an import. */

import { randomUUID } from 'node:crypto';
import { hashGatewaySecret, newGatewaySecret } from '../../db/gateway-secret.ts';
import { may } from '../../domain/access.ts';
import { type Said, said } from '../../domain/said.ts';
import { mayEverywhere } from '../scope.ts';
import { checkTimeZone } from '../time-zone.ts';
import type { Checked } from './check.ts';
import { type Item, saidOf } from './items.ts';
import { differences, given, type Planning } from './plan.ts';
import { type KnownMerchant, type KnownRegion, sameJson, zoneKey } from './world.ts';

const noSuch = (what: string, code: string): Said =>
  said('no_such_code', { what, code: JSON.stringify(code) });

/** The region, if it is there and in scope; else the error is noted. */
export function regionOf(
  planning: Planning,
  item: Item<unknown>,
  code: string,
  field = 'region',
): KnownRegion | undefined {
  const region = planning.world.regions.get(code);
  if (
    region !== undefined &&
    may(planning.actor, 'registry.write', { regionPath: region.path, merchantId: null })
  ) {
    return region;
  }
  planning.errors.add(item, field, noSuch('region', code));
  return undefined;
}

export function merchantOf(planning: Planning, item: Item<unknown>, code: string): KnownMerchant | undefined {
  const merchant = planning.world.merchants.get(code);
  const place = merchant && { regionPath: merchant.regionPath, merchantId: merchant.id };
  if (merchant !== undefined && place !== undefined && may(planning.actor, 'registry.write', place))
    return merchant;
  planning.errors.add(item, 'merchant', noSuch('merchant', code));
  return undefined;
}

/** Parents may stand after their children in the file: items wait until their parent is known. */
export function planRegions(planning: Planning, items: Checked['regions']): void {
  let waiting = items;
  for (;;) {
    const codes = new Set(waiting.map(({ value }) => value.code));
    const ready = waiting.filter(
      ({ value }) => !codes.has(value.parent ?? '') || value.parent === value.code,
    );
    for (const item of ready) planRegion(planning, item);
    const later = waiting.filter((item) => !ready.includes(item));
    if (ready.length === 0) {
      for (const item of later) planning.errors.add(item, 'parent', said('regions_in_a_circle'));
      return;
    }
    if (later.length === 0) return;
    waiting = later;
  }
}

function planRegion(planning: Planning, item: Checked['regions'][number]): void {
  const { world, plan, errors, actor } = planning;
  const { code, parent, level, name, timeZone } = item.value;
  try {
    checkTimeZone(timeZone);
  } catch {
    errors.add(item, 'timeZone', said('not_a_time_zone', { timeZone: JSON.stringify(timeZone) }));
    return;
  }
  const known = world.regions.get(code);
  if (known?.row !== undefined) {
    if (regionOf(planning, item, code, 'code') === undefined) return;
    const parentCode = known.path.split('.').at(-2) ?? null;
    if (parent !== undefined && parent !== parentCode) {
      errors.add(item, 'parent', said('region_cannot_move', { parent: parentCode ?? 'none' }));
      return;
    }
    const set = differences(known.row, { level, name, ...(timeZone && { time_zone: timeZone }) });
    if (Object.keys(set).length === 0) plan.region.unchanged += 1;
    else plan.region.update.push({ id: known.id, set });
    return;
  }
  if (parent === undefined || parent === null) {
    if (!mayEverywhere(actor)) {
      errors.add(item, 'parent', said('region_needs_parent'));
      return;
    }
  }
  const above = typeof parent === 'string' ? regionOf(planning, item, parent, 'parent') : undefined;
  if (typeof parent === 'string' && above === undefined) return;
  const id = randomUUID();
  const path = above === undefined ? code : `${above.path}.${code}`;
  world.regions.set(code, { id, code, path });
  const optional = timeZone === undefined ? {} : { time_zone: timeZone };
  plan.region.insert.push({ id, code, parent_id: above?.id ?? null, path, level, name, ...optional });
}

export function planMerchant(planning: Planning, item: Checked['merchants'][number]): void {
  const { world, plan } = planning;
  const { code, name, type, level, licenceNo, openingHours, place, address, phone } = item.value;
  const region = regionOf(planning, item, item.value.region);
  if (region === undefined) return;
  const known = world.merchants.get(code);
  const hours = openingHours === null || openingHours === undefined ? null : JSON.stringify(openingHours);
  if (known?.row === undefined) {
    const id = randomUUID();
    world.merchants.set(code, { id, regionId: region.id, regionPath: region.path });
    const optional = given({ level, address, phone, lat: place?.lat, lon: place?.lon });
    plan.merchant.insert.push({
      id,
      code,
      region_id: region.id,
      name,
      type,
      licence_no: licenceNo ?? null,
      opening_hours: hours,
      ...optional,
    });
    return;
  }
  if (
    merchantOf(
      planning,
      { ...item, columns: { ...item.columns, merchant: item.columns?.code ?? 'code' } },
      code,
    ) === undefined
  )
    return;
  const set = {
    ...differences(
      known.row,
      given({
        name,
        type: saidOf(item).type,
        level,
        licence_no: licenceNo,
        region_id: region.id,
        address,
        phone,
      }),
    ),
    ...(place !== undefined && differences(known.row, { lat: place?.lat ?? null, lon: place?.lon ?? null })),
    ...(openingHours !== undefined &&
      !sameJson(openingHours, known.row.opening_hours) && { opening_hours: hours }),
  };
  if (Object.keys(set).length === 0) plan.merchant.unchanged += 1;
  else plan.merchant.update.push({ id: known.id, set });
  world.merchants.set(code, { ...known, regionId: region.id, regionPath: region.path });
}

export function planZone(planning: Planning, item: Checked['zones'][number]): void {
  const { world, plan } = planning;
  const { code, kind, name } = item.value;
  const merchant = merchantOf(planning, item, item.value.merchant);
  if (merchant === undefined) return;
  const key = zoneKey(merchant.id, code);
  const known = world.zones.get(key);
  if (known?.row === undefined) {
    const id = randomUUID();
    world.zones.set(key, { id });
    plan.zone.insert.push({ id, merchant_id: merchant.id, code, kind, name });
    return;
  }
  const set = differences(known.row, given({ kind, name: saidOf(item).name }));
  if (Object.keys(set).length === 0) plan.zone.unchanged += 1;
  else plan.zone.update.push({ id: known.id, set });
}

export async function planGateway(planning: Planning, item: Checked['gateways'][number]): Promise<void> {
  const { world, plan, errors, actor } = planning;
  const { code, name, enabled } = item.value;
  const region = regionOf(planning, item, item.value.region);
  if (region === undefined) return;
  const merchantCode = item.value.merchant;
  const merchant = typeof merchantCode === 'string' ? merchantOf(planning, item, merchantCode) : null;
  if (merchant === undefined) return;
  if (merchant !== null && merchant.regionId !== region.id) {
    errors.add(
      item,
      'merchant',
      said('merchant_in_other_region', { merchant: JSON.stringify(merchantCode) }),
    );
    return;
  }
  const known = world.gateways.get(code);
  if (known?.row !== undefined) {
    const place = { regionPath: known.regionPath, merchantId: known.merchantId };
    if (!may(actor, 'registry.write', place)) return errors.add(item, 'code', noSuch('gateway', code));
    if (known.regionId !== region.id) return errors.add(item, 'region', said('gateway_bound_to_region'));
    if (known.merchantId !== (merchant?.id ?? null)) {
      return errors.add(item, 'merchant', said('gateway_bound_to_merchant'));
    }
    const set = differences(known.row, given({ name, enabled }));
    if (Object.keys(set).length === 0) plan.gateway.unchanged += 1;
    else plan.gateway.update.push({ id: known.id, set });
    return;
  }
  const id = randomUUID();
  const password = newGatewaySecret();
  world.gateways.set(code, {
    id,
    merchantId: merchant?.id ?? null,
    regionId: region.id,
    regionPath: region.path,
  });
  plan.secrets.push({ gateway: code, username: code, password });
  plan.gateway.insert.push({
    id,
    code,
    region_id: region.id,
    merchant_id: merchant?.id ?? null,
    name,
    secret_hash: await hashGatewaySecret(password),
    enabled: enabled ?? true,
  });
}
