/** CSV: one row a camera; its merchant, zone, and if named its region and gateway, are taken from the same row. */

import { isDeepStrictEqual } from 'node:util';
import { CsvError, parse } from 'csv-parse/sync';
import { said } from '../../domain/said.ts';
import { type ImportErrors, type Item, type Items, noItems, type Section } from './items.ts';

/** Column → what it says. Columns may be left out, but for the first four. */
export const CSV_COLUMNS = {
  region: 'code of the region',
  merchant: 'code of the merchant',
  zone: 'code of the zone',
  camera: 'code of the camera',
  region_name: 'given: the region is made or changed',
  region_level: 'province, prefecture, county, town or grid',
  region_parent: 'code of the region above',
  merchant_name: 'given: the merchant is made or changed',
  merchant_type: 'restaurant, canteen, school_canteen, …; a new merchant without one is a restaurant',
  merchant_level: 'guarantor level A to D',
  licence_no: '',
  merchant_lat: 'degrees, WGS 84; with merchant_lon',
  merchant_lon: '',
  merchant_address: '',
  merchant_phone: '',
  zone_kind: 'given: the zone is made or changed',
  zone_name: 'a new zone without one is called by its code',
  gateway: 'code of the gateway; for source mqtt',
  gateway_name: 'given: the gateway is made or changed',
  camera_name: 'a new camera without one is called by its code',
  source: 'rtsp or mqtt; a new camera without one is rtsp where it has an address',
  rtsp_url: 'for source rtsp',
  rtsp_sub_url: 'the smaller stream of the same camera, if it has one',
  approved_elsewhere: 'true: somebody has approved what the camera sees; else it waits for that',
  look_interval_s: 'seconds, 5 to 60',
  enabled: 'true or false',
  privacy_masks:
    'JSON: a list of boxes [x1, y1, x2, y2] or polygons [[x, y], …] in 0..1; black in what leaves for the public',
  regions_of_interest: 'JSON, the same form: only what lies in them counts',
  ignore_areas: 'JSON, the same form: nothing in them counts',
  timestamp_areas: 'JSON, a list of boxes: the clock in the picture, which is no movement',
  zone_areas: 'JSON: [{"zone": code, "area": box or polygon}, …]; there the rules of that zone hold',
  metre_line: 'JSON: two points [[x1, y1], [x2, y2]] one metre apart on the floor',
  min_score_no_hat: '0 to 1; raises the rule’s own. An empty cell changes nothing, as everywhere',
  min_score_no_mask: '',
  min_score_rodent: '',
  min_size_no_hat: 'pixels; raises the rule’s own',
  min_size_no_mask: '',
  min_size_rodent: '',
} as const;
type Column = keyof typeof CSV_COLUMNS;
const NEEDED: readonly Column[] = ['region', 'merchant', 'zone', 'camera'];
const COLUMNS = Object.keys(CSV_COLUMNS) as Column[];

type Row = Partial<Record<Column, string>>;
/** A field: its column, what the row says, and what a new thing has where it says nothing. */
type Field = [column: Column, value: unknown, ifNew?: unknown];
const isSaid = (value: unknown): boolean => value !== undefined && value !== '';

const DRAWN = [
  ['privacyMasks', 'privacy_masks'],
  ['regionsOfInterest', 'regions_of_interest'],
  ['ignoreAreas', 'ignore_areas'],
  ['timestampAreas', 'timestamp_areas'],
  ['zoneAreas', 'zone_areas'],
  ['metreLine', 'metre_line'],
] as const satisfies [string, Column][];

const LIMITED = ['no_hat', 'no_mask', 'rodent'] as const;
/** Where an error of one kind's limit stands. */
const LIMIT_COLUMNS = Object.fromEntries(
  LIMITED.flatMap((kind) => [
    [`minScores.${kind}`, `min_score_${kind}`],
    [`minSizes.${kind}`, `min_size_${kind}`],
  ]),
);

export function readCsv(text: string, errors: ImportErrors): Items {
  const items = noItems();
  const rows = parseRows(text, errors);
  const seen = new Map<string, Item>();
  /** The same thing stands on many rows: it must be the same each time, and counts once. */
  const addOnce = (item: Item, key: string): void => {
    const before = seen.get(`${item.section}|${key}`);
    if (before === undefined) {
      seen.set(`${item.section}|${key}`, item);
      items[item.section].push(item);
      return;
    }
    // One row may say what another leaves out, where both come to the same.
    before.unsaid = (before.unsaid ?? []).filter((field) => item.unsaid?.includes(field));
    for (const field of new Set([...Object.keys(item.value), ...Object.keys(before.value)])) {
      if (isDeepStrictEqual(item.value[field], before.value[field])) continue;
      errors.add(
        item,
        field,
        said('differs_from_row', {
          value: JSON.stringify(item.value[field] ?? ''),
          row: before.row,
          before: JSON.stringify(before.value[field] ?? ''),
        }),
      );
    }
  };
  const merchantsOfGateway = new Map<string, Set<string>>();
  for (const { record } of rows) {
    if (!record.gateway || !record.gateway_name) continue;
    const merchants = merchantsOfGateway.get(record.gateway) ?? new Set();
    merchantsOfGateway.set(record.gateway, merchants.add(record.merchant ?? ''));
  }

  for (const { record: row, line } of rows) {
    const item = (section: Section, fields: Record<string, Field>): Item => {
      const had = Object.entries(fields).map(
        ([field, [, value, ifNew]]) => [field, isSaid(value) ? value : ifNew] as const,
      );
      const unsaid = Object.entries(fields).filter(([, [, value]]) => !isSaid(value));
      return {
        section,
        index: line,
        row: line,
        value: Object.fromEntries(had.filter(([, value]) => isSaid(value))),
        columns: Object.fromEntries(Object.entries(fields).map(([field, [column]]) => [field, column])),
        unsaid: unsaid.map(([field]) => field),
      };
    };
    const plain = (column: Column, ifNew?: string): Field => [column, row[column], ifNew];
    if (row.region_name) {
      const fields = {
        code: plain('region'),
        name: plain('region_name'),
        level: plain('region_level'),
        parent: plain('region_parent'),
      };
      addOnce(item('regions', fields), row.region ?? '');
    }
    if (row.merchant_name) {
      const fields = {
        code: plain('merchant'),
        region: plain('region'),
        name: plain('merchant_name'),
        type: plain('merchant_type', 'restaurant'),
        level: plain('merchant_level'),
        licenceNo: plain('licence_no'),
        place: ['merchant_lat', placeOf(row)] as Field,
        address: plain('merchant_address'),
        phone: plain('merchant_phone'),
      };
      addOnce(item('merchants', fields), row.merchant ?? '');
    }
    if (row.zone_kind) {
      const fields = {
        merchant: plain('merchant'),
        code: plain('zone'),
        kind: plain('zone_kind'),
        name: plain('zone_name', row.zone),
      };
      addOnce(item('zones', fields), `${row.merchant}|${row.zone}`);
    }
    if (row.gateway && row.gateway_name) {
      const shared = (merchantsOfGateway.get(row.gateway)?.size ?? 0) > 1;
      const fields = {
        code: plain('gateway'),
        region: plain('region'),
        merchant: ['merchant', shared ? null : row.merchant] as Field,
        name: plain('gateway_name'),
      };
      addOnce(item('gateways', fields), row.gateway);
    }
    const camera = item('cameras', {
      code: plain('camera'),
      merchant: plain('merchant'),
      zone: plain('zone'),
      name: plain('camera_name', row.camera),
      source: ['source', sourceOf(row), 'mqtt'],
      gateway: plain('gateway'),
      rtspUrl: plain('rtsp_url'),
      rtspSubUrl: plain('rtsp_sub_url'),
      approvedElsewhere: ['approved_elsewhere', asBoolean(row.approved_elsewhere)],
      lookIntervalS: ['look_interval_s', asNumber(row.look_interval_s)],
      enabled: ['enabled', asBoolean(row.enabled)],
      ...Object.fromEntries(DRAWN.map(([field, column]) => [field, [column, asJson(row[column])]])),
      minScores: ['min_score_no_hat', byKind(row, 'min_score')],
      minSizes: ['min_size_no_hat', byKind(row, 'min_size')],
    });
    camera.columns = { ...camera.columns, ...LIMIT_COLUMNS };
    items.cameras.push(camera);
  }
  return items;
}

function parseRows(text: string, errors: ImportErrors): { record: Row; line: number }[] {
  try {
    const rows = parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      skip_empty_lines: true,
      trim: true,
      info: true,
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    if (rows.length === 0) errors.addGeneral({ row: 1, field: '', ...said('file_has_no_rows') });
    const names = Object.keys(rows[0]?.record ?? {});
    for (const name of NEEDED) {
      if (rows.length > 0 && !names.includes(name))
        errors.addGeneral({ row: 1, field: name, ...said('column_missing') });
    }
    for (const name of names) {
      if (COLUMNS.some((known) => known === name)) continue;
      errors.addGeneral({
        row: 1,
        field: name,
        ...said('no_such_column', { columns: COLUMNS.join(', ') }),
      });
    }
    return rows.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    errors.addGeneral({
      row: Number(error.lines ?? 1),
      field: '',
      ...said('csv_unreadable', { why: error.message }),
    });
    return [];
  }
}

/** What the row says of it, if only by an address or a gateway. */
function sourceOf({ source, rtsp_url: address, gateway }: Row): string | undefined {
  if (source) return source;
  if (address) return 'rtsp';
  return gateway ? 'mqtt' : undefined;
}

/** A number where it is one; else the text, which the schema then refuses. */
function asNumber(text: string | undefined): unknown {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** What the JSON says; else the text, which the schema then refuses. */
function asJson(text: string | undefined): unknown {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Undefined when no kind has one. */
function byKind(row: Row, limit: 'min_score' | 'min_size'): unknown {
  const given = LIMITED.flatMap((kind) => {
    const text = row[`${limit}_${kind}`];
    return text === undefined || text === '' ? [] : [[kind, asNumber(text)]];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function placeOf({ merchant_lat: lat, merchant_lon: lon }: Row): unknown {
  if (!lat && !lon) return undefined;
  return { ...(lat && { lat: asNumber(lat) }), ...(lon && { lon: asNumber(lon) }) };
}

function asBoolean(text: string | undefined): unknown {
  if (text === undefined || text === '') return undefined;
  if (/^(true|yes|1|是)$/i.test(text)) return true;
  return /^(false|no|0|否)$/i.test(text) ? false : text;
}
