/** Looking at live pictures asks a purpose and is logged; nothing is shown before. */
import { beforeAll, describe, expect, test } from 'vitest';
import { updatePictures } from '../../services/db/status.ts';
import { addAccount, as, type Call, caller, signIn, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';

interface Camera {
  code: string;
  picture: { url: string } | null;
}

describe('live pictures', () => {
  const api = useApi();
  let world: World;
  let director: Call;

  beforeAll(async () => {
    world = await addWorld(api());
    director = await as(api(), 'director', 'director', { regionId: world.east });
    const { db, store } = api().context;
    const now = api().clock.now();
    for (const cameraId of [world.eastCamera, world.westCamera]) {
      const pictureKey = `pictures/${cameraId}.jpg`;
      await store.put(pictureKey, Buffer.from('a picture'), { overwrite: true });
      const shown = { frameAt: now, lookAt: now, pictureKey, pictureAt: now, sourceInfo: {} };
      await updatePictures(db, [{ cameraId, ...shown }], now);
    }
  });

  const pictures = async (call: Call) =>
    Object.fromEntries(
      (await call('GET /cameras'))
        .json<{ items: Camera[] }>()
        .items.map(({ code, picture }) => [code, picture?.url]),
    );
  const open = async (url: string | undefined) =>
    await api().app.inject({ method: 'GET', url: url ?? '/files/none' });
  const looks = async (call = director) =>
    (await call('GET /live/looks')).json<{ items: Record<string, unknown>[] }>().items;

  test('are shown once a purpose is stated, for half an hour, and every look is logged', async () => {
    const li = await as(api(), 'li', 'inspector', { regionId: world.county });
    expect(await pictures(li)).toEqual({ 'em-cam': undefined, 'wm-cam': undefined });
    const unsaid = await li('POST /live/grants', { purpose: 'other', note: ' ' });
    expect(unsaid.json()).toMatchObject({ errors: [{ field: 'note' }] });
    expect((await li('POST /live/grants', { purpose: 'curiosity' })).statusCode).toBe(400);
    const said = await li('POST /live/grants', { purpose: 'patrol', note: '午市巡查' });
    expect(said.statusCode, said.body).toBe(201);
    expect((await li('GET /live/grants')).json()).toMatchObject({ items: [{ purpose: 'patrol' }] });

    const urls = await pictures(li);
    // An address alone is no look.
    expect(await looks()).toEqual([]);
    expect((await open(urls['em-cam'])).body).toBe('a picture');
    await open(urls['em-cam']);
    await open(urls['wm-cam']);
    // The director of the east hears of the east.
    expect(await looks()).toMatchObject([
      {
        by: { username: 'li' },
        purpose: 'patrol',
        note: '午市巡查',
        camera: { code: 'em-cam' },
        firstAt: api().clock.now().toISOString(),
        looks: 2,
      },
    ]);
    expect((await li('GET /live/looks')).statusCode).toBe(403);

    api().clock.move(29 * 60_000);
    const last = (await pictures(li))['em-cam'];
    api().clock.move(2 * 60_000);
    expect((await open(last)).json()).toMatchObject({ type: 'urn:mingzao:problem:purpose-required' });
    expect(await pictures(li)).toEqual({ 'em-cam': undefined, 'wm-cam': undefined });
  });

  test('a purpose may be for one camera', async () => {
    const wang = await as(api(), 'wang', 'inspector', { regionId: world.county });
    await wang('POST /live/grants', { purpose: 'complaint', camera: 'em-cam' });
    const urls = await pictures(wang);
    expect(urls['em-cam']).toBeDefined();
    expect(urls['wm-cam']).toBeUndefined();
    const east = await as(api(), 'east', 'inspector', { regionId: world.east });
    const outside = await east('POST /live/grants', { purpose: 'complaint', camera: 'wm-cam' });
    expect(outside.json()).toMatchObject({ errors: [{ field: 'camera' }] });
  });

  test('an address is good for its own camera and grant alone', async () => {
    const sun = await as(api(), 'sun', 'inspector', { regionId: world.county });
    await sun('POST /live/grants', { purpose: 'patrol' });
    const url = new URL((await pictures(sun))['em-cam'] ?? '', 'http://kitchen.test');
    url.searchParams.delete('grant');
    expect((await open(url.pathname + url.search)).statusCode).toBe(403);
  });

  test('a disabled account sees nothing more, whatever address it holds', async () => {
    const id = await addAccount(api(), 'gone', 'inspector', { regionId: world.county });
    const gone = caller(api(), await signIn(api(), 'gone'));
    await gone('POST /live/grants', { purpose: 'patrol' });
    const url = (await pictures(gone))['em-cam'];
    await api().context.db.updateTable('account').set({ disabled: true }).where('id', '=', id).execute();
    expect((await open(url)).statusCode).toBe(403);
  });

  test('the cadre has no live wall, the merchant sees its own kitchen', async () => {
    const cadre = await as(api(), 'cadre', 'cadre', { regionId: world.county });
    expect((await cadre('POST /live/grants', { purpose: 'patrol' })).statusCode).toBe(403);
    const owner = await as(api(), 'owner', 'merchant', { merchantId: world.eastMerchant });
    await owner('POST /live/grants', { purpose: 'own_check' });
    expect(Object.keys(await pictures(owner))).toEqual(['em-cam']);
    expect((await open((await pictures(owner))['em-cam'])).statusCode).toBe(200);
  });
});
