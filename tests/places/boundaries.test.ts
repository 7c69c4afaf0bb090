/** Boundaries of regions and places of merchants through the API: who brings them, who sees them, what is kept of it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { boundsOf, type Polygons } from '../../services/domain/boundary.ts';
import { gcj02OfWgs84 } from '../../services/domain/gcj02.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';
import { collection, feature, field } from './shapes.ts';

const api = useApi();
let world: World;
let call: Record<'operator' | 'director' | 'eastern' | 'inspector' | 'merchant', Call>;

beforeAll(async () => {
  world = await addWorld(api());
  const { county, east, eastMerchant } = world;
  call = {
    operator: await as(api(), 'operator', 'operator'),
    director: await as(api(), 'director', 'director', { regionId: county }),
    eastern: await as(api(), 'eastern', 'operator', { regionId: east }),
    inspector: await as(api(), 'inspector', 'inspector', { regionId: east }),
    merchant: await as(api(), 'merchant', 'merchant', { merchantId: eastMerchant }),
  };
});

const FILE = collection(
  feature({ code: 'east', name: '东镇' }, field(0, 0)),
  feature({ name: 'east-west' }, field(1, 0)),
  feature({ name: '无此镇' }, field(2, 0)),
);
const ORIGIN = { system: 'wgs84', source: '民政局 2026', licence: '政务内部使用' };
const imported = (who: Call, more: object = {}) =>
  who('POST /region-boundaries/import', { ...ORIGIN, dryRun: false, collection: FILE, ...more });

interface RegionMap {
  region: { region: { code: string }; outline: number[][][][] | null } | null;
  below: { region: { code: string }; outline: number[][][][] | null; source: string | null }[];
}
const mapOf = async (who: Call, region?: string): Promise<RegionMap> =>
  (
    await who(`GET /region-boundaries/map${region === undefined ? '' : `?region=${region}`}`)
  ).json<RegionMap>();

/** West, south, east and north edge, to some 10 m. */
const edgesOf = (outline: number[][][][] | null | undefined) =>
  boundsOf((outline ?? []) as Polygons).map((degrees) => degrees.toFixed(4));
const EAST_EDGES = edgesOf([[field(0, 0)]]);

describe('boundaries', () => {
  test('a dry run says which feature is which region, and writes nothing', async () => {
    const answer = (await imported(call.operator, { dryRun: true })).json();
    expect(answer).toMatchObject({ dryRun: true, written: 2, missing: [] });
    expect(answer.features).toMatchObject([
      { index: 0, name: '东镇', region: { code: 'east' }, by: 'code', why: null, replaces: false },
      { index: 1, name: 'east-west', region: { code: 'east-west' }, by: 'name', why: null },
      { index: 2, name: '无此镇', region: null, by: null, why: 'none', points: 0 },
    ]);
    expect(answer.features[0].points).toBeGreaterThan(50);
    expect((await mapOf(call.director)).below.map(({ outline }) => outline)).toEqual([null, null]);
  });

  test('what was imported stands on the map of the region above, with where it is from', async () => {
    const one = collection(feature({ code: 'east' }, field(0, 0)));
    const partly = (await imported(call.operator, { collection: one })).json();
    expect(partly).toMatchObject({ written: 1, missing: [{ code: 'east-west' }] });
    expect((await imported(call.operator)).json()).toMatchObject({
      written: 2,
      missing: [],
      features: [{ replaces: true }, { replaces: false }, { replaces: false }],
    });
    const { region, below } = await mapOf(call.director);
    expect(region).toMatchObject({ region: { code: 'county' }, outline: null });
    expect(below).toMatchObject([
      { region: { code: 'east' }, source: '民政局 2026' },
      { region: { code: 'east-west' }, source: '民政局 2026' },
    ]);
    expect(edgesOf(below[0]?.outline)).toEqual(EAST_EDGES);
    // One who has all regions sees the roots first, and any level when asked.
    expect((await mapOf(call.operator)).below.map(({ region: one }) => one.code)).toEqual(['county']);
    expect((await mapOf(call.operator, 'east')).region?.outline).not.toBeNull();
  });

  test('degrees of map sites are converted', async () => {
    const shifted = field(0, 0).map(gcj02OfWgs84);
    const east = { collection: collection(feature({ code: 'east' }, shifted)) };
    await imported(call.operator, east);
    // Taken for what it is not, it lies half a kilometre away.
    expect(edgesOf((await mapOf(call.director, 'east')).region?.outline)).not.toEqual(EAST_EDGES);
    await imported(call.operator, { ...east, system: 'gcj02' });
    expect(edgesOf((await mapOf(call.director, 'east')).region?.outline)).toEqual(EAST_EDGES);
    const list = (await call.operator('GET /region-boundaries?there=true')).json();
    expect(list.items).toMatchObject([
      { region: { code: 'east' }, boundary: { system: 'gcj02', importedBy: 'operator' } },
      { region: { code: 'east-west' }, boundary: { system: 'wgs84' } },
    ]);
  });

  test('a fault names the feature, and nothing is written', async () => {
    const bad = collection(
      feature({ code: 'east', name: '东镇' }, field(0, 0)),
      feature({ code: 'east-west', name: '西镇' }, [
        [4e7, 3e6],
        [1, 1],
        [2, 2],
      ]),
    );
    const before = await mapOf(call.director);
    const answer = await imported(call.operator, { collection: bad });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors).toMatchObject([
      {
        field: 'collection.features.1.geometry.coordinates.0.0',
        message: expect.stringMatching(/西镇.*not in degrees/),
      },
    ]);
    expect(await mapOf(call.director)).toEqual(before);
    const nobody = await imported(call.operator, {
      collection: collection(feature({ name: '无' }, field(0, 0))),
    });
    expect(nobody.json().errors).toMatchObject([
      { field: 'collection', message: 'no feature matches a region of this account' },
    ]);
    const wrong = await imported(call.operator, { assign: { '2': 'nowhere' } });
    expect(wrong.json().errors).toMatchObject([{ field: 'assign.2' }]);
    const unsaid = await imported(call.operator, { licence: ' ' });
    expect(unsaid.json().errors).toMatchObject([{ field: 'licence' }]);
  });

  test('a person may say which feature is which, or leave one out', async () => {
    const answer = (
      await imported(call.operator, { dryRun: true, assign: { '2': 'county', '1': null } })
    ).json();
    expect(answer.features.map((one: { by: string; why: string }) => one.by ?? one.why)).toEqual([
      'code',
      'left_out',
      'hand',
    ]);
  });

  test('an operator of one town writes that town alone', async () => {
    const answer = (await imported(call.eastern)).json();
    expect(answer).toMatchObject({ written: 1, missing: [] });
    expect(answer.features.map(({ why }: { why: string | null }) => why)).toEqual([null, 'none', 'none']);
    expect((await call.eastern('DELETE /regions/east-west/boundary')).statusCode).toBe(404);
    expect((await imported(call.director)).statusCode).toBe(403);
    expect((await call.inspector('GET /region-boundaries/map?region=county')).statusCode).toBe(404);
    expect((await call.merchant('GET /region-boundaries')).json().items).toEqual([]);
  });

  test('removing one leaves the others, and every step stands in the audit', async () => {
    expect((await call.operator('DELETE /regions/east/boundary')).statusCode).toBe(204);
    expect((await call.operator('DELETE /regions/east/boundary')).statusCode).toBe(409);
    const { below } = await mapOf(call.director);
    expect(below.map(({ outline }) => outline !== null)).toEqual([false, true]);
    const { items } = (await call.operator('GET /audit?entity=region&limit=200')).json();
    const done = items
      .filter(({ entityId }: { entityId: string }) => entityId === world.east)
      .map(({ to }: { to: string }) => to);
    expect(done).toEqual(['boundary_removed', ...Array<string>(5).fill('boundary_imported')]);
  });
});

describe('the place of a merchant', () => {
  const at = { lat: 35.15, lon: 113.55 };

  test('an inspector of its region sets it on the spot; the audit keeps how', async () => {
    const answer = await call.inspector('PUT /merchants/em/place', {
      place: at,
      how: 'device',
      accuracyM: 11.6,
    });
    expect(answer.json()).toEqual({ place: at });
    expect((await call.operator('GET /merchants/em')).json().place).toEqual(at);
    const { items } = (await call.operator('GET /audit?entity=merchant')).json();
    expect(items[0]).toMatchObject({ to: 'changed', reason: 'device', note: '± 12 m' });
    expect(items[0].changes).toMatchObject([{ before: { lat: null, lon: null }, after: at }]);
  });

  test('degrees of a map site are converted; who has none yet can be listed', async () => {
    const [lon, lat] = gcj02OfWgs84([at.lon, at.lat]);
    const codes = async (query: string) =>
      (await call.operator(`GET /merchants?${query}`)).json().items.map(({ code }: { code: string }) => code);
    expect(await codes('placed=false')).toEqual(['wm']);
    const answer = await call.operator('PUT /merchants/wm/place', {
      place: { lat, lon },
      how: 'typed',
      system: 'gcj02',
      accuracyM: 30,
    });
    expect(answer.json()).toEqual({ place: at });
    const { items } = (await call.operator('GET /audit?entity=merchant')).json();
    expect(items[0]).toMatchObject({ reason: 'typed', note: '± 30 m, GCJ-02' });
    expect(await codes('placed=false')).toEqual([]);
    expect(await codes('placed=true')).toEqual(['em', 'wm']);
    const map = async (who: Call, query = '') => (await who(`GET /merchant-places${query}`)).json();
    expect(await map(call.inspector)).toMatchObject({
      total: 1,
      placed: 1,
      items: [{ name: 'merchant em', ...at }],
    });
    expect(await map(call.director)).toMatchObject({ total: 2, placed: 2 });
    expect(await map(call.director, '?region=east-west')).toMatchObject({ total: 1, items: [at] });
  });

  test('not of another region, not by the merchant, and never half of it', async () => {
    const say = (who: Call, code: string, place: unknown) =>
      who(`PUT /merchants/${code}/place`, { place, how: 'map' });
    expect((await say(call.inspector, 'wm', at)).statusCode).toBe(404);
    expect((await say(call.merchant, 'em', at)).statusCode).toBe(403);
    expect((await say(call.inspector, 'em', { lat: 35 })).json().errors).toContainEqual(
      expect.objectContaining({ field: 'place.lon', message: 'is missing' }),
    );
    expect((await say(call.inspector, 'em', { lat: 135, lon: 35 })).statusCode).toBe(400);
    expect((await say(call.inspector, 'em', null)).json()).toEqual({ place: null });
  });
});
