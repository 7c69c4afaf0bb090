/** Every process says that it lives, what it has loaded, and takes its row away when it stops in good order. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { readServiceConfig } from '../../services/config/config.ts';
import { openDatabase } from '../../services/db/database.ts';
import { listBeats } from '../../services/db/process-beats.ts';
import { PROCESSES } from '../../services/domain/processes.ts';
import { startGateway } from '../../services/gateway/gateway.ts';
import { startDeadlines } from '../../workers/deadlines/context.ts';
import { startDetection } from '../../workers/detection/context.ts';
import { startEdge } from '../../workers/edge/context.ts';
import { startOutbox } from '../../workers/outbox/context.ts';
import { startRedaction } from '../../workers/redaction/context.ts';
import { startRetention } from '../../workers/retention/context.ts';
import { useTestDatabase } from '../support/postgres.ts';

const databaseUrl = useTestDatabase();

test('seven processes start, are seen, and leave nothing behind', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-beats-'));
  const config = readServiceConfig({
    DATABASE_URL: databaseUrl(),
    MQTT_URL: 'mqtt://127.0.0.1:9',
    OBJECT_STORE_URL: `file://${folder}`,
    MINGZAO_SECRET_KEY: '7'.repeat(64),
    MINGZAO_LOG_LEVEL: 'silent',
  });
  const log = pino({ level: 'silent' });
  const running = [
    await startDetection(config, { log }),
    await startRedaction(config, { log }),
    await startRetention(config, { log }),
    startDeadlines(config, { log }),
    startEdge(config, { log }),
    startOutbox(config, { log }),
  ];
  const gateway = await startGateway(config, { log }, { tick: false });
  const { db, close } = openDatabase(databaseUrl());
  const alive = async () => (await listBeats(db)).filter((beat) => beat.alive);
  const names = async () => [...new Set((await alive()).map(({ name }) => name))].sort();
  // The API says so from its main.ts: tests/api/process.test.ts starts that.
  await expect
    .poll(names, { timeout: 15_000 })
    .toEqual(PROCESSES.filter((name) => name !== 'api').toSorted());
  const details = Object.fromEntries((await alive()).map(({ name, detail }) => [name, detail]));
  expect(details.detection?.models?.map(({ name }) => name).sort()).toEqual([
    'head-attributes',
    'heads',
    'rodent',
  ]);
  // Nothing listens there.
  expect(details.gateway?.broker).toBe(false);
  // The retention process watches the disk.
  await expect
    .poll(async () => (await db.selectFrom('disk_sample').select('free').execute()).length, {
      timeout: 15_000,
    })
    .toBe(1);

  await Promise.all([gateway.stop(), ...running.map((one) => one.close())]);
  expect(await listBeats(db)).toEqual([]);
  await close();
  await rm(folder, { recursive: true, force: true });
});
