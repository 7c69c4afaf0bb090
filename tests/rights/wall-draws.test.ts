/** Drawing cameras to look at: from the own scope only, the same again by its seed, and in the audit. */
import { beforeAll, describe, expect, test } from 'vitest';
import { drawWall } from '../../services/domain/wall-draw.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { addWorld } from '../api/world.ts';

describe('the drawn wall', () => {
  const api = useApi();
  let county: Call;
  let east: Call;

  beforeAll(async () => {
    const world = await addWorld(api());
    county = await as(api(), 'li', 'inspector', { regionId: world.county });
    east = await as(api(), 'wang', 'inspector', { regionId: world.east });
  });

  test('holds cameras of the own scope only, and the same ones by the same seed', async () => {
    const first = await county('POST /live/wall-draws', { count: 16 });
    expect(first.statusCode, first.body).toBe(201);
    const drawn = first.json<{ seed: string; listHash: string; cameras: string[] }>();
    expect(drawn.cameras.toSorted()).toEqual(['em-cam', 'wm-cam']);
    expect((await county('POST /live/wall-draws', { count: 16, seed: drawn.seed })).json()).toEqual(drawn);
    const own = (await east('POST /live/wall-draws', { count: 16, seed: drawn.seed })).json();
    expect(own).toMatchObject({ of: 1, cameras: ['em-cam'] });
    expect(own.listHash).not.toBe(drawn.listHash);
    // Naming another's camera shows nothing of it.
    const named = await east('GET /cameras?codes=wm-cam,em-cam');
    expect(named.json<{ items: { code: string }[] }>().items.map(({ code }) => code)).toEqual(['em-cam']);
  });

  test('refuses what is no seed or too many, by the name of the field', async () => {
    for (const [body, field] of [
      [{ count: 17 }, 'count'],
      [{ count: 4, seed: 'No seed!' }, 'seed'],
    ] as const) {
      const refused = await county('POST /live/wall-draws', body);
      expect(refused.statusCode).toBe(400);
      expect(refused.json()).toMatchObject({ errors: [{ field }] });
    }
    const codes = Array.from({ length: 17 }, (_, i) => `c${i}`).join(',');
    expect((await county(`GET /cameras?codes=${codes}`)).json()).toMatchObject({
      errors: [{ field: 'query.codes' }],
    });
  });

  test('depends on seed and list alone', () => {
    const codes = Array.from({ length: 40 }, (_, i) => `cam-${i}`);
    const one = drawWall('8418ca72', codes, 9);
    expect(drawWall('8418ca72', codes.toReversed(), 9)).toEqual(one);
    expect(drawWall('8418ca73', codes, 9).drawn).not.toEqual(one.drawn);
    expect(drawWall('8418ca72', codes, 4).drawn).toEqual(one.drawn.slice(0, 4));
    expect(drawWall('8418ca72', codes.slice(1), 9).listHash).not.toBe(one.listHash);
  });
});
