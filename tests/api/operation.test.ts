import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../services/api/app.ts';
import { ensureFirstAdmin } from '../../services/api/first-admin.ts';
import { makeDocument } from '../../services/api/openapi.ts';
import { markCoverage } from '../../services/db/coverage.ts';
import { setCameraState, updatePictures } from '../../services/db/status.ts';
import { as, type Call, PASSWORD, useApi } from './support.ts';
import { addFinding, addWorld, type World } from './world.ts';

const MINUTE_MS = 60_000;
const AT = new Date('2026-11-21T04:00:00Z');

describe('first account', () => {
  const api = useApi();

  test('is made once, also when two processes start at once, and its password printed once', async () => {
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    const { db } = api().context;
    const made = await Promise.all([
      ensureFirstAdmin(db, { at: AT, print }),
      ensureFirstAdmin(db, { at: AT, print }),
    ]);
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(lines).toHaveLength(1);
    const password = /password (\S{16}) /.exec(lines[0] ?? '')?.[1] ?? '';
    const answer = await api().app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { username: 'admin', password },
    });
    expect(answer.json()).toMatchObject({ account: { role: 'operator', region: null } });
    expect(await ensureFirstAdmin(db, { at: AT, password: PASSWORD, print })).toBe(false);
    expect(lines).toHaveLength(1);
  });
});

describe('operation', () => {
  const api = useApi();
  let world: World;
  let admin: Call;
  beforeAll(async () => {
    world = await addWorld(api());
    admin = await as(api(), 'admin', 'operator');
  });

  test('coverage counts every minute of a camera, and shows the letters', async () => {
    const { db } = api().context;
    const now = api().clock.now();
    const at = (minutesAgo: number) => new Date(now.getTime() - minutesAgo * MINUTE_MS);
    await db
      .updateTable('camera')
      .set({ created_at: at(30) })
      .where('id', '=', world.eastCamera)
      .execute();
    await markCoverage(db, [
      { cameraId: world.eastCamera, at: at(10), code: 'L' },
      { cameraId: world.eastCamera, at: at(9), code: 'U' },
      { cameraId: world.eastCamera, at: at(8), code: 'D' },
      { cameraId: world.eastCamera, at: at(8), code: 'L' },
    ]);
    const answer = await admin('GET /coverage?camera=em-cam');
    expect(answer.json()).toMatchObject({
      items: [
        {
          camera: { code: 'em-cam' },
          from: at(30).toISOString(),
          to: now.toISOString(),
          minutes: { looked: 2, unchanged: 1, dropped: 0, offline: 0, unaccounted: 27 },
          hours: [{ hour: at(60).toISOString(), minutes: `${'.'.repeat(50)}LUL${'.'.repeat(7)}` }],
        },
      ],
    });
    expect((await admin('GET /coverage?from=2020-01-01T00:00:00Z')).json()).toMatchObject({
      errors: [{ field: 'query.from' }],
    });
  });

  test('a camera shows its state and its last picture by a signed address', async () => {
    const { db, store } = api().context;
    const now = api().clock.now();
    const camera = {
      id: world.eastCamera,
      code: 'em-cam',
      regionPath: 'county.east',
      merchantId: world.eastMerchant,
    };
    await setCameraState(db, camera, 'online', '', now);
    const pictureKey = `pictures/${world.eastCamera}.jpg`;
    await store.put(pictureKey, Buffer.from('a picture'), { overwrite: true });
    const pictureAt = new Date(now.getTime() - 5000);
    await updatePictures(
      db,
      [
        {
          cameraId: camera.id,
          frameAt: now,
          lookAt: now,
          pictureKey,
          pictureAt,
          sourceInfo: { width: 640, height: 360 },
        },
      ],
      now,
    );
    await admin('POST /live/grants', { purpose: 'device_check' });
    const answer = (await admin('GET /cameras/em-cam')).json();
    expect(answer).toMatchObject({ status: { state: 'online', width: 640 }, picture: { ageS: 5 } });
    const picture = await api().app.inject(answer.picture.url);
    expect(picture.body).toBe('a picture');
    expect(picture.headers['content-type']).toBe('image/jpeg');
    expect((await admin('GET /cameras?state=online')).json().items).toHaveLength(1);
    expect((await admin('GET /cameras?state=unknown')).json().items).toHaveLength(1);
  });

  test('the overview counts within the scope', async () => {
    await addFinding(api(), world.eastCamera, api().clock.now());
    const { code } = await api()
      .context.db.selectFrom('merchant')
      .select('code')
      .where('id', '=', world.eastMerchant)
      .executeTakeFirstOrThrow();
    const payload = { kitchen: code, text: '后厨地面有积水' };
    await api().app.inject({ method: 'POST', url: '/api/v1/public/tips', payload });
    expect((await admin('GET /overview')).json()).toMatchObject({
      cameras: { total: 2, online: 1, unknown: 1 },
      pendingFindings: 1,
      findingsToday: 1,
      waitingTips: 1,
      openTasks: 0,
      queue: { waiting: 0, active: 0 },
      dropsToday: 0,
      models: [],
    });
    const west = await as(api(), 'west', 'inspector', { regionId: world.west });
    expect((await west('GET /overview')).json()).toMatchObject({
      cameras: { total: 1, online: 0 },
      pendingFindings: 0,
      waitingTips: 0,
    });
    const merchant = await as(api(), 'em', 'merchant', { merchantId: world.eastMerchant });
    expect((await merchant('GET /overview')).json()).toMatchObject({
      cameras: { total: 1 },
      pendingFindings: null,
      waitingTips: null,
    });
  });

  test('dead letters are counted, shown and sent again', async () => {
    const { db } = api().context;
    await admin('POST /webhooks', { name: 'platform', url: 'http://platform.test/' });
    await addFinding(api(), world.westCamera, api().clock.now());
    await db
      .updateTable('outbox')
      .set({ state: 'dead', attempts: 9, last_status: 500, last_error: 'HTTP 500' })
      .execute();
    const list = (await admin('GET /outbox?state=dead')).json();
    expect(list).toMatchObject({
      counts: { pending: 0, delivered: 0, dead: 1 },
      items: [{ type: 'finding.created', webhook: { name: 'platform' }, attempts: 9, lastError: 'HTTP 500' }],
    });
    const { id } = list.items[0];
    expect((await admin(`POST /outbox/${id}/retry`)).json()).toMatchObject({ state: 'pending', attempts: 0 });
    expect((await admin(`POST /outbox/${id}/retry`)).statusCode).toBe(409);
    expect((await admin('POST /outbox/999999/retry')).statusCode).toBe(404);
  });

  test('health, readiness and metrics', async () => {
    const { app } = api();
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect((await app.inject('/readyz')).json()).toEqual({
      status: 'ok',
      checks: { database: 'ok', migrations: 'ok', queue: 'ok' },
    });
    const metrics = await app.inject('/metrics');
    expect(metrics.body).toContain('mingzao_cameras{state="online"} 1');
    expect(metrics.body).toContain('mingzao_queue_looks{state="waiting"} 0');
    expect(metrics.body).toContain('mingzao_http_request_seconds_bucket');
    const outside = (headers: Record<string, string>) =>
      app.inject({ url: '/metrics', remoteAddress: '10.0.0.5', headers });
    expect((await outside({})).statusCode).toBe(401);
    const through = await app.inject({
      url: '/metrics',
      remoteAddress: '127.0.0.1',
      headers: { 'x-forwarded-for': '10.0.0.5' },
    });
    expect(through.statusCode).toBe(401);
  });

  test('readiness names a migration that did not run', async () => {
    const { db } = api().context;
    const { sql } = await import('kysely');
    await sql`delete from migration where name like '0002%'`.execute(db);
    const answer = await api().app.inject('/readyz');
    expect(answer.statusCode).toBe(503);
    expect(answer.json().checks.migrations).toMatch(/^not run yet: 0002/);
  });

  test('browsers are told what they may do', async () => {
    const { headers } = await api().app.inject('/');
    expect(headers['content-security-policy']).toContain("media-src 'self' blob:");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-frame-options']).toBe('DENY');
  });

  test('without a built page it says how to make one; with it all its addresses are the page', async () => {
    expect((await api().app.inject('/')).body).toContain('npm run build');
    const webRoot = join(api().folder, 'dist');
    await mkdir(join(webRoot, 'assets'), { recursive: true });
    await writeFile(join(webRoot, 'index.html'), '<title>Mingzao</title>');
    await writeFile(join(webRoot, 'assets', 'a-1.js'), 'x');
    const app = await buildApp({ ...api().context, webRoot });
    for (const url of ['/', '/findings', '/tasks/1'])
      expect((await app.inject(url)).body).toContain('Mingzao');
    expect((await app.inject('/assets/a-1.js')).headers['cache-control']).toContain('immutable');
    for (const url of ['/api/v1/nowhere', '/files/x', '/assets/b.js']) {
      expect([url, (await app.inject(url)).statusCode >= 400]).toEqual([url, true]);
    }
  });
});

test('the committed OpenAPI document is that of the routes', async () => {
  const committed = await readFile(new URL('../../services/api/openapi.json', import.meta.url), 'utf8');
  expect(await makeDocument()).toBe(committed);
  const document = JSON.parse(committed) as { openapi: string; paths: Record<string, object> };
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toContain('/api/v1/import');
});
