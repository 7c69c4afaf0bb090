import { beforeAll, expect, test } from 'vitest';
import { loadCameras } from '../../services/db/registry.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { addWorld } from '../api/world.ts';

const api = useApi();
let admin: Call;
const LINE = [
  [0.1, 0.9],
  [0.4, 0.9],
];

beforeAll(async () => {
  await addWorld(api());
  admin = await as(api(), 'admin', 'operator');
  const body = { code: 'floor-1', merchant: 'em', zone: 'kitchen', name: 'x', source: 'rtsp' };
  const added = await admin('POST /cameras', { ...body, rtspUrl: 'rtsp://10.0.0.9/live' });
  expect(added.json()).toMatchObject({ metreLine: null });
});

test('an operator draws one metre, workers know it, and it can be taken away', async () => {
  expect((await admin('PATCH /cameras/floor-1', { metreLine: LINE })).json()).toMatchObject({
    metreLine: LINE,
  });
  const known = async () =>
    (await loadCameras(api().context.db)).find((camera) => camera.code === 'floor-1')?.metreLine;
  expect(await known()).toEqual(LINE);
  await admin('PATCH /cameras/floor-1', { name: 'y' });
  expect(await known()).toEqual(LINE);
  await admin('PATCH /cameras/floor-1', { metreLine: null });
  expect(await known()).toBeNull();
});

test.each([
  ['a point', [LINE[0], LINE[0]], /too short/],
  ['three points', [...LINE, [0.5, 0.5]], /two points/],
  [
    'pixels',
    [
      [10, 20],
      [30, 20],
    ],
    /two points|0 to 1/,
  ],
])('%s is no metre', async (_, metreLine, message) => {
  const answer = await admin('PATCH /cameras/floor-1', { metreLine });
  expect(answer.statusCode).toBe(400);
  expect(answer.body).toMatch(message);
  expect(answer.body).toContain('metreLine');
});

test('an import draws it too, and the same import again changes nothing', async () => {
  const cameras = [
    {
      code: 'floor-2',
      merchant: 'em',
      zone: 'kitchen',
      name: 'x',
      source: 'rtsp',
      rtspUrl: 'rtsp://10.0.0.9/2',
    },
  ].map((camera) => ({ ...camera, metreLine: LINE }));
  const first = await admin('POST /import', { cameras });
  expect(first.json()).toMatchObject({ created: 1, updated: 0 });
  expect((await admin('GET /cameras/floor-2')).json()).toMatchObject({ metreLine: LINE });
  expect((await admin('POST /import', { cameras })).json()).toMatchObject({ updated: 0, unchanged: 1 });
});
