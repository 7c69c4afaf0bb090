/** The real process, killed while a message is on its way. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { createSealer } from '../../services/db/seal.ts';
import { Events } from '../support/events.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { cleanEnv, startProcess, type TestProcess } from '../support/process.ts';
import { addPerson, addTarget, issueIn } from './support/people.ts';

const KEY = '22'.repeat(32);
const url = useTestDatabase();
let opened: OpenDatabase;
let kitchen: Kitchen;

beforeAll(async () => {
  opened = openDatabase(url());
  kitchen = await seedKitchen(opened.db);
});
afterAll(() => opened.close());

const start = (): TestProcess =>
  startProcess('node', ['workers/outbox/main.ts'], {
    env: cleanEnv({
      DATABASE_URL: url(),
      MQTT_URL: 'mqtt://127.0.0.1:1',
      OBJECT_STORE_URL: 'file:///none',
      MINGZAO_SECRET_KEY: KEY,
      MINGZAO_OUTBOUND_ALLOW: '127.0.0.1',
    }),
  });

test('is sent again under the same key, and never again once its success was recorded', async () => {
  const received = new Events<string>();
  let process = start();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push(`${request.headers['idempotency-key']} ${body}`);
    // The provider has it; the one who asked does not live to hear so.
    if (received.seen.length === 1) return process.signal('SIGKILL');
    response.end('OK');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { db } = opened;
  const sealer = createSealer(Buffer.from(KEY, 'hex'));
  const provider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`,
    method: 'POST',
    headers: {},
    contentType: 'application/json',
    body: '{"to":"{{phone}}","id":"{{id}}"}',
    success: { contains: 'OK' },
  };
  await db
    .insertInto('sms_provider')
    .values({ region_id: null, name: 'sms', request_sealed: sealer.seal(JSON.stringify(provider)) })
    .execute();
  const inspectorId = await addPerson(db, 'inspector', { regionId: kitchen.regionId });
  const owner = await addPerson(db, 'merchant', { merchantId: kitchen.merchantId });
  await addTarget(db, sealer, { accountId: owner }, { channel: 'sms', phone: '+8613800000000' });
  // Issued a while ago, so that it is due at once.
  await issueIn(db, { cameraId: kitchen.cameraId, inspectorId }, 'rodent', new Date(Date.now() - 30_000));
  expect(await process.ended).toBe('SIGKILL');
  const claimed = await db.selectFrom('message').selectAll().executeTakeFirstOrThrow();
  expect(claimed).toMatchObject({ state: 'pending', claimed_by: expect.any(String), attempts: 1 });
  // Its lease is over.
  await db
    .updateTable('message')
    .set({ claimed_until: new Date(Date.now() - 1000) })
    .execute();
  process = start();
  await received.until((seen) => seen.length >= 2);
  await process.line(/relayed messages to people/);
  process.signal('SIGTERM');
  await process.ended;
  // Another process, which has something else to do: when that is done, it has looked at everything.
  process = start();
  const next = await seedKitchen(db);
  const other = await addPerson(db, 'merchant', { merchantId: next.merchantId });
  await addTarget(db, sealer, { accountId: other }, { channel: 'sms', phone: '+8613900000000' });
  await issueIn(db, { cameraId: next.cameraId, inspectorId }, 'rodent', new Date(Date.now() - 30_000));
  await process.line(/relayed messages to people/);
  process.signal('SIGTERM');
  await process.ended;
  const [first] = received.seen;
  expect(received.seen).toEqual([first, first, expect.stringContaining('+8613900000000')]);
  expect(await db.selectFrom('message').select(['state', 'attempts']).orderBy('id').execute()).toEqual([
    { state: 'delivered', attempts: 2 },
    { state: 'delivered', attempts: 1 },
  ]);
  server.closeAllConnections();
  server.close();
}, 60_000);
