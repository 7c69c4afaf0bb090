import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Database, type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import { openLookQueue } from '../../services/queue/look-queue.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { startLoad } from './load.ts';
import { type Stack, startStack } from './stack.ts';

const SECONDS = 1000;
const require = createRequire(import.meta.url);
const PHOTO = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo', 'sample6.jpg');

/**
 * Three frames of people with bare heads, mirrored from look to look; or a box that wanders along an empty wall. Every look
 * differs from the one before by more than the gate lets pass as unchanged.
 */
async function jpegsOf(bareHeads: boolean, sequence: number): Promise<Buffer[]> {
  return await Promise.all(
    [0, 1, 2].map(async (i) => {
      const size = { width: 640, height: 360 };
      const picture = bareHeads
        ? sharp(PHOTO)
            .extract({ left: 20 * i, top: 0, width: 1800, height: 1013 })
            .resize(size)
            .flop(sequence % 2 === 0)
        : sharp({ create: { ...size, channels: 3, background: '#c8d2b4' } });
      // The sequence in a corner makes the bytes of every frame its own.
      const mark = { width: 1, height: 1, channels: 3 } as const;
      const box = { create: { width: 60, height: 60, channels: 3, background: '#336' } } as const;
      return await picture
        .composite([
          { input: Buffer.from([sequence & 255, sequence >> 8, i * 80]), raw: mark, left: 0, top: 0 },
          ...(bareHeads ? [] : [{ input: box, left: (sequence * 90) % 560, top: 200 }]),
        ])
        .jpeg({ quality: 95 })
        .toBuffer();
    }),
  );
}

/** Reads until `done` says so; the database may be away in between. */
async function until(what: string, done: () => Promise<boolean>, withinS: number): Promise<void> {
  const end = Date.now() + withinS * SECONDS;
  for (;;) {
    if (await done().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`waited ${withinS} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const count = async (db: Database, state?: 'open'): Promise<number> => {
  let query = db.selectFrom('look').select((eb) => eb.fn.countAll<string>().as('n'));
  if (state === 'open') query = query.where('state', '<>', 'decided');
  return Number((await query.executeTakeFirstOrThrow()).n);
};

/** What is broken, in turn, while looks come in. Each waits for work to be under way, so that it breaks in its middle. */
async function breakEverything(stack: Stack, db: Database): Promise<string[]> {
  const queue = openLookQueue({ redisUrl: stack.redisUrl, databaseUrl: stack.databaseUrl }, () => {});
  const broken: string[] = [];
  const busy = () => until('a look is in hand', async () => (await queue.depth()).active > 0, 60);
  const goesOn = async () => {
    const before = await count(db);
    await until('looks come in again', async () => (await count(db)) > before + 4, 60);
  };
  try {
    for (const worker of [...stack.workers, ...stack.workers]) {
      await busy();
      worker.kill('SIGKILL');
      broken.push('worker');
    }
    await goesOn();
    stack.gateway.kill('SIGKILL');
    broken.push('gateway');
    await goesOn();
    stack.broker.kill('SIGTERM');
    broken.push('broker');
    await goesOn();
    if (stack.redis) {
      await busy();
      stack.redis.kill('SIGKILL');
      broken.push('redis');
      await goesOn();
    }
    await busy();
    await stack.restartPostgres();
    broken.push('postgres');
    await goesOn();
  } finally {
    await queue.close();
  }
  return broken;
}

describe.each([
  ['PostgreSQL', false],
  ['Redis', true],
])('with the queue on %s, everything is killed under load', (_name, redis) => {
  it('every accepted look has exactly one outcome and every bare head its finding', {
    timeout: 240 * SECONDS,
  }, async () => {
    const stack = await startStack({ redis, workers: 2 });
    onTestFinished(() => stack.stop(), 30 * SECONDS);
    const opened: OpenDatabase = openDatabase(stack.databaseUrl, { onError: () => {} });
    onTestFinished(() => opened.close());
    const { db } = opened;
    const kitchens: Kitchen[] = [];
    for (let i = 0; i < 6; i += 1) kitchens.push(await seedKitchen(db));
    const bare = new Set(kitchens.filter((_, i) => i % 2 === 0).map(({ cameraCode }) => cameraCode));
    // The gateway subscribes before the first look is sent: what nobody subscribed to, no broker keeps.
    await until('the gateway is there', async () => (await fetchBrokerClients(stack)) > 0, 30);

    const load = await startLoad(
      stack.mqttUrl,
      kitchens,
      ({ cameraCode }, seq) => jpegsOf(bare.has(cameraCode), seq),
      1500,
    );
    const broken = await breakEverything(stack, db);
    await load.finish();
    const sent = [...load.confirmed.values()].reduce((sum, n) => sum + n, 0);
    await until('every look that was sent is accepted', async () => (await count(db)) >= sent, 60);
    await until('every accepted look is decided', async () => (await count(db, 'open')) === 0, 90);

    const looks = await db.selectFrom('look').select(['id', 'camera_id', 'outcome', 'reason']).execute();
    const findings = await db.selectFrom('finding').selectAll().execute();
    const by = (outcome: string) => looks.filter((look) => look.outcome === outcome);
    console.log(
      `killed: ${broken.join(', ')}; looks sent ${sent}, accepted ${looks.length}; ` +
        ['calm', 'finding', 'unconfirmed', 'dropped', 'failed']
          .map((o) => `${o} ${by(o).length}`)
          .join(', ') +
        `; findings expected ${bare.size}, found ${findings.length}`,
    );
    expect(looks).toHaveLength(sent);
    expect(by('failed').map(({ reason }) => reason)).toEqual([]);
    expect(findings.filter(({ kind }) => kind === 'no_hat')).toHaveLength(bare.size);
    for (const finding of findings) {
      const shown = looks.filter(
        (look) => look.camera_id === finding.camera_id && look.outcome === 'finding',
      );
      expect(finding.count).toBe(shown.length);
    }
    await checkEvidence(db, stack);
  });
});

/** Every evidence row has its bytes, three a look that showed it. */
async function checkEvidence(db: Database, stack: Stack): Promise<void> {
  const store = openObjectStore({ kind: 'file', path: stack.storeFolder });
  const rows = await db.selectFrom('evidence').selectAll().execute();
  for (const row of rows) expect(sha256(await store.get(row.object_key))).toBe(row.sha256);
  const links = await db.selectFrom('finding_look').selectAll().execute();
  expect(rows).toHaveLength(links.length * 3);
}

/** Clients that the broker counts, this one left out. */
async function fetchBrokerClients(stack: Stack): Promise<number> {
  const { connectAsync } = (await import('mqtt')).default;
  const client = await connectAsync(stack.mqttUrl, { reconnectPeriod: 0 });
  try {
    const heard = new Promise<number>((resolve) =>
      client.once('message', (_topic, payload) => resolve(Number(payload))),
    );
    await client.subscribeAsync('$SYS/broker/subscriptions/count');
    return (await heard) - 1;
  } finally {
    await client.endAsync(true);
  }
}
