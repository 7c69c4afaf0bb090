/** 画区: what is drawn on a picture decides what counts, which zone it counts in, and what the public never sees. */
import { beforeAll, describe, expect, test } from 'vitest';
import { keepLookBoxes, loadLookBoxes } from '../../services/db/look-boxes.ts';
import { loadCamera } from '../../services/db/registry.ts';
import { areaFault, inArea, zonesOf } from '../../services/domain/areas.ts';
import { isExposed } from '../../services/domain/public-view.ts';
import type { Box, Detection, Polygon } from '../../services/domain/words.ts';
import { redact } from '../../services/media/redact.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';

const LEFT: Polygon = [
  [0, 0],
  [0.5, 0],
  [0.4, 0.5],
  [0.5, 1],
  [0, 1],
];
/** An L: its notch at the upper right is outside. */
const NOTCHED: Polygon = [
  [0.1, 0.1],
  [0.5, 0.1],
  [0.5, 0.5],
  [0.9, 0.5],
  [0.9, 0.9],
  [0.1, 0.9],
];

describe('areas', () => {
  test('a polygon holds what lies between its corners, also where it is not convex', () => {
    expect(inArea(NOTCHED, [0.3, 0.3])).toBe(true);
    expect(inArea(NOTCHED, [0.7, 0.3])).toBe(false);
    expect(inArea(NOTCHED, [0.7, 0.7])).toBe(true);
    expect(inArea([0.1, 0.1, 0.9, 0.9], [0.1, 0.9])).toBe(true);
  });

  test('what crosses itself, or has no size, is told', () => {
    expect(areaFault(NOTCHED)).toBeUndefined();
    expect(
      areaFault([
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
      ]),
    ).toBe('crosses');
    expect(
      areaFault([
        [0.1, 0.1],
        [0.1001, 0.1],
        [0.1, 0.1001],
      ]),
    ).toBe('small');
    expect(areaFault([0.5, 0.1, 0.4, 0.9])).toBe('corners');
  });

  test('a box belongs to the first drawn zone that holds its middle, else to the camera’s own', () => {
    const zones = zonesOf({
      zoneId: 'own',
      zoneKind: 'cooking',
      zoneAreas: [{ zoneId: 'cold', zoneKind: 'special_room', area: LEFT }],
    });
    const owner = (box: Box) => zones.filter(({ owns }) => owns(box)).map(({ zoneId }) => zoneId);
    expect(owner([0.1, 0.1, 0.3, 0.3])).toEqual(['cold']);
    expect(owner([0.7, 0.1, 0.9, 0.3])).toEqual(['own']);
  });

  test('a privacy mask is black to its edge, and what it hides is not exposed', () => {
    const [width, height] = [40, 20];
    const frame = {
      data: new Uint8Array(width * height * 3).fill(200),
      width,
      height,
      originalWidth: width,
      originalHeight: height,
    };
    const { data } = redact(frame, [], [NOTCHED]);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const middle = [(x + 0.5) / width, (y + 0.5) / height] as const;
        if (inArea(NOTCHED, middle)) expect(data[(y * width + x) * 3]).toBe(0);
      }
    }
    expect(data[(4 * width + 30) * 3]).toBe(200);
    expect(isExposed([[0.2, 0.2, 0.4, 0.4]], [NOTCHED])).toBe(false);
    expect(isExposed([[0.6, 0.2, 0.8, 0.4]], [NOTCHED])).toBe(true);
  });
});

describe('drawn on a camera', () => {
  const api = useApi();
  let operator: Call;
  let kitchen: Kitchen;
  beforeAll(async () => {
    const { db } = api().context;
    kitchen = await seedKitchen(db);
    await db
      .insertInto('zone')
      .values({ merchant_id: kitchen.merchantId, code: 'cold', kind: 'special_room', name: '凉菜间' })
      .execute();
    operator = await as(api(), 'draws', 'operator');
  });
  const patch = (body: object) => operator(`PATCH /cameras/${kitchen.cameraCode}`, body);

  test('polygons, masks and zones are kept as drawn, and what is wrong is named', async () => {
    const drawn = {
      regionsOfInterest: [NOTCHED, [0.1, 0.1, 0.2, 0.2]],
      ignoreAreas: [LEFT],
      privacyMasks: [LEFT],
      zoneAreas: [{ zone: 'cold', area: LEFT }],
      minSizes: { no_hat: 60 },
    };
    const answer = await patch(drawn);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject(drawn);
    const record = await loadCamera(api().context.db, kitchen.cameraId);
    expect(record).toMatchObject({
      regionsOfInterest: drawn.regionsOfInterest,
      minSizes: { no_hat: 60 },
      zoneAreas: [{ zoneKind: 'special_room', area: LEFT }],
    });
    const fieldOf = async (body: object): Promise<string | undefined> =>
      (await patch(body)).json<{ errors: { field: string }[] }>().errors[0]?.field;
    expect(
      await fieldOf({
        privacyMasks: [
          [
            [0, 0],
            [1, 1],
            [1, 0],
            [0, 1],
          ],
        ],
      }),
    ).toBe('privacyMasks.0');
    expect(await fieldOf({ zoneAreas: [{ zone: 'none', area: LEFT }] })).toBe('zoneAreas.0.zone');
    expect(
      await fieldOf({
        ignoreAreas: [
          [
            [0, 0],
            [1, 1],
          ],
        ],
      }),
    ).toMatch(/^ignoreAreas\.0/);
    await patch({ regionsOfInterest: [], ignoreAreas: [], privacyMasks: [], zoneAreas: [], minSizes: {} });
  });

  test('what somebody else drew meanwhile is not drawn over: the field is named, and nothing is changed', async () => {
    const camera = async () => (await operator(`GET /cameras/${kitchen.cameraCode}`)).json();
    await patch({ privacyMasks: [], zoneAreas: [], minScores: { no_hat: 0.6, rodent: 0.5 } });
    const looked = await camera();
    const masked = { privacyMasks: [LEFT], minScores: { rodent: 0.5, no_hat: 0.7 } };
    expect((await patch(masked)).statusCode).toBe(200);
    const lost = await patch({
      privacyMasks: [NOTCHED],
      minScores: {},
      lookIntervalS: 60,
      before: { privacyMasks: looked.privacyMasks, minScores: looked.minScores },
    });
    expect(lost.statusCode).toBe(409);
    expect(lost.json()).toMatchObject({
      code: 'changed_meanwhile',
      why: 'changed',
      errors: [{ field: 'privacyMasks', code: 'is_otherwise_now' }, { field: 'minScores' }],
    });
    expect(await camera()).toMatchObject({ ...masked, lookIntervalS: looked.lookIntervalS });
    // A layer that nobody else touched is free, and so is what is again as it was looked at, in whatever order its parts come.
    const { zoneAreas } = looked;
    const own = { zoneAreas: [{ zone: 'cold', area: NOTCHED }], before: { zoneAreas } };
    expect((await patch(own)).statusCode).toBe(200);
    const scores = { minScores: {}, before: { minScores: { no_hat: 0.7, rodent: 0.5 }, metreLine: null } };
    expect((await patch(scores)).statusCode).toBe(200);
    expect(await camera()).toMatchObject({ privacyMasks: [LEFT], zoneAreas: own.zoneAreas, minScores: {} });
    await patch({ privacyMasks: [], zoneAreas: [] });
  });

  test('of two who draw at once one is told', async () => {
    const draws = [LEFT, NOTCHED].map((area) => patch({ ignoreAreas: [area], before: { ignoreAreas: [] } }));
    expect((await Promise.all(draws)).map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    await patch({ ignoreAreas: [] });
  });

  test('the effect of a change is worked out from the last looks, and changes nothing', async () => {
    const { db } = api().context;
    const seen = (box: Box, score: number, sizePx: number): Detection => ({
      kind: 'no_hat',
      verdict: 'yes',
      box,
      score,
      sizePx,
    });
    const at = new Date('2026-11-21T03:00:00Z');
    const look = async (n: number, detections: Detection[], frames = 5): Promise<void> => {
      const capturedAt = new Date(at.getTime() + n * 60_000);
      await keepLookBoxes(
        db,
        {
          id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
          cameraId: kitchen.cameraId,
          capturedAt,
        },
        Array.from({ length: frames }, (_, i) => ({
          at: new Date(capturedAt.getTime() + i * 2000).toISOString(),
          detections,
        })),
      );
    };
    await look(1, [seen([0.1, 0.1, 0.3, 0.3], 0.9, 120), seen([0.7, 0.1, 0.9, 0.3], 0.95, 130)]);
    await look(2, [seen([0.1, 0.1, 0.3, 0.3], 0.6, 50)], 1);
    await look(3, [seen([0.1, 0.1, 0.3, 0.3], 0.3, 50)], 1);
    await look(4, [{ ...seen([0.1, 0.1, 0.3, 0.3], 0.3, 50), verdict: 'uncertain' }], 1);
    const effect = async (body: object) => {
      const answer = await operator(`POST /cameras/${kitchen.cameraCode}/effect`, body);
      expect(answer.statusCode).toBe(200);
      return answer.json<{
        rules: { kind: string; minScore: number; minSizePx: number }[];
        looks: { before: string; after: string; boxes: { before: boolean; after: boolean }[] }[];
      }>();
    };
    const verdicts = ({ looks }: Awaited<ReturnType<typeof effect>>) =>
      looks.map(({ before, after }) => `${before} ${after}`);
    const none = await effect({});
    expect(none.rules).toContainEqual(
      expect.objectContaining({ kind: 'no_hat', minScore: 0.5, minSizePx: 40 }),
    );
    // Newest first; what nobody can tell leaves no boxes.
    expect(verdicts(none)).toEqual(['calm calm', 'closer closer', 'finding finding']);
    expect(verdicts(await effect({ minScores: { no_hat: 0.8 } }))).toEqual([
      'calm calm',
      'closer calm',
      'finding finding',
    ]);
    expect(verdicts(await effect({ minSizes: { no_hat: 125 } }))).toEqual([
      'calm calm',
      'closer calm',
      'finding finding',
    ]);
    const right = await effect({ regionsOfInterest: [[0.6, 0, 1, 1]] });
    expect(right.looks[2]?.boxes.map(({ before, after }) => [before, after])).toEqual([
      [true, false],
      [true, true],
    ]);
    expect(verdicts(await effect({ ignoreAreas: [[0, 0, 1, 1]] }))).toEqual([
      'calm calm',
      'closer calm',
      'finding calm',
    ]);
    expect(verdicts(await effect({ zoneAreas: [{ zone: 'cold', area: LEFT }] }))).toEqual(verdicts(none));
    expect((await loadCamera(db, kitchen.cameraId))?.regionsOfInterest).toEqual([]);
  });

  test('only the last looks are kept', async () => {
    const { db } = api().context;
    for (let n = 10; n < 75; n += 1) {
      await keepLookBoxes(
        db,
        {
          id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
          cameraId: kitchen.cameraId,
          capturedAt: new Date(Date.parse('2026-11-21T05:00:00Z') + n * 1000),
        },
        [
          {
            at: '2026-11-21T05:00:00Z',
            detections: [{ kind: 'no_hat', verdict: 'yes', box: [0, 0, 1, 1], score: 0.9, sizePx: 99 }],
          },
        ],
      );
    }
    const kept = await loadLookBoxes(db, kitchen.cameraId);
    expect(kept).toHaveLength(60);
    expect(kept[0]?.lookId.endsWith('74')).toBe(true);
  });
});
