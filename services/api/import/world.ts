/** What is there already of all that the file names, and what the file adds to it as it is read. */
import { isDeepStrictEqual } from 'node:util';
import { type Selectable, type SqlBool, sql } from 'kysely';
import type { Tx } from '../../db/database.ts';
import type {
  CameraTable,
  GatewayTable,
  MerchantTable,
  RegionTable,
  RuleTable,
  ZoneTable,
} from '../../db/schema-registry.ts';
import type { Checked } from './check.ts';

export interface KnownRegion {
  id: string;
  code: string;
  path: string;
  row?: Selectable<RegionTable>;
}
export interface KnownMerchant {
  id: string;
  regionId: string;
  regionPath: string;
  row?: Selectable<MerchantTable>;
}
export interface KnownGateway {
  id: string;
  merchantId: string | null;
  regionId: string;
  regionPath: string;
  row?: Selectable<GatewayTable>;
}

export interface World {
  regions: Map<string, KnownRegion>;
  merchants: Map<string, KnownMerchant>;
  /** By `merchant id|zone code`. */
  zones: Map<string, { id: string; row?: Selectable<ZoneTable> }>;
  gateways: Map<string, KnownGateway>;
  cameras: Map<string, Selectable<CameraTable>>;
  /** By `region id or nothing|zone kind or nothing|kind`. */
  rules: Map<string, Selectable<RuleTable>>;
}

export const zoneKey = (merchantId: string, code: string): string => `${merchantId}|${code}`;
export const ruleKey = (regionId: string | null, zoneKind: string | null, kind: string): string =>
  `${regionId ?? ''}|${zoneKind ?? ''}|${kind}`;

function unique(values: (string | null | undefined)[]): string[] {
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}

/** One parameter, however many values: an `in` list would end at 65,535. */
function oneOf(column: string, values: string[]) {
  return sql<SqlBool>`${sql.ref(column)} = any (${values}::text[])`;
}

/** Reads it in six statements, however many rows the file has. */
export async function loadWorld(tx: Tx, items: Checked): Promise<World> {
  const { merchants, zones, gateways, cameras } = items;
  const regionRows = await tx.selectFrom('region').selectAll().execute();
  const pathOf = new Map(regionRows.map((row) => [row.id, row.path]));
  const merchantCodes = unique([
    ...merchants.map(({ value }) => value.code),
    ...zones.map(({ value }) => value.merchant),
    ...gateways.map(({ value }) => value.merchant),
    ...cameras.map(({ value }) => value.merchant),
  ]);
  const merchantRows = await tx
    .selectFrom('merchant')
    .selectAll()
    .where(oneOf('code', merchantCodes))
    .execute();
  const merchantIds = merchantRows.map((row) => row.id);
  const zoneRows = await tx
    .selectFrom('zone')
    .selectAll()
    .where(sql<SqlBool>`merchant_id = any (${merchantIds}::uuid[])`)
    .execute();
  const gatewayCodes = unique([
    ...gateways.map(({ value }) => value.code),
    ...cameras.map(({ value }) => value.gateway),
  ]);
  const gatewayRows = await tx.selectFrom('gateway').selectAll().where(oneOf('code', gatewayCodes)).execute();
  const cameraRows = await tx
    .selectFrom('camera')
    .selectAll()
    .where(oneOf('code', unique(cameras.map(({ value }) => value.code))))
    .execute();
  const ruleRows = items.rules.length === 0 ? [] : await tx.selectFrom('rule').selectAll().execute();
  return {
    regions: new Map(
      regionRows.map((row) => [row.code, { id: row.id, code: row.code, path: row.path, row }]),
    ),
    merchants: new Map(
      merchantRows.map((row) => [
        row.code,
        { id: row.id, regionId: row.region_id, regionPath: pathOf.get(row.region_id) ?? '', row },
      ]),
    ),
    zones: new Map(zoneRows.map((row) => [zoneKey(row.merchant_id, row.code), { id: row.id, row }])),
    gateways: new Map(
      gatewayRows.map((row) => [
        row.code,
        {
          id: row.id,
          merchantId: row.merchant_id,
          regionId: row.region_id,
          regionPath: pathOf.get(row.region_id) ?? '',
          row,
        },
      ]),
    ),
    cameras: new Map(cameraRows.map((row) => [row.code, row])),
    rules: new Map(ruleRows.map((row) => [ruleKey(row.region_id, row.zone_kind, row.kind), row])),
  };
}

/** Equality of values as they lie in jsonb, where the order of keys means nothing. */
export function sameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b);
}
