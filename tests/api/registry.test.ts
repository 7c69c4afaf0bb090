import { beforeAll, describe, expect, test } from 'vitest';
import { verifyGatewaySecret } from '../../services/db/gateway-secret.ts';
import { loadCameras } from '../../services/db/registry.ts';
import { countRefusal } from '../../services/db/status.ts';
import { as, type Call, PASSWORD, signIn, useApi } from './support.ts';
import { addWorld, type World } from './world.ts';

describe('registry', () => {
  const api = useApi();
  let world: World;
  let admin: Call;
  beforeAll(async () => {
    world = await addWorld(api());
    admin = await as(api(), 'admin', 'operator');
  });

  test('a kitchen is added by codes from region to camera, and removed again', async () => {
    const steps: [string, Record<string, unknown>][] = [
      ['regions', { code: 'north', parent: 'county', level: 'town', name: '北镇' }],
      [
        'merchants',
        {
          code: 'school',
          region: 'north',
          name: '小学',
          type: 'school_canteen',
          level: 'A',
          openingHours: { mon: [['06:00', '13:00']] },
        },
      ],
      ['zones', { merchant: 'school', code: 'cooking', kind: 'cooking', name: '烹饪间' }],
      ['gateways', { code: 'school-box', region: 'north', merchant: 'school', name: 'box' }],
      [
        'cameras',
        {
          code: 'school-1',
          merchant: 'school',
          zone: 'cooking',
          name: '灶台',
          source: 'mqtt',
          gateway: 'school-box',
          timestampAreas: [[0, 0, 0.5, 0.1]],
        },
      ],
    ];
    for (const [path, body] of steps)
      expect([path, (await admin(`POST /${path}`, body)).statusCode]).toEqual([path, 201]);
    expect((await admin('GET /regions/north')).json()).toMatchObject({
      path: 'county.north',
      timeZone: 'Asia/Shanghai',
    });
    const camera = (await admin('GET /cameras/school-1')).json();
    expect(camera).toMatchObject({
      source: 'mqtt',
      lookIntervalS: 30,
      region: { path: 'county.north' },
      gateway: { code: 'school-box' },
      status: { state: 'unknown' },
      picture: null,
      timestampAreas: [[0, 0, 0.5, 0.1]],
    });
    expect((await admin('DELETE /merchants/school')).statusCode).toBe(409);
    expect((await admin('DELETE /cameras/school-1')).statusCode).toBe(204);
    expect((await admin('GET /cameras/school-1')).statusCode).toBe(404);
    expect((await loadCameras(api().context.db)).map((one) => one.code)).not.toContain('school-1');
    const again = await admin('POST /cameras', steps[4]?.[1]);
    expect(again.statusCode).toBe(201);
    expect(again.json()).toMatchObject({ id: camera.id });
    expect((await admin('POST /cameras', steps[4]?.[1])).statusCode).toBe(409);
  });

  test('an RTSP address is sealed and never given out, not even in an error', async () => {
    const secret = 'rtsp://viewer:p4ssw0rd@10.0.0.9:8554/live';
    const body = {
      code: 'rtsp-1',
      merchant: 'em',
      zone: 'kitchen',
      name: 'x',
      source: 'rtsp',
      rtspUrl: secret,
    };
    const added = await admin('POST /cameras', body);
    expect(added.json()).toMatchObject({ rtspHost: '10.0.0.9:8554' });
    const wrong = await admin('POST /cameras', {
      ...body,
      code: 'rtsp-2',
      rtspUrl: 'http://viewer:p4ssw0rd@10.0.0.9/',
    });
    const broken = await admin('PATCH /cameras/rtsp-1', { rtspUrl: 'rtsp://viewer:p4ssw0rd@:99999/' });
    expect(wrong.json()).toMatchObject({ errors: [{ field: 'rtspUrl' }] });
    expect(broken.statusCode).toBe(400);
    for (const answer of [added, wrong, broken, await admin('GET /cameras?limit=200')]) {
      expect(answer.body).not.toContain('p4ssw0rd');
      expect(answer.body).not.toContain('secretpass');
    }
    const row = await api()
      .context.db.selectFrom('camera')
      .selectAll()
      .where('code', '=', 'rtsp-1')
      .executeTakeFirstOrThrow();
    expect(row.rtsp_url_sealed?.includes('p4ssw0rd')).toBe(false);
    expect(api().context.sealer.open(row.rtsp_url_sealed ?? Buffer.alloc(0))).toBe(secret);
  });

  test('a gateway’s password is shown once, kept as Mosquitto’s hash, and made anew on demand', async () => {
    const added = await admin('POST /gateways', { code: 'box-9', region: 'east', name: 'box' });
    const { mqtt } = added.json<{ mqtt: { username: string; password: string; topicPrefix: string } }>();
    expect(mqtt).toMatchObject({ username: 'box-9', topicPrefix: 'mk/v1/east/_/box-9' });
    expect(mqtt).toMatchObject({ mqttUrl: 'mqtt://broker.test:1883' });
    const hash = async () =>
      (
        await api()
          .context.db.selectFrom('gateway')
          .select('secret_hash')
          .where('code', '=', 'box-9')
          .executeTakeFirstOrThrow()
      ).secret_hash;
    const first = await hash();
    expect(first).toMatch(/^\$7\$101\$[A-Za-z0-9+/]+=*\$[A-Za-z0-9+/]{86}==$/);
    expect(Buffer.from(first.split('$')[3] ?? '', 'base64').toString()).toMatch(/^[\w-]{12}$/);
    expect(await verifyGatewaySecret(mqtt.password, first)).toBe(true);
    const renewed = (await admin('POST /gateways/box-9/secret')).json<{ password: string }>();
    expect(await verifyGatewaySecret(mqtt.password, await hash())).toBe(false);
    expect(await verifyGatewaySecret(renewed.password, await hash())).toBe(true);
    expect((await admin('GET /gateways/box-9')).body).not.toContain(renewed.password);
  });

  test('a gateway’s page shows what was refused, by reason', async () => {
    const { db } = api().context;
    const now = api().clock.now();
    await countRefusal(db, world.eastGateway, 'too_large', 'camera em-cam: 3 MB', now, 2);
    await countRefusal(db, world.eastGateway, 'not_jpeg', 'camera em-cam', now);
    const page = (await admin('GET /gateways/em-box')).json();
    expect(page).toMatchObject({
      refused: 3,
      topicPrefix: 'mk/v1/east/em/em-box',
      state: 'unknown',
      cameraList: [],
    });
    expect(page.refusals).toContainEqual({
      reason: 'too_large',
      count: 2,
      lastAt: now.toISOString(),
      lastDetail: 'camera em-cam: 3 MB',
    });
  });

  test.each([
    ['POST /regions', { code: 'Nord', level: 'town', name: 'x' }, 'code'],
    ['POST /regions', { code: 'n', level: 'galaxy', name: 'x' }, 'level'],
    ['POST /regions', { code: 'n', level: 'town', name: 'x', timeZone: 'Mars/Base' }, 'timeZone'],
    ['POST /regions', { code: 'n', parent: 'nowhere', level: 'town', name: 'x' }, 'parent'],
    ['POST /merchants', { code: 'n', region: 'nowhere', name: 'x', type: 'restaurant' }, 'region'],
    [
      'POST /merchants',
      { code: 'n', region: 'east', name: 'x', type: 'restaurant', openingHours: { mon: [['9', '21:00']] } },
      'openingHours',
    ],
    ['POST /merchants', { code: 'n', region: 'east', name: 'x' }, 'type'],
    ['POST /zones', { merchant: 'em', code: 'z', kind: 'garden', name: 'x' }, 'kind'],
    ['POST /zones', { merchant: 'none', code: 'z', kind: 'cooking', name: 'x' }, 'merchant'],
    ['POST /gateways', { code: 'g', region: 'east', merchant: 'wm', name: 'x' }, 'merchant'],
    [
      'POST /cameras',
      { code: 'c', merchant: 'em', zone: 'none', name: 'x', source: 'rtsp', rtspUrl: 'rtsp://h/1' },
      'zone',
    ],
    ['POST /cameras', { code: 'c', merchant: 'em', zone: 'kitchen', name: 'x', source: 'rtsp' }, 'rtspUrl'],
    ['POST /cameras', { code: 'c', merchant: 'em', zone: 'kitchen', name: 'x', source: 'mqtt' }, 'gateway'],
    [
      'POST /cameras',
      { code: 'c', merchant: 'em', zone: 'kitchen', name: 'x', source: 'mqtt', gateway: 'wm-box' },
      'gateway',
    ],
    [
      'POST /cameras',
      {
        code: 'c',
        merchant: 'em',
        zone: 'kitchen',
        name: 'x',
        source: 'rtsp',
        rtspUrl: 'rtsp://h/1',
        lookIntervalS: 61,
      },
      'lookIntervalS',
    ],
    [
      'POST /cameras',
      {
        code: 'c',
        merchant: 'em',
        zone: 'kitchen',
        name: 'x',
        source: 'rtsp',
        rtspUrl: 'rtsp://h/1',
        ignoreAreas: [[0, 0, 2, 1]],
      },
      'ignoreAreas.0',
    ],
    [
      'POST /cameras',
      {
        code: 'c',
        merchant: 'em',
        zone: 'kitchen',
        name: 'x',
        source: 'rtsp',
        rtspUrl: 'rtsp://h/1',
        ignoreAreas: [[0.5, 0, 0.4, 1]],
      },
      'ignoreAreas.0',
    ],
    [
      'POST /cameras',
      {
        code: 'c',
        merchant: 'em',
        zone: 'kitchen',
        name: 'x',
        source: 'rtsp',
        rtspUrl: 'rtsp://h/1',
        colour: 'red',
      },
      'colour',
    ],
    ['PATCH /cameras/em-cam', { lookIntervalS: 4 }, 'lookIntervalS'],
    ['PATCH /cameras/em-cam', { gateway: 'em-box' }, 'gateway'],
    [
      'POST /rules',
      {
        kind: 'no_hat',
        enabled: true,
        k: 6,
        n: 5,
        minDurationS: 5,
        minSizePx: 40,
        minScore: 0.5,
        mergeWindowMin: 30,
        dailyCap: 12,
        hours: 'opening',
        class: 2,
        region: 'east',
      },
      'k',
    ],
    ['POST /webhooks', { name: 'x', url: 'ftp://x' }, 'url'],
    ['POST /webhooks', { name: 'x', url: 'http://x', types: ['finding.eaten'] }, 'types.0'],
    ['POST /accounts', { username: 'Bad Name', password: 'long enough', role: 'inspector' }, 'username'],
    ['POST /accounts', { username: 'x', password: 'short', role: 'inspector' }, 'password'],
    ['POST /accounts', { username: 'x', password: 'long enough', role: 'king' }, 'role'],
    ['POST /accounts', { username: 'x', password: 'long enough', role: 'merchant' }, 'merchant'],
  ])('%s with a wrong value names the field: %#', async (what, body, field) => {
    const answer = await admin(what, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const problem = answer.json<{
      title: string;
      status: number;
      type: string;
      errors: { field: string; message: string }[];
    }>();
    expect(problem).toMatchObject({ status: 400, type: 'urn:mingzao:problem:invalid-request' });
    expect(problem.errors.map((error) => error.field)).toContain(field);
    expect(problem.errors.every((error) => error.message.length > 5)).toBe(true);
    expect(answer.body).not.toContain('"short"');
  });

  test('an error says what would be right', async () => {
    const answer = await admin('PATCH /cameras/em-cam', { lookIntervalS: 3, name: '' });
    expect(answer.json().errors).toMatchObject([
      { field: 'name', message: '"" is not right: should be a name of 1 to 200 characters' },
      { field: 'lookIntervalS', message: '3 is not right: should be a whole number from 5 to 60' },
    ]);
    // A code and the values in it, for pages in other languages.
    expect(answer.json()).toMatchObject({
      code: 'fields_not_right',
      errors: [{}, { code: 'not_right', params: { value: '3', right: { params: { from: 5, to: 60 } } } }],
    });
    const broken = await api().app.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { 'content-type': 'application/json' },
      payload: '{"username":',
    });
    expect(broken.json()).toMatchObject({ status: 400, detail: 'The body is not JSON.' });
    expect((await admin('GET /nowhere')).json()).toMatchObject({ status: 404 });
  });

  test('an account is added, works in its scope, and is disabled', async () => {
    const added = await admin('POST /accounts', {
      username: 'zhou',
      password: PASSWORD,
      role: 'inspector',
      region: 'east',
    });
    expect(added.json()).toMatchObject({
      username: 'zhou',
      region: { code: 'east' },
      merchant: null,
      disabled: false,
    });
    expect(added.body).not.toContain('argon2');
    const token = await signIn(api(), 'zhou');
    const { id } = added.json<{ id: string }>();
    expect((await admin(`PATCH /accounts/${id}`, { disabled: true })).json()).toMatchObject({
      disabled: true,
    });
    const who = await api().app.inject({
      method: 'GET',
      url: '/api/v1/session',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(who.statusCode).toBe(401);
  });

  test('a webhook’s secret is sealed, and shown only when it was made', async () => {
    const added = await admin('POST /webhooks', {
      name: 'platform',
      url: 'https://platform.test/in',
      types: ['task.issued'],
    });
    const { id, secret } = added.json<{ id: string; secret: string }>();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect((await admin(`GET /webhooks/${id}`)).body).not.toContain(secret);
    const row = await api()
      .context.db.selectFrom('webhook')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(api().context.sealer.open(row.secret_sealed)).toBe(secret);
  });
});
