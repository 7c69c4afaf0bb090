/** The way of an edge box's alarm: taken over HTTP or MQTT, its picture fetched, checked by a judge, made a finding or refuted. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LookJudge } from '../../models/runtime/look-judge.ts';
import { endEdgeEvents } from '../../services/db/edge-retention.ts';
import { claimEdgeEvents } from '../../services/db/edge-work.ts';
import { hashGatewaySecret } from '../../services/db/gateway-secret.ts';
import type { Detection } from '../../services/domain/words.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import { allowedFrom } from '../../services/outbound/address.ts';
import { createOutbound } from '../../services/outbound/request.ts';
import { judgeLook } from '../../workers/detection/judge-look.ts';
import { createRegistryCache } from '../../workers/detection/registry-cache.ts';
import { type Advance, advance } from '../../workers/edge/advance.ts';
import { removeStep } from '../../workers/retention/remove.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';

const SECRET = 'a-secret-of-a-gateway';
const api = useApi();
let kitchen: Kitchen;
let jpeg: Buffer;
let queued: string[];
/** What the maker's picture server says next. */
let pictures: { status: number; body: Buffer; asked: number; server: Server };

beforeAll(async () => {
  jpeg = await sharp({ create: { width: 640, height: 360, channels: 3, background: '#667788' } })
    .jpeg()
    .toBuffer();
  const server = createServer((_request, response) => {
    pictures.asked += 1;
    response.writeHead(pictures.status, { 'content-type': 'image/jpeg' }).end(pictures.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  pictures = { status: 200, body: jpeg, asked: 0, server };
});
afterAll(() => void pictures.server.close());

beforeEach(async () => {
  kitchen = await seedKitchen(api().context.db, { secretHash: await hashGatewaySecret(SECRET) });
  queued = [];
  await api()
    .context.db.updateTable('edge_event')
    .set({ outcome: 'kept' })
    .where('outcome', '=', 'waiting')
    .execute();
  Object.assign(pictures, { status: 200, body: jpeg, asked: 0 });
});

const basic = (secret = SECRET): string =>
  `Basic ${Buffer.from(`${kitchen.gatewayCode}:${secret}`).toString('base64')}`;

async function push(
  body: Buffer | string | object,
  more: { format?: string; type?: string; secret?: string } = {},
) {
  const payload = typeof body === 'object' && !Buffer.isBuffer(body) ? JSON.stringify(body) : body;
  const response = await api().app.inject({
    method: 'POST',
    url: `/api/v1/edge/intake/${more.format ?? 'auto'}`,
    headers: { authorization: basic(more.secret), 'content-type': more.type ?? 'application/json' },
    payload,
  });
  return { status: response.statusCode, body: response.json() };
}

const alarm = (more: object = {}) => ({
  format: 'mingzao',
  id: `e-${Math.random()}`,
  camera: kitchen.cameraCode,
  at: api().clock.now().toISOString(),
  kind: 'no_hat',
  boxes: [{ box: [0.1, 0.1, 0.3, 0.5], score: 0.8 }],
  picture: jpeg.toString('base64'),
  ...more,
});
const byAddress = (more: object = {}) => {
  const { port } = pictures.server.address() as AddressInfo;
  return alarm({ picture: undefined, pictureUrl: `http://127.0.0.1:${port}/a.jpg?Expires=1`, ...more });
};

const outboundTo = (...allowed: string[]) => createOutbound(allowedFrom(allowed));

/** Lets the worker for edge boxes do all that is due now. */
async function work(outbound = outboundTo('127.0.0.1')): Promise<Advance[]> {
  const { db, store, now } = api().context;
  const queue = {
    add: async (id: string) => void queued.push(id),
    depth: async () => 0,
    close: async () => {},
  };
  const context = { db, store, outbound, now, queue: queue as never };
  const events = await claimEdgeEvents(db, 'test', now(), { count: 10, leaseS: 60 });
  return await Promise.all(events.map((event) => advance(context, event)));
}

const ours = (verdict: Detection['verdict'], kind: Detection['kind'] = 'no_hat'): Detection => ({
  kind,
  verdict,
  score: 0.9,
  box: [0.1, 0.1, 0.3, 0.5],
  sizePx: 180,
});

/** Lets a detection worker judge what was queued. */
async function judge(detections: Detection[]): Promise<unknown[]> {
  const { db, store, now } = api().context;
  const scripted: LookJudge = {
    kinds: ['no_hat', 'no_mask', 'rodent'],
    motionKinds: ['rodent'],
    models: [{ name: 'scripted', version: '1', sha256: '0'.repeat(64) }],
    judgeFrame: async () => [...detections],
    close: async () => {},
  };
  const context = { db, store, judge: scripted, registry: createRegistryCache(db), now };
  const judged = [];
  for (const id of queued.splice(0)) judged.push(await judgeLook(context, id));
  return judged;
}

const event = async () =>
  await api()
    .context.db.selectFrom('edge_event')
    .selectAll()
    .where('gateway_id', '=', kitchen.gatewayId)
    .orderBy('received_at')
    .execute();
const findings = async () =>
  await api()
    .context.db.selectFrom('finding')
    .selectAll()
    .where('merchant_id', '=', kitchen.merchantId)
    .execute();

describe('an alarm with a picture', () => {
  test('our model agrees: a finding with the picture as received, from the box', async () => {
    expect(await push(alarm())).toMatchObject({
      status: 200,
      body: { format: 'mingzao', events: [{ taken: 'new', outcome: 'waiting' }] },
    });
    expect(await work()).toEqual(['checking']);
    expect(await judge([ours('yes')])).toEqual(['finding']);
    const [finding] = await findings();
    expect(finding).toMatchObject({ kind: 'no_hat', state: 'pending_review', source: 'edge', count: 1 });
    expect(finding?.score).toBeCloseTo(0.9);
    expect(await event()).toMatchObject([{ outcome: 'finding', opinion: 'agrees', finding_id: finding?.id }]);
    const [evidence] = await api()
      .context.db.selectFrom('evidence')
      .selectAll()
      .where('finding_id', '=', finding?.id ?? '')
      .execute();
    expect(evidence?.sha256).toBe(sha256(jpeg));
    expect(await api().context.store.get(evidence?.object_key ?? '')).toEqual(jpeg);
  });

  test('our model says no: refuted, no finding, payload kept byte for byte', async () => {
    const body = JSON.stringify(alarm());
    await push(body);
    await work();
    expect(await judge([ours('no')])).toEqual(['calm']);
    expect(await findings()).toEqual([]);
    const [row] = await event();
    expect(row).toMatchObject({ outcome: 'refuted', opinion: 'disagrees' });
    expect((await api().context.store.get(row?.raw_key ?? '')).toString()).toBe(body);
  });

  test('our model is unsure, or does not know the kind: a person looks at it', async () => {
    await push(alarm());
    await push(alarm({ kind: 'smoking' }));
    await work();
    expect(await judge([ours('uncertain')])).toEqual(['finding', 'finding']);
    const kinds = (await findings()).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['no_hat', 'smoking']);
    const opinions = (await event()).map(({ opinion }) => opinion).sort();
    expect(opinions).toEqual(['cannot_tell', 'uncertain']);
  });

  test('a rodent is never refuted by one picture', async () => {
    await push(alarm({ kind: 'rodent' }));
    await work();
    expect(await judge([])).toEqual(['finding']);
    expect(await event()).toMatchObject([{ opinion: 'cannot_tell' }]);
  });

  test('a second alarm within the merge window joins the first finding', async () => {
    await push(alarm());
    await push(alarm());
    await work();
    await judge([ours('yes')]);
    expect(await findings()).toMatchObject([{ count: 2 }]);
  });

  test('judged twice, recorded once', async () => {
    await push(alarm());
    await work();
    const again = [...queued];
    await judge([ours('yes')]);
    queued = again;
    expect(await judge([ours('yes')])).toEqual(['gone']);
    expect(await findings()).toMatchObject([{ count: 1 }]);
  });
});

describe('a picture by address', () => {
  test('is fetched and kept as it came', async () => {
    await push(byAddress());
    expect(await work()).toEqual(['checking']);
    expect(pictures.asked).toBe(1);
    const [row] = await event();
    expect(row).toMatchObject({
      picture_state: 'kept',
      picture: { sha256: sha256(jpeg), width: 640, height: 360 },
    });
  });

  test('in a private network is not asked for unless allowed; the alarm counts all the same', async () => {
    await push(byAddress());
    expect(await work(outboundTo())).toEqual(['finding']);
    expect(pictures.asked).toBe(0);
    const [row] = await event();
    expect(row).toMatchObject({ picture_state: 'failed', reason: 'picture_lost', opinion: 'cannot_tell' });
    expect(row?.picture_error).toMatch(/127\.0\.0\.1 is not a public address/);
  });

  test('that has expired: the alarm becomes a finding that says so', async () => {
    pictures.status = 403;
    await push(byAddress());
    expect(await work()).toEqual(['finding']);
    expect(await event()).toMatchObject([
      { picture_state: 'failed', picture_error: 'the address answered 403' },
    ]);
    expect(await findings()).toHaveLength(1);
  });

  test('that is no picture', async () => {
    pictures.body = Buffer.from('<html>');
    await push(byAddress());
    expect(await work()).toEqual(['finding']);
    expect(await event()).toMatchObject([{ picture_error: 'not a JPEG' }]);
  });

  test('of a server in trouble is asked for again, then done without', async () => {
    pictures.status = 503;
    await push(byAddress());
    const results: Advance[] = [];
    for (let i = 0; i < 5; i += 1) {
      results.push(...(await work()));
      api().clock.move(300_000);
    }
    expect(results).toEqual(['postponed', 'postponed', 'postponed', 'postponed', 'finding']);
    expect(pictures.asked).toBe(5);
  });
});

describe('a camera that is not in service', () => {
  const OFF = { enabled: false };
  const REMOVED = { removed_at: new Date('2026-11-01T00:00:00Z') };
  const set = async (columns: typeof OFF | typeof REMOVED) =>
    await api().context.db.updateTable('camera').set(columns).where('id', '=', kitchen.cameraId).execute();
  const stored = async () => {
    const keys = [];
    for await (const { key } of api().context.store.list('spool')) keys.push(key);
    return keys.sort();
  };
  test.each([
    ['switched off', OFF, 'camera_off'],
    ['removed', REMOVED, 'camera_removed'],
  ])(
    '%s: what its box says is kept and says why; no picture is fetched, nothing is found',
    async (_, columns, reason) => {
      const call: Call = await as(api(), `operator-${reason}`, 'operator');
      const channel = { gateway: kitchen.gatewayCode, channel: 'ch-9', camera: kitchen.cameraCode };
      expect((await call('PUT /edge/channels', channel)).statusCode).toBe(200);
      await set(columns);
      const before = await stored();
      await push(byAddress({ camera: 'ch-9' }));
      await push(alarm({ camera: 'ch-9', picture: undefined }));
      await push(alarm({ camera: 'ch-9' }));
      expect(await work()).toEqual(['kept', 'kept', 'kept']);
      expect(pictures.asked).toBe(0);
      expect(queued).toEqual([]);
      expect(await stored()).toEqual(before);
      expect(await findings()).toEqual([]);
      const kept = { outcome: 'kept', reason, camera_id: kitchen.cameraId };
      expect(await event()).toMatchObject([kept, kept, kept]);
    },
  );

  test('switched off while its picture cannot be had: not asked for again', async () => {
    pictures.status = 503;
    await push(byAddress());
    expect(await work()).toEqual(['postponed']);
    await set(OFF);
    api().clock.move(300_000);
    expect(await work()).toEqual(['kept']);
    expect(pictures.asked).toBe(1);
    expect(await event()).toMatchObject([{ outcome: 'kept', reason: 'camera_off' }]);
  });
});

describe('what a box repeats', () => {
  test('the same event, sent again, is kept once', async () => {
    const same = alarm();
    await push(same);
    expect((await push(same)).body.events).toMatchObject([{ taken: 'repeated' }]);
    expect(await event()).toHaveLength(1);
  });

  test('an active state goes on, ends, and begins anew', async () => {
    const dahua = (action: string) =>
      push(`Code=VideoBlind;action=${action};index=3`, { type: 'text/plain' });
    await dahua('Start');
    api().clock.move(5_000);
    expect((await dahua('Start')).body.events).toMatchObject([{ taken: 'repeated' }]);
    api().clock.move(5_000);
    expect((await dahua('Stop')).body.events).toMatchObject([{ taken: 'ended' }]);
    api().clock.move(5_000);
    expect((await dahua('Start')).body.events).toMatchObject([{ taken: 'new' }]);
    const rows = await event();
    expect(rows.map(({ repeats }) => repeats)).toEqual([1, 0]);
    expect(rows[0]?.ended_at).not.toBeNull();
  });
});

describe('what nobody knew', () => {
  test('channel, type and fields are counted; once explained, the alarm goes on', async () => {
    const { db } = api().context;
    const body = alarm({ camera: 'ch-9', kind: '烟雾', firmware: '1.4' });
    expect((await push(body)).body.events).toMatchObject([{ outcome: 'kept', reason: 'unknown_channel' }]);
    const call: Call = await as(api(), 'operator-of-boxes', 'operator');
    const ask = async (what: string, payload?: object) => (await call(what, payload)).json();
    const unknown = await ask(`GET /edge/unknown?gateway=${kitchen.gatewayCode}`);
    expect(
      unknown.items.map((one: { what: string; name: string }) => `${one.what} ${one.name}`).sort(),
    ).toEqual(['channel ch-9', 'field firmware', 'type 烟雾']);
    const channel = { gateway: kitchen.gatewayCode, channel: 'ch-9', camera: kitchen.cameraCode };
    expect(await ask('PUT /edge/channels', channel)).toEqual({ resumed: 0 });
    const kind = { gateway: null, format: 'mingzao', type: '烟雾', kind: 'smoking' };
    expect(await ask('PUT /edge/kinds', kind)).toEqual({ resumed: 1 });
    expect(await work()).toEqual(['checking']);
    expect(await judge([])).toEqual(['finding']);
    expect(await findings()).toMatchObject([{ kind: 'smoking' }]);
    const left = await db
      .selectFrom('edge_unknown')
      .select('what')
      .where('gateway_id', '=', kitchen.gatewayId)
      .execute();
    expect(left).toEqual([{ what: 'field' }]);
    const { items } = await ask(`GET /edge/events?gateway=${kitchen.gatewayCode}`);
    expect(items).toMatchObject([
      { outcome: 'finding', kind: 'smoking', camera: { code: kitchen.cameraCode } },
    ]);
  });

  test('a fault of the camera is kept and is no violation', async () => {
    const body = alarm({ kind: 'covered' });
    expect((await push(body)).body.events).toMatchObject([{ outcome: 'kept', reason: 'camera_fault' }]);
    expect(await work()).toEqual([]);
  });
});

describe('bad messages', () => {
  test('a wrong secret', async () => {
    expect(await push(alarm(), { secret: 'wrong' })).toMatchObject({ status: 401 });
  });
  test('a field that is wrong is named', async () => {
    const answer = await push(alarm({ at: 'soon' }));
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'at' }] } });
  });
  test('a format that the address does not know', async () => {
    expect(await push(alarm(), { format: 'nobody' })).toMatchObject({ status: 400 });
  });
  test('multipart with pictures behind the XML, as recorders send it', async () => {
    const xml =
      '<EventNotificationAlert><channelID>1</channelID><dateTime>2026-11-21T12:00:00+08:00</dateTime><activePostCount>1</activePostCount>' +
      '<eventType>faceWithoutMask</eventType><eventState>active</eventState><eventDescription>no mask</eventDescription></EventNotificationAlert>';
    const part = (name: string, type: string) =>
      `--MIME_boundary\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`;
    const body = Buffer.concat([
      Buffer.from(`${part('alert.xml', 'application/xml')}${xml}\r\n${part('a.jpg', 'image/pjpeg')}`),
      jpeg,
      Buffer.from('\r\n--MIME_boundary--\r\n'),
    ]);
    const answer = await push(body, { type: 'multipart/mixed; boundary=MIME_boundary', format: 'hikvision' });
    expect(answer).toMatchObject({ status: 200, body: { format: 'hikvision' } });
    expect(await event()).toMatchObject([{ kind: 'no_mask', picture_state: 'kept', channel: '1' }]);
  });
});

describe('how long it is kept', () => {
  const DAY_MS = 86_400_000;

  test('what no finding came of goes when its time is over; its row and hash stay, what became a finding stays whole', async () => {
    const { db, store } = api().context;
    await push(alarm());
    await work();
    await judge([ours('no')]);
    api().clock.move(60_000);
    await push(alarm());
    await work();
    await judge([ours('yes')]);
    await push(alarm({ kind: 'motion' }));
    const refuted = (await event()).find(({ outcome }) => outcome === 'refuted');
    const found = (await event()).find(({ outcome }) => outcome === 'finding');
    if (refuted === undefined || found === undefined) throw new Error('one of each was taken');

    api().clock.move(179 * DAY_MS);
    expect(await endEdgeEvents(db, api().clock.now(), 100)).toBe(0);
    api().clock.move(2 * DAY_MS);
    expect(await endEdgeEvents(db, api().clock.now(), 100)).toBeGreaterThanOrEqual(1);
    expect(await endEdgeEvents(db, api().clock.now(), 100)).toBe(0);
    await removeStep({ db, store, now: () => api().clock.now() });

    await expect(store.get(refuted.raw_key)).rejects.toThrow();
    await store.get(found.raw_key);
    expect(
      await db.selectFrom('edge_event').select('removed_at').where('id', '=', found.id).execute(),
    ).toEqual([{ removed_at: null }]);
    const operator = await as(api(), 'edge-operator', 'operator');
    const answer = await operator(`GET /edge/events/${refuted.id}/payload`);
    expect(answer.json()).toMatchObject({
      status: 404,
      detail: expect.stringContaining('its time was over'),
    });
    const [removal] = await db
      .selectFrom('object_removal')
      .selectAll()
      .where('object_key', '=', refuted.raw_key)
      .execute();
    expect(removal).toMatchObject({
      sha256: refuted.raw_sha256,
      policy: { item: 'edge_event', since: 'written', keepDays: 180 },
      done_at: expect.any(Date),
    });
  });
});
