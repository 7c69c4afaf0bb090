/** CSV with a few columns of what is there already: what it leaves out stays. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSealer } from '../../services/db/seal.ts';
import { as, type Call, signIn, useApi } from './support.ts';

const example = (name: string) => readFile(new URL(`../../docs/examples/${name}`, import.meta.url), 'utf8');

describe('CSV', () => {
  const api = useApi();
  let admin: Call;
  let token = '';
  beforeAll(async () => {
    admin = await as(api(), 'admin', 'operator');
    token = await signIn(api(), 'admin');
    expect((await send(await example('county.yaml'), 'application/yaml')).statusCode).toBe(200);
  });
  const send = (body: string, contentType = 'text/csv') =>
    api().app.inject({
      method: 'POST',
      url: '/api/v1/import',
      headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
      payload: body,
    });
  const rows = (...lines: string[]): string => lines.join('\n');
  const get = async (path: string) => (await admin(`GET ${path}`)).json<Record<string, unknown>>();
  const zones = async (merchant: string) =>
    (await get(`/zones?merchant=${merchant}`)).items as { code: string; name: string }[];

  test('a row that names a few columns changes nothing else of a known camera', async () => {
    const before = [await get('/cameras/school-cooking-1'), await get('/cameras/noodles-1')];
    const done = await send(
      rows(
        'region,merchant,zone,camera,privacy_masks',
        'chengguan,first-primary-school,cooking,school-cooking-1,"[[0.1,0.1,0.2,0.2]]"',
        'zhaojing,wang-noodles,kitchen,noodles-1,"[[0.3,0.3,0.4,0.4]]"',
      ),
    );
    expect(done.json()).toMatchObject({ created: 0, updated: 2, unchanged: 0 });
    const after = [await get('/cameras/school-cooking-1'), await get('/cameras/noodles-1')];
    expect(after).toEqual([
      { ...before[0], privacyMasks: [[0.1, 0.1, 0.2, 0.2]] },
      { ...before[1], privacyMasks: [[0.3, 0.3, 0.4, 0.4]] },
    ]);
    expect(after.map(({ name }) => name)).toEqual(['灶台', '后厨全景']);
  });

  test('addresses that cannot be opened any more are brought anew by a file', async () => {
    const { db } = api().context;
    const elsewhere = createSealer(Buffer.alloc(32, 9)).seal('rtsp://192.0.2.10/main');
    const lost = await db
      .updateTable('camera')
      .set({ rtsp_url_sealed: elsewhere, rtsp_sub_url_sealed: elsewhere })
      .where('code', '=', 'noodles-1')
      .returning('merchant_id')
      .executeTakeFirst();
    expect(lost).toBeDefined();
    const file = rows(
      'region,merchant,zone,camera,rtsp_url,rtsp_sub_url',
      'zhaojing,wang-noodles,kitchen,noodles-1,rtsp://192.0.2.10:554/main,rtsp://192.0.2.10:554/sub',
    );
    const done = await send(file);
    expect(done.json(), done.body).toMatchObject({ updated: 1, unchanged: 0 });
    expect((await send(file)).json()).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await get('/cameras/noodles-1')).toMatchObject({ rtspHost: '192.0.2.10:554' });
  });

  test('a known merchant keeps its type and a known zone its name where the cells are empty', async () => {
    const done = await send(
      rows(
        'region,merchant,merchant_name,zone,zone_kind,camera,source,gateway,look_interval_s',
        'chengguan,first-primary-school,一小新食堂,cold-dishes,special_room,school-cold-1,mqtt,school-box,20',
      ),
    );
    expect(done.json()).toMatchObject({ sections: { merchants: { updated: 1 }, zones: { unchanged: 1 } } });
    expect(await get('/merchants/first-primary-school')).toMatchObject({
      name: '一小新食堂',
      type: 'school_canteen',
      level: 'A',
    });
    expect(await zones('first-primary-school')).toContainEqual(
      expect.objectContaining({ code: 'cold-dishes', name: '凉菜专间' }),
    );
    expect(await get('/cameras/school-cold-1')).toMatchObject({ name: '凉菜间', lookIntervalS: 20 });
  });

  test('what one row says counts, though another row of the same merchant leaves it out', async () => {
    const done = await send(
      rows(
        'region,merchant,merchant_name,merchant_type,zone,camera',
        'chengguan,first-primary-school,一小新食堂,,cooking,school-cooking-1',
        'chengguan,first-primary-school,一小新食堂,restaurant,cold-dishes,school-cold-1',
      ),
    );
    expect(done.json()).toMatchObject({ updated: 1, unchanged: 2 });
    expect(await get('/merchants/first-primary-school')).toMatchObject({ type: 'restaurant' });
  });

  test('only what is new is called by its code, and a new merchant is a restaurant', async () => {
    const done = await send(
      rows(
        'region,merchant,merchant_name,zone,zone_kind,camera,rtsp_url',
        'chengguan,new-shop,新店,z1,cooking,new-shop-1,rtsp://192.0.2.20/1',
      ),
    );
    expect(done.json()).toMatchObject({ created: 3 });
    expect(await get('/merchants/new-shop')).toMatchObject({ type: 'restaurant' });
    expect(await zones('new-shop')).toMatchObject([{ code: 'z1', name: 'z1' }]);
    expect(await get('/cameras/new-shop-1')).toMatchObject({ name: 'new-shop-1', source: 'rtsp' });
  });
});
