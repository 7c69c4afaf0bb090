/** Camera faults that edge boxes report: device tickets like our own, which close by themselves; never a finding. */
import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { closeFault, openFault } from '../../services/db/camera-faults.ts';
import { syncEdgeFaults } from '../../services/db/edge-faults.ts';
import { claimEdgeEvents } from '../../services/db/edge-work.ts';
import { syncGatewayFaults } from '../../services/db/gateway-faults.ts';
import { hashGatewaySecret } from '../../services/db/gateway-secret.ts';
import { addAccount, type Call, caller, signIn, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';

const SECRET = 'a-secret-of-a-gateway';
const api = useApi();
let operator: Call;
let kitchen: Kitchen;

beforeAll(async () => void (await addAccount(api(), 'root', 'operator')));
beforeEach(async () => {
  const { db } = api().context;
  await db.deleteFrom('camera_fault').execute();
  await db.deleteFrom('edge_event').execute();
  // The clock moves by days: sessions are over by then.
  operator = caller(api(), await signIn(api(), 'root'));
  kitchen = await seedKitchen(db, { secretHash: await hashGatewaySecret(SECRET) });
  await operator('PUT /edge/channels', {
    gateway: kitchen.gatewayCode,
    channel: '1',
    camera: kitchen.cameraCode,
  });
});

const minutes = (n: number): void => api().clock.move(n * 60_000);
/** A recorder's message, as Hikvision sends it. */
async function say(
  type: string,
  state: 'active' | 'inactive',
  dated = api().clock.now().toISOString(),
): Promise<void> {
  const response = await api().app.inject({
    method: 'POST',
    url: '/api/v1/edge/intake/hikvision',
    headers: {
      authorization: `Basic ${Buffer.from(`${kitchen.gatewayCode}:${SECRET}`).toString('base64')}`,
      'content-type': 'application/xml',
    },
    payload:
      `<EventNotificationAlert><channelID>1</channelID><dateTime>${dated}</dateTime>` +
      `<activePostCount>1</activePostCount><eventType>${type}</eventType><eventState>${state}</eventState>` +
      '</EventNotificationAlert>',
  });
  expect(response.statusCode, response.body).toBe(200);
}
/** A pulse, in our own format. */
async function pulse(kind: string): Promise<void> {
  const response = await api().app.inject({
    method: 'POST',
    url: '/api/v1/edge/intake/mingzao',
    headers: { authorization: `Basic ${Buffer.from(`${kitchen.gatewayCode}:${SECRET}`).toString('base64')}` },
    payload: {
      format: 'mingzao',
      id: `e-${Math.random()}`,
      camera: kitchen.cameraCode,
      at: api().clock.now().toISOString(),
      kind,
    },
  });
  expect(response.statusCode, response.body).toBe(200);
}
const round = async (): Promise<string> => {
  const { opened, closed } = await syncEdgeFaults(api().context.db, api().clock.now());
  return `${opened} opened, ${closed} closed`;
};
const tickets = async () =>
  (await operator(`GET /camera-faults?camera=${kitchen.cameraCode}`)).json<{
    items: {
      id: string;
      kind: string;
      closedAt: string | null;
      edgeEventId: string | null;
      cause: string;
      openedAt: string;
    }[];
  }>().items;
const told = async () =>
  (
    await api()
      .context.db.selectFrom('event')
      .select('type')
      .where('merchant_id', '=', kitchen.merchantId)
      .orderBy('id')
      .execute()
  ).map(({ type }) => type);

test('a covered lens: opened when it has lasted, told once, closed when the recorder says so; never a finding', async () => {
  const began = api().clock.now().toISOString();
  await say('shelteralarm', 'active');
  expect(await round()).toBe('0 opened, 0 closed');
  minutes(5);
  await say('shelteralarm', 'active');
  minutes(5);
  expect(await round()).toBe('1 opened, 0 closed');
  expect(await round()).toBe('0 opened, 0 closed');
  const [ticket] = await tickets();
  expect(ticket).toMatchObject({ kind: 'covered', closedAt: null, openedAt: began });
  expect(ticket?.cause).toBe('the edge box says so: shelteralarm');
  const events = await operator(`GET /edge/events?gateway=${kitchen.gatewayCode}`);
  expect(events.json()).toMatchObject({
    items: [
      {
        id: ticket?.edgeEventId,
        faultId: ticket?.id,
        outcome: 'kept',
        reason: 'camera_fault',
        findingId: null,
      },
    ],
  });
  await say('shelteralarm', 'inactive');
  expect(await round()).toBe('0 opened, 1 closed');
  expect(await round()).toBe('0 opened, 0 closed');
  expect(await told()).toEqual(['camera.fault_opened', 'camera.fault_closed']);
  const { db } = api().context;
  expect(await db.selectFrom('finding').select('id').execute()).toEqual([]);
});

test('what is over before it has lasted is no ticket; neither is a single pulse, but of a lost picture', async () => {
  await say('shelteralarm', 'active');
  minutes(3);
  await say('shelteralarm', 'inactive');
  await pulse('covered');
  minutes(15);
  expect(await round()).toBe('0 opened, 0 closed');
  await pulse('covered');
  expect(await round()).toBe('1 opened, 0 closed');
  minutes(31);
  expect(await round()).toBe('0 opened, 1 closed');
  await pulse('offline');
  minutes(3);
  expect(await round()).toBe('1 opened, 0 closed');
});

test('a box that falls silent: over after half an hour, unless its gateway is gone', async () => {
  await say('shelteralarm', 'active');
  for (const _ of [1, 2, 3]) {
    minutes(4);
    await say('shelteralarm', 'active');
  }
  expect(await round()).toBe('1 opened, 0 closed');
  const { db } = api().context;
  const set = (state: 'online' | 'offline') =>
    db
      .updateTable('gateway')
      .set({ state, state_since: api().clock.now() })
      .where('id', '=', kitchen.gatewayId)
      .execute();
  await set('offline');
  minutes(31);
  expect(await round()).toBe('0 opened, 0 closed');
  await set('online');
  expect(await round()).toBe('0 opened, 1 closed');
});

test('a beginning that is said once holds for a day', async () => {
  await say('videoloss', 'active');
  minutes(23 * 60);
  expect(await round()).toBe('1 opened, 0 closed');
  minutes(61);
  expect(await round()).toBe('0 opened, 1 closed');
});

test('one ticket with our own eye: whoever opened it; closed by our eye it stays closed', async () => {
  const { db } = api().context;
  const own = {
    kind: 'covered',
    since: api().clock.now(),
    cause: 'no structure',
    detail: {},
    mutedBy: null,
  } as const;
  await openFault(db, { id: kitchen.cameraId }, own, api().clock.now());
  await say('shelteralarm', 'active');
  minutes(20);
  expect(await round()).toBe('0 opened, 0 closed');
  expect(await tickets()).toHaveLength(1);
  // The recorder's end does not end what we see ourselves.
  await say('shelteralarm', 'inactive');
  expect(await round()).toBe('0 opened, 0 closed');
  await say('shelteralarm', 'active');
  minutes(20);
  await round();
  await closeFault(db, kitchen.cameraId, 'covered', api().clock.now());
  minutes(20);
  expect(await round()).toBe('0 opened, 0 closed');
  expect(await tickets()).toMatchObject([{ edgeEventId: null, closedAt: expect.any(String) }]);
});

test('is muted while the gateway is gone, told when it stays silent after the return', async () => {
  const { db } = api().context;
  await say('videoloss', 'active');
  await db
    .updateTable('gateway')
    .set({ state: 'offline', state_since: api().clock.now() })
    .where('id', '=', kitchen.gatewayId)
    .execute();
  minutes(5);
  await syncGatewayFaults(db, api().clock.now());
  expect(await round()).toBe('1 opened, 0 closed');
  expect(await told()).toEqual(['camera.fault_opened']);
  expect((await operator(`GET /camera-faults?muted=true&camera=${kitchen.cameraCode}`)).json()).toMatchObject(
    {
      items: [{ kind: 'offline', muted: true }],
    },
  );
});

test('a channel that is assigned later, and a camera that is switched off', async () => {
  await operator('PUT /edge/channels', { gateway: kitchen.gatewayCode, channel: '1', camera: null });
  await say('shelteralarm', 'active');
  await operator('PUT /edge/channels', {
    gateway: kitchen.gatewayCode,
    channel: '1',
    camera: kitchen.cameraCode,
  });
  const { db } = api().context;
  expect(await claimEdgeEvents(db, 'test', api().clock.now(), { count: 1, leaseS: 60 })).toEqual([]);
  minutes(20);
  await db.updateTable('camera').set({ enabled: false }).where('id', '=', kitchen.cameraId).execute();
  expect(await round()).toBe('0 opened, 0 closed');
  await db.updateTable('camera').set({ enabled: true }).where('id', '=', kitchen.cameraId).execute();
  expect(await round()).toBe('1 opened, 0 closed');
});

test.each([
  ['starts again at its epoch', () => '2000-01-01T00:03:20+08:00'],
  ['writes UTC and does not say so', () => api().clock.now().toISOString().slice(0, 19)],
])(
  'a box whose clock %s: the fault counts from when we were told, what was watched before stays',
  async (_, dated) => {
    const { db } = api().context;
    const told = api().clock.now();
    for (const hours of [1, 5, 9])
      await sql`select coverage_mark(${kitchen.cameraId}, ${new Date(told.getTime() - hours * 3_600_000)}, 'L')`.execute(
        db,
      );
    const coverage = async () =>
      (
        await db
          .selectFrom('coverage')
          .selectAll()
          .where('camera_id', '=', kitchen.cameraId)
          .orderBy('hour')
          .execute()
      ).map(({ minutes }) => minutes.replaceAll('.', ''));
    const before = await coverage();
    expect(before).toHaveLength(3);
    await say('shelteralarm', 'active', dated());
    expect(await round()).toBe('0 opened, 0 closed');
    minutes(10);
    expect(await round()).toBe('1 opened, 0 closed');
    expect(await tickets()).toMatchObject([{ kind: 'covered', openedAt: told.toISOString() }]);
    expect((await coverage()).slice(0, 3)).toEqual(before);
  },
);
