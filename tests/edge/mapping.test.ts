/** Explaining what a box means: whichever of channel and type is said first, the alarms that waited for both go on. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { claimEdgeEvents } from '../../services/db/edge-work.ts';
import { hashGatewaySecret } from '../../services/db/gateway-secret.ts';
import { addAccount, type Call, caller, signIn, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';

const SECRET = 'a-secret-of-a-gateway';
const HOUR_MS = 3_600_000;
const api = useApi();
let operator: Call;
let kitchen: Kitchen;

beforeAll(async () => void (await addAccount(api(), 'root', 'operator')));
beforeEach(async () => {
  const { db } = api().context;
  await db.deleteFrom('edge_event').execute();
  await db.deleteFrom('edge_kind').execute();
  operator = caller(api(), await signIn(api(), 'root'));
  kitchen = await seedKitchen(db, { secretHash: await hashGatewaySecret(SECRET) });
});

/** An alarm of a channel and a type that nobody has explained. */
async function alarm(more: object = {}): Promise<void> {
  const response = await api().app.inject({
    method: 'POST',
    url: '/api/v1/edge/intake/mingzao',
    headers: { authorization: `Basic ${Buffer.from(`${kitchen.gatewayCode}:${SECRET}`).toString('base64')}` },
    payload: {
      format: 'mingzao',
      id: `e-${Math.random()}`,
      camera: 'ch-9',
      at: api().clock.now().toISOString(),
      kind: '烟雾',
      ...more,
    },
  });
  expect(response.json(), response.body).toMatchObject({ events: [{ reason: 'unknown_channel' }] });
}

const explainType = async (kind: string | null, gateway: string | null = kitchen.gatewayCode) =>
  (await operator('PUT /edge/kinds', { gateway, format: 'mingzao', type: '烟雾', kind })).json();
const explainChannel = async () =>
  (
    await operator('PUT /edge/channels', {
      gateway: kitchen.gatewayCode,
      channel: 'ch-9',
      camera: kitchen.cameraCode,
    })
  ).json();
const events = async () =>
  await api()
    .context.db.selectFrom('edge_event')
    .select(['camera_id', 'kind', 'outcome', 'reason'])
    .where('gateway_id', '=', kitchen.gatewayId)
    .orderBy('happened_at')
    .execute();
const waiting = async (): Promise<number> =>
  (await claimEdgeEvents(api().context.db, 'test', api().clock.now(), { count: 10, leaseS: 60 })).length;

test('the type first, then the channel: every alarm goes on, and the answers say when', async () => {
  await alarm();
  await alarm();
  expect(await explainType('smoking')).toEqual({ resumed: 0 });
  expect(await events()).toMatchObject([
    { kind: 'smoking', outcome: 'kept', reason: 'unknown_channel' },
    { kind: 'smoking', outcome: 'kept', reason: 'unknown_channel' },
  ]);
  expect(await explainChannel()).toEqual({ resumed: 2 });
  expect(await events()).toMatchObject([
    { camera_id: kitchen.cameraId, kind: 'smoking', outcome: 'waiting', reason: '' },
    { camera_id: kitchen.cameraId, kind: 'smoking', outcome: 'waiting', reason: '' },
  ]);
  expect(await waiting()).toBe(2);
  const unknown = await operator(`GET /edge/unknown?gateway=${kitchen.gatewayCode}`);
  expect(unknown.json()).toEqual({ items: [] });
});

test('the channel first: nothing goes on before the type is known', async () => {
  await alarm();
  expect(await explainChannel()).toEqual({ resumed: 0 });
  expect(await events()).toMatchObject([{ camera_id: kitchen.cameraId, reason: 'unknown_type' }]);
  expect(await waiting()).toBe(0);
  expect(await explainType('smoking', null)).toEqual({ resumed: 1 });
  expect(await waiting()).toBe(1);
});

test('a gateway’s own kind goes before that of all, in whichever order they are said', async () => {
  await alarm();
  await explainType('phone');
  await explainType('smoking', null);
  await explainChannel();
  expect(await events()).toMatchObject([{ kind: 'phone', outcome: 'waiting' }]);
});

test('a type that is ignored, or a fault of the camera, is not counted as going on', async () => {
  await alarm();
  await alarm({ kind: 'covered', at: new Date(api().clock.now().getTime() - HOUR_MS).toISOString() });
  await explainType('ignored');
  expect(await explainChannel()).toEqual({ resumed: 0 });
  expect(await events()).toMatchObject([
    { kind: 'covered', outcome: 'kept', reason: 'camera_fault' },
    { kind: 'ignored', outcome: 'kept', reason: 'ignored_type' },
  ]);
});

test('what happened two days ago starts nothing any more', async () => {
  await alarm({ at: new Date(api().clock.now().getTime() - 49 * HOUR_MS).toISOString() });
  await explainType('smoking');
  expect(await explainChannel()).toEqual({ resumed: 0 });
  expect(await waiting()).toBe(0);
});

test('a kind of every gateway is taken back; one that was never said cannot be', async () => {
  await explainType('smoking', null);
  expect(await explainType(null, null)).toEqual({ resumed: 0 });
  expect((await operator('GET /edge/mapping')).json()).toMatchObject({ kinds: [] });
  expect(await explainType(null, null)).toMatchObject({ status: 404 });
});
