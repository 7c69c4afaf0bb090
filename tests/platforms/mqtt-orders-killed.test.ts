/** The API's own process hears orders at a platform's broker, and is killed while it does: each order counts once, each is answered. */
import mqtt from 'mqtt';
import { expect, it } from 'vitest';
import { sign } from '../../services/domain/webhook-signature.ts';
import { as, useApi } from '../api/support.ts';
import { startMosquitto } from '../gateway/support/mosquitto.ts';
import { Events } from '../support/events.ts';
import { seedKitchen } from '../support/kitchen.ts';
import { cleanEnv, startProcess } from '../support/process.ts';
import { issueTask, seedPeople } from '../task-life/support/tasks.ts';
import { addPlatform } from './support/platform.ts';

const ORDERS = 200;
const KILLS = 2;
const api = useApi();

it('counts once and is answered, in the order given, however often the process dies', async () => {
  const { context, databaseUrl, folder } = api();
  const { db } = context;
  const operator = await as(api(), 'root', 'operator');
  const kitchen = await seedKitchen(db);
  const people = await seedPeople(db, kitchen);
  await addPlatform(api(), operator, 'city', kitchen.regionId);
  const taskId = await issueTask(db, kitchen, people, new Date());
  const { number } = await db
    .selectFrom('task')
    .select('number')
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow();
  const broker = await startMosquitto({
    'mosquitto.conf': 'allow_anonymous true\npersistence true\nmax_queued_messages 10000\n',
  });
  const secret = `whsec_${Buffer.from('a secret of the platform').toString('base64')}`;
  const made = await operator('POST /webhooks', {
    name: 'city',
    url: broker.url,
    topicPrefix: 'city/mingzao',
    account: 'city',
    secret,
    region: kitchen.regionPath,
    orders: true,
    types: ['lead.sent'],
  });
  expect(made.statusCode, made.body).toBe(201);
  const start = async () => {
    // The lease of one that was killed ends by itself after half a minute; here at once.
    await db.deleteFrom('platform_line').execute();
    return startProcess(process.execPath, ['services/api/main.ts'], {
      env: {
        ...cleanEnv(),
        DATABASE_URL: databaseUrl,
        MQTT_URL: 'mqtt://127.0.0.1:1',
        OBJECT_STORE_URL: `file://${folder}`,
        MINGZAO_DATA_DIR: folder,
        MINGZAO_SECRET_KEY: context.config.secretKey.toString('hex'),
        MINGZAO_OUTBOUND_ALLOW: '127.0.0.1',
        MINGZAO_PORT: '0',
      },
    });
  };
  const answers = new Events<{ id: string; status: number }>();
  const platform = await mqtt.connectAsync(broker.url, { protocolVersion: 4 });
  platform.on('message', (_topic, payload) =>
    answers.push(JSON.parse(payload.toString()) as { id: string; status: number }),
  );
  await platform.subscribeAsync('city/mingzao/ack', { qos: 1 });
  let service = await start();
  const subscribed = async (): Promise<void> => {
    const state = async () =>
      (await db.selectFrom('platform_line').select('state').executeTakeFirst())?.state;
    await expect.poll(state, { timeout: 30_000, interval: 100 }).toBe('listening');
  };
  await subscribed();
  const ids = Array.from({ length: ORDERS }, (_, i) => `order-${String(i).padStart(4, '0')}`);
  for (const id of ids) {
    const body = JSON.stringify({ task: number, command: 'comment', note: id });
    const timestamp = Math.floor(Date.now() / 1000);
    const message = { id, timestamp, body, signature: sign(secret, id, timestamp, body) };
    await platform.publishAsync('city/mingzao/cmd', JSON.stringify(message), { qos: 1 });
  }
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await answers.until((seen) => seen.length >= kill * 50);
    service.signal('SIGKILL');
    await service.ended;
    // In the middle of it.
    expect(new Set(answers.seen.map(({ id }) => id)).size).toBeLessThan(ORDERS);
    service = await start();
  }
  await answers.until((seen) => new Set(seen.map(({ id }) => id)).size === ORDERS);
  const rows = await db
    .selectFrom('history')
    .select('note')
    .where('entity_id', '=', taskId)
    .where('command', '=', 'comment')
    .orderBy('id')
    .execute();
  expect(rows.map(({ note }) => note)).toEqual(ids);
  expect(answers.seen.every(({ status }) => status === 200)).toBe(true);
  service.signal('SIGTERM');
  expect(await service.ended).toBe(0);
  expect(await db.selectFrom('platform_line').selectAll().execute()).toEqual([]);
  await platform.endAsync(true);
  await broker.stop();
}, 120_000);
