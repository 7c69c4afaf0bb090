/** Reading, matching and thinning out outlines; degrees of Chinese map sites. */
import { describe, expect, test } from 'vitest';
import { type Polygons, readFeatures } from '../../services/domain/boundary.ts';
import { matchFeatures } from '../../services/domain/boundary-match.ts';
import { gcj02OfWgs84, wgs84OfGcj02 } from '../../services/domain/gcj02.ts';
import { distanceM } from '../../services/domain/geo.ts';
import { MOST_OF_ALL, MOST_OF_ONE, pointsOf, simplify } from '../../services/domain/simplify.ts';
import { collection, feature, field } from './shapes.ts';

const RING = field(0, 0, 4);

/** What is wrong with the only feature of a file. */
function faultsOf(...features: unknown[]): string[] {
  const read = readFeatures(collection(...features));
  return 'faults' in read ? read.faults.map(({ field: at, message }) => `${at}: ${message}`) : [];
}

function featuresOf(...features: unknown[]) {
  const read = readFeatures(collection(...features));
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.features;
}

describe('a file of outlines', () => {
  test('names are read as offices write them, codes with and without what fills them up', () => {
    const read = featuresOf(
      feature({ adcode: 410724, name: '获嘉县' }, RING),
      feature({ XZQDM: '410724100000', XZQMC: '城关镇' }, RING),
      feature({ gb: '156410724', name: '获嘉县' }, RING),
      { ...feature({}, RING), id: 'north' },
    );
    expect(read.map(({ name, codes }) => [name, codes])).toEqual([
      ['获嘉县', ['410724']],
      ['城关镇', ['410724100000', '410724100']],
      ['获嘉县', ['410724']],
      ['', ['north']],
    ]);
  });

  test('every fault names its feature, the place in it, and what would be right', () => {
    expect(
      faultsOf(feature({ name: '一' }, RING), {
        type: 'Feature',
        properties: { name: '二' },
        geometry: { type: 'Point', coordinates: [1, 2] },
      }),
    ).toEqual(['features.1.geometry.type: "Point" (二) is not right: Polygon or MultiPolygon']);
    expect(
      faultsOf(
        feature({ name: '三' }, [
          [38512345.1, 3892345.2],
          [1, 1],
          [2, 2],
          [1, 1],
        ]),
      ),
    ).toEqual([
      'features.0.geometry.coordinates.0.0: [38512345.1,3892345.2] (三) is not in degrees: export the file in longitude and latitude, not in metres of a projection',
    ]);
    expect(
      faultsOf(
        feature({ name: '四' }, [
          [35.1, 113.5],
          [35.2, 113.5],
          [35.1, 113.6],
        ]),
      ),
    ).toEqual([
      'features.0.geometry.coordinates.0.0: [35.1,113.5] (四) has a latitude beyond 90: longitude comes first, then latitude',
    ]);
    expect(
      faultsOf(
        feature({ name: '五' }, [
          [113, 35],
          [113.1, 35],
          [113, 35],
        ]),
      ),
    ).toEqual(['features.0.geometry.coordinates.0: has fewer than three positions (五)']);
    expect(faultsOf()).toEqual(['features: is empty']);
    const projected = {
      ...collection(feature({}, RING)),
      crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4527' } },
    };
    expect(readFeatures(projected)).toMatchObject({
      faults: [{ field: 'crs', message: expect.stringContaining('export it in degrees') }],
    });
    expect(readFeatures([RING])).toHaveProperty('faults');
  });

  test('a ring that is not closed is closed', () => {
    const [read] = featuresOf(feature({}, RING.slice(0, -1)));
    expect(read?.polygons[0]?.[0]?.at(-1)).toEqual(RING[0]);
    expect(read?.points).toBe(RING.length - 1);
  });
});

describe('matching', () => {
  const regions = [
    { id: '1', code: '410724100', name: '城关镇' },
    { id: '2', code: 'shizhuang', name: '史庄镇' },
    { id: '3', code: 'a', name: '新城' },
    { id: '4', code: 'b', name: '新城' },
  ];
  const files = featuresOf(
    feature({ adcode: '410724100000', name: '别的名字' }, RING),
    feature({ name: '史 庄镇' }, RING),
    feature({ name: '新城' }, RING),
    feature({ name: '无此镇' }, RING),
    feature({ name: '史庄镇' }, RING),
  );
  const told = (said = new Map()) =>
    matchFeatures(files, regions, said).map(({ region, by, why }) => region?.code ?? why ?? by);

  test('by code, else by a name that only one region has, each region once', () => {
    expect(told()).toEqual(['410724100', 'shizhuang', 'several', 'none', 'taken']);
  });

  test('what a person says comes first', () => {
    const said = new Map([
      [2, regions[3]],
      [4, regions[1]],
      [0, null],
    ]);
    expect(told(said)).toEqual(['left_out', 'taken', 'b', 'none', 'shizhuang']);
  });
});

describe('thinning out', () => {
  /** Positions along the line where coordinate `axis` is `value`, away from its ends. */
  const along = (polygons: Polygons, axis: 0 | 1, value: number): Set<string> => {
    const other = axis === 0 ? 35.15 : 113.55;
    const near = polygons
      .flat(2)
      .filter((at) => Math.abs(at[axis] - value) < 0.006 && Math.abs(at[axis === 0 ? 1 : 0] - other) < 0.044);
    return new Set(near.map(String));
  };

  test('neighbours keep exactly the border they share, and no region more points than a screen shows', () => {
    const given = [0, 1].flatMap((c) => [0, 1].map((r): Polygons => [[field(c, r, 3000)]]));
    const thin = simplify(given);
    for (const polygons of thin) {
      expect(pointsOf(polygons)).toBeLessThanOrEqual(MOST_OF_ONE);
      expect(pointsOf(polygons)).toBeGreaterThan(MOST_OF_ONE / 3);
    }
    const [sw = [], nw = [], se = []] = thin;
    expect(along(sw, 0, 113.6)).toEqual(along(se, 0, 113.6));
    expect(along(sw, 1, 35.2)).toEqual(along(nw, 1, 35.2));
    expect(along(sw, 0, 113.6).size).toBeGreaterThan(100);
  });

  test('islands too small to be seen go, the region itself stays, however small', () => {
    const square = (x: number, y: number, size: number): [number, number][] => [
      [x, y],
      [x + size, y],
      [x + size, y + size],
      [x, y + size],
      [x, y],
    ];
    const [islands = [], tiny = []] = simplify([
      [[square(113, 35, 0.1)], [square(113.5, 35, 0.00003)]],
      [[square(114, 35, 0.00003)]],
    ]);
    expect(islands).toHaveLength(1);
    expect(tiny).toHaveLength(1);
    expect(pointsOf(tiny)).toBe(4);
  });

  test('a province of fine lines stays within what a file may keep, and takes seconds', () => {
    const given = Array.from({ length: 50 }, (_, i): Polygons => [[field(i % 10, Math.floor(i / 10), 900)]]);
    const began = performance.now();
    const thin = simplify(given);
    const kept = thin.reduce((sum, one) => sum + pointsOf(one), 0);
    process.stdout.write(`180,000 positions → ${kept} in ${Math.round(performance.now() - began)} ms\n`);
    expect(kept).toBeLessThanOrEqual(MOST_OF_ALL);
    expect(kept).toBeGreaterThan(MOST_OF_ALL / 3);
  }, 60_000);
});

describe('degrees of map sites', () => {
  /** Published pairs of WGS 84 and GCJ-02: Shanghai, Shenzhen, Beijing (eviltransform's own test). */
  const PAIRS = [
    { wgs: [121.5272106, 31.1774276], gcj: [121.531541859215, 31.17530398364597] },
    { wgs: [113.912316, 22.543847], gcj: [113.9171764808363, 22.540796131694766] },
    { wgs: [116.377817, 39.911954], gcj: [116.38404722455657, 39.91334545536069] },
  ] as const;

  test('the shift is the published one, and is taken back to the millimetre', () => {
    for (const { wgs, gcj } of PAIRS) {
      const [lon, lat] = gcj02OfWgs84(wgs);
      expect(lon).toBeCloseTo(gcj[0], 9);
      expect(lat).toBeCloseTo(gcj[1], 9);
      const back = wgs84OfGcj02(gcj);
      expect(distanceM({ lon: back[0], lat: back[1] }, { lon: wgs[0], lat: wgs[1] })).toBeLessThan(0.001);
    }
  });

  test('abroad nothing is shifted', () => {
    expect(gcj02OfWgs84([13.4, 52.5])).toEqual([13.4, 52.5]);
  });
});
