/** A county as it could be: towns, grids, merchants, kitchens, cameras, people. */
import type { Database } from '../../services/db/database.ts';
import type { ZoneKind } from '../../services/domain/words.ts';
import type { Random } from './random.ts';

export interface Camera {
  id: string;
  merchantId: string;
  zoneKind: ZoneKind;
}

export interface County {
  cameras: Camera[];
  /** Accounts. */
  inspectors: string[];
  accountOf: ReadonlyMap<string, string>;
}

const TOWNS = [
  '城关镇',
  '照镜镇',
  '黄堤镇',
  '中和镇',
  '徐营镇',
  '冯庄镇',
  '亢村镇',
  '史庄镇',
  '太山镇',
  '位庄乡',
  '大新庄乡',
  '同盟镇',
  '丰乐镇',
  '清水镇',
  '石桥镇',
  '东关街道',
];
const GRIDS_A_TOWN = 8;
const TYPES = [
  ['restaurant', 58],
  ['takeaway', 14],
  ['canteen', 10],
  ['school_canteen', 9],
  ['bakery', 9],
] as const;
const NAMES: Record<(typeof TYPES)[number][0], string> = {
  restaurant: '饭店',
  takeaway: '外卖',
  canteen: '食堂',
  school_canteen: '学校食堂',
  bakery: '烘焙坊',
};
const LEVELS = [
  ['A', 2],
  ['B', 10],
  ['C', 38],
  ['D', 50],
] as const;
const SECOND_ZONES: readonly ZoneKind[] = [
  'cutting',
  'meal_preparation',
  'special_room',
  'washing',
  'rough_processing',
];
const ZONE_NAMES: Partial<Record<ZoneKind, string>> = {
  cooking: '烹饪区',
  cutting: '切配区',
  meal_preparation: '备餐区',
  special_room: '专间',
  washing: '洗消区',
  rough_processing: '粗加工区',
};
const HOURS = JSON.stringify(
  Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [['08:00', '21:00']]]),
  ),
);
const INSPECTORS = 12;
/** Rows of one insert. */
const BATCH = 500;

/**
 * @param since when everything was registered: before the year begins, but for one camera in fifty that comes during it
 * @param timeZone of all regions
 */
export async function seedCounty(
  db: Database,
  random: Random,
  size: { merchants: number; cameras: number },
  since: Date,
  timeZone: string,
): Promise<County> {
  const grids = await seedRegions(db, timeZone);
  const countyId = grids.county;
  const merchants = await inBatches(
    Array.from({ length: size.merchants }, (_, index) => {
      const type = random.weighted(TYPES);
      return {
        code: `m${String(index + 1).padStart(5, '0')}`,
        // Towns differ in size: the first is the seat of the county.
        region_id: random.pick(random.pick([grids.towns[0] ?? [], random.pick(grids.towns)])),
        name: `第${index + 1}${NAMES[type]}`,
        type,
        level: random.weighted(LEVELS),
        licence_no: null,
        opening_hours: HOURS,
        created_at: since,
      };
    }),
    (rows) => db.insertInto('merchant').values(rows).returning(['id', 'region_id']).execute(),
  );
  // Every merchant has a camera over its stoves; the rest go to the kitchens that are larger.
  const places = merchants.map(({ id }) => ({ merchantId: id, zoneKind: 'cooking' as ZoneKind }));
  const used = new Set(places.map(({ merchantId, zoneKind }) => `${merchantId}|${zoneKind}`));
  while (places.length < size.cameras) {
    const place = { merchantId: random.pick(merchants).id, zoneKind: random.pick(SECOND_ZONES) };
    const key = `${place.merchantId}|${place.zoneKind}`;
    if (used.has(key)) continue;
    used.add(key);
    places.push(place);
  }
  const zones = await inBatches(
    places.map(({ merchantId, zoneKind }) => ({
      merchant_id: merchantId,
      code: zoneKind.replaceAll('_', '-'),
      kind: zoneKind,
      name: ZONE_NAMES[zoneKind] ?? zoneKind,
    })),
    (rows) => db.insertInto('zone').values(rows).returning(['id', 'merchant_id', 'kind']).execute(),
  );
  const { id: gatewayId } = await db
    .insertInto('gateway')
    .values({ code: 'box-1', region_id: countyId, merchant_id: null, name: '县级网关', secret_hash: 'none' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const zoneOf = new Map(zones.map((zone) => [`${zone.merchant_id}|${zone.kind}`, zone.id]));
  const cameras = await inBatches(
    places.map(({ merchantId, zoneKind }, index) => ({
      code: `c${String(index + 1).padStart(5, '0')}`,
      merchant_id: merchantId,
      zone_id: zoneOf.get(`${merchantId}|${zoneKind}`) ?? '',
      name: `${ZONE_NAMES[zoneKind]}摄像头`,
      source: 'mqtt' as const,
      gateway_id: gatewayId,
      rtsp_url_sealed: null,
      created_at: index % 50 === 49 ? new Date(since.getTime() + random.whole(40, 300) * 86_400_000) : since,
    })),
    (rows) => db.insertInto('camera').values(rows).returning(['id', 'merchant_id']).execute(),
  );
  const inspectors = await db
    .insertInto('account')
    .values(
      Array.from({ length: INSPECTORS }, (_, index) => ({
        username: `inspector-${index + 1}`,
        role: 'inspector' as const,
        password_hash: 'none',
        region_id: countyId,
      })),
    )
    .returning('id')
    .execute();
  const owners = await inBatches(
    merchants.map(({ id }, index) => ({
      username: `owner-${index + 1}`,
      role: 'merchant' as const,
      password_hash: 'none',
      merchant_id: id,
    })),
    (rows) => db.insertInto('account').values(rows).returning(['id', 'merchant_id']).execute(),
  );
  return {
    cameras: cameras.map(({ id, merchant_id }, index) => ({
      id,
      merchantId: merchant_id,
      zoneKind: places[index]?.zoneKind ?? 'cooking',
    })),
    inspectors: inspectors.map(({ id }) => id),
    accountOf: new Map(owners.map((one) => [one.merchant_id ?? '', one.id])),
  };
}

async function seedRegions(db: Database, timeZone: string): Promise<{ county: string; towns: string[][] }> {
  const add = async (
    code: string,
    name: string,
    level: 'county' | 'town' | 'grid',
    parent?: { id: string; path: string },
  ) =>
    await db
      .insertInto('region')
      .values({
        code,
        name,
        level,
        parent_id: parent?.id ?? null,
        path: parent === undefined ? code : `${parent.path}.${code}`,
        time_zone: timeZone,
      })
      .returning(['id', 'path'])
      .executeTakeFirstOrThrow();
  const county = await add('huojia', '获嘉县', 'county');
  const towns: string[][] = [];
  for (const [index, name] of TOWNS.entries()) {
    const town = await add(`town-${index + 1}`, name, 'town', county);
    const grids: string[] = [];
    for (let grid = 1; grid <= GRIDS_A_TOWN; grid += 1) {
      grids.push((await add(`town-${index + 1}-g${grid}`, `${name}第${grid}网格`, 'grid', town)).id);
    }
    towns.push(grids);
  }
  return { county: county.id, towns };
}

/** Inserts many rows, keeping their order. */
async function inBatches<Row, Kept>(
  rows: readonly Row[],
  insert: (rows: Row[]) => Promise<Kept[]>,
): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (let from = 0; from < rows.length; from += BATCH)
    kept.push(...(await insert(rows.slice(from, from + BATCH))));
  return kept;
}
