/** Every number of the overview opens a list that has as many rows, whatever the row is of. */
import { beforeAll, expect, test } from 'vitest';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { addAccount, as, type Call, useApi } from '../api/support.ts';
import { addFinding } from '../api/world.ts';

const api = useApi();
const SPAN = 'from=2026-11-01&to=2026-11-20';
const MEASURES = ['found', 'confirmed', 'issued'] as const;
let director: Call;
let countyHead: Call;

interface Figures {
  counts: Record<(typeof MEASURES)[number], number>;
  coverage: { cameras: number };
}
interface Numbers {
  totals: Figures;
  items: (Figures & { key: string; code: string | null })[];
}
interface Cameras {
  items: { camera: { code: string }; coverage: { cameras: number; observed: number | null } }[];
  nextCursor: string | null;
}

/** Merchants directly in the county, in a town, in a grid of it; cameras that came late, that went before, and that nobody saw. */
beforeAll(async () => {
  const { db } = api().context;
  const regions = new Map<string, string>();
  for (const [code, parent, path, level] of [
    ['county', null, 'county', 'county'],
    ['town', 'county', 'county.town', 'town'],
    ['grid', 'town', 'county.town.grid', 'grid'],
    ['town-2', 'county', 'county.town-2', 'town'],
  ] as const) {
    const parent_id = parent === null ? null : (regions.get(parent) ?? null);
    const row = await db
      .insertInto('region')
      .values({ code, path, parent_id, level, name: code })
      .returning('id')
      .executeTakeFirstOrThrow();
    regions.set(code, row.id);
  }
  const actorId = await addAccount(api(), 'judge', 'inspector');
  for (const [code, region, level, type, cameras] of [
    ['in-county', 'county', 'A', 'school_canteen', 3],
    ['in-town', 'town', 'B', 'restaurant', 2],
    ['in-grid', 'grid', 'A', 'restaurant', 4],
    ['in-town-2', 'town-2', 'D', 'restaurant', 1],
  ] as const) {
    const { id: merchant_id } = await db
      .insertInto('merchant')
      .values({ code, region_id: regions.get(region) ?? '', name: code, type, level })
      .returning('id')
      .executeTakeFirstOrThrow();
    const { id: zone_id } = await db
      .insertInto('zone')
      .values({ merchant_id, code: 'kitchen', kind: 'cooking', name: '后厨' })
      .returning('id')
      .executeTakeFirstOrThrow();
    for (let n = 1; n <= cameras + 2; n += 1) {
      const { id } = await db
        .insertInto('camera')
        .values({
          code: `${code}-${n}`,
          merchant_id,
          zone_id,
          name: `${n}`,
          source: 'rtsp',
          gateway_id: null,
          rtsp_url_sealed: Buffer.from('x'),
          created_at: new Date(n <= cameras ? '2026-10-01T00:00:00Z' : '2026-11-20T20:00:00Z'),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      if (n > cameras) continue;
      const at = new Date(Date.parse('2026-11-10T04:00:00Z') + n * 3_600_000);
      const findingId = await addFinding(api(), id, at);
      if (n < 3) await confirmFinding(db, { findingId, actorId, version: undefined, note: '' }, at);
      // Gone, with what was found by it.
      if (n === 3) {
        const gone = new Date('2026-10-20T00:00:00Z');
        await db.updateTable('camera').set({ removed_at: gone }).where('id', '=', id).execute();
      }
    }
  }
  director = await as(api(), 'director', 'director');
  countyHead = await as(api(), 'head', 'director', { regionId: regions.get('county') ?? '' });
});

const json = async <T>(call: Call, path: string): Promise<T> => {
  const answer = await call(`GET ${path}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<T>();
};

async function cameras(call: Call, query: string, limit: number): Promise<Cameras['items']> {
  const items: Cameras['items'] = [];
  let cursor: string | null = null;
  do {
    const at: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page: Cameras = await json(call, `/statistics/cameras?${SPAN}&${query}&limit=${limit}${at}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

test.each([
  ['groupBy=region', 1],
  ['groupBy=region&region=county', 3],
  ['groupBy=region&region=town', 2],
  ['groupBy=region&region=grid', 1],
  ['groupBy=town', 3],
  ['groupBy=town&region=county', 3],
  ['groupBy=merchant', 4],
  ['groupBy=merchant&region=town', 2],
  ['groupBy=level', 3],
  ['groupBy=type', 2],
  ['groupBy=zone', 1],
  ['groupBy=camera', 10],
  ['groupBy=kind', 1],
] as const)('%s: each row opens as many as it counts', async (query, rows) => {
  for (const call of [director, countyHead]) {
    const { totals, items } = await json<Numbers>(call, `/statistics?${SPAN}&${query}`);
    expect(items.filter(({ key }) => key !== '').length).toBeGreaterThanOrEqual(rows);
    const all = [{ ...totals, key: null }, ...items];
    for (const { key, counts, coverage } of all) {
      const group = key === null ? query : `${query}&key=${encodeURIComponent(key)}`;
      const behind = await cameras(call, group, 2);
      expect([group, behind.length]).toEqual([group, coverage.cameras]);
      expect(new Set(behind.map(({ camera }) => camera.code)).size).toBe(behind.length);
      for (const measure of MEASURES) {
        const list = await json<{ items: object[] }>(
          call,
          `/statistics/list?${SPAN}&${group}&measure=${measure}&limit=200`,
        );
        expect([group, measure, list.items.length]).toEqual([group, measure, counts[measure]]);
      }
    }
  }
});

test('the county itself counts what lies in none of its towns, and opens no more', async () => {
  const { items } = await json<Numbers>(director, `/statistics?${SPAN}&groupBy=region&region=county`);
  const itself = items.find(({ code }) => code === 'county');
  expect(itself?.coverage.cameras).toBe(2);
  const behind = await cameras(director, `groupBy=region&region=county&key=${itself?.key}`, 50);
  expect(behind.map(({ camera }) => camera.code)).toEqual(['in-county-1', 'in-county-2']);
});

test('those least observed come first, page after page', async () => {
  const { db } = api().context;
  const rows = await db
    .selectFrom('camera')
    .select(['id', 'code'])
    .where('code', 'like', 'in-grid-%')
    .execute();
  for (const { id, code } of rows) {
    const looked = { 'in-grid-1': 300, 'in-grid-2': 100, 'in-grid-4': 200 }[code];
    if (looked === undefined) continue;
    const minutes = { looked, unchanged: 0, dropped: 0, frozen: 0, blind: 0, offline: 0, closed: 0 };
    await db
      .insertInto('coverage_day')
      .values({ camera_id: id, day: '2026-11-05', ...minutes })
      .execute();
  }
  const behind = await cameras(director, 'region=grid', 1);
  expect(behind.map(({ camera }) => camera.code)).toEqual(['in-grid-2', 'in-grid-4', 'in-grid-1']);
  expect(await cameras(director, 'region=grid', 50)).toEqual(behind);
});
