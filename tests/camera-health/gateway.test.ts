/** Through a real broker into a real database; the clock belongs to the test. */
import type { MqttClient } from 'mqtt';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { approveReference } from '../../services/db/camera-references.ts';
import {
  addCamera,
  connectBox,
  kitchenWithSecret,
  prefixOfKitchen,
  type Running,
  startRunning,
  until,
} from '../gateway/support/running.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { FAULTY, noisy, profileOfJpeg, view } from './support/scenes.ts';

const STEP_S = 30;

/** Three frames of one scene, each with noise of its own: what a living camera sends. */
async function living(scene: Buffer): Promise<Buffer[]> {
  const small = await sharp(scene).resize(640, 360).png().toBuffer();
  return await Promise.all(
    [1, 2, 3].map(async (seed) => await (await noisy(small, 4, seed)).jpeg({ quality: 85 }).toBuffer()),
  );
}

async function faulty(name: string): Promise<Buffer[]> {
  const scene = FAULTY[name];
  if (scene === undefined) throw new Error('no such scene');
  return await living(await scene.make(await view(4)));
}

describe('cameras that see nothing', () => {
  const url = useTestDatabase();
  let running: Running;
  let kitchen: Kitchen;
  let box: MqttClient;
  let camera: { id: string; code: string };
  let good: Buffer[];

  beforeAll(async () => {
    running = await startRunning(url(), { env: { MINGZAO_FROZEN_AFTER_S: '120' } });
    good = await living(await view(4));
  });
  afterAll(async () => {
    await running.stop();
  });
  beforeEach(async () => {
    kitchen = await kitchenWithSecret(running.database);
    camera = await addCamera(running, kitchen);
    box = await connectBox(running.brokerUrl, kitchen);
    // A whole minute at noon of the next day, so that letters are plain and lamps are owed.
    running.clock.at = new Date(
      Math.ceil(running.clock.at.getTime() / 86_400_000) * 86_400_000 + 4 * 3_600_000,
    );
    await running.gateway.ticker.tick();
    return async () => {
      await box.endAsync(true);
      await running.database.db.updateTable('camera').set({ enabled: false }).execute();
    };
  });

  const send = async (topic: string, payload: Buffer | string): Promise<void> => {
    const before = running.settled();
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/${topic}`, payload, { qos: 1 });
    await until(async () => running.settled() > before, 'the message was dealt with');
  };
  /** Minutes go by in steps of 30 s, with a picture at each when there are some. */
  const pass = async (minutes: number, pictures: Buffer[] = []): Promise<void> => {
    for (let step = 0; step < (minutes * 60) / STEP_S; step += 1) {
      const picture = pictures[step % pictures.length];
      if (picture !== undefined) await send(`frame/${camera.code}`, picture);
      running.clock.forward(STEP_S);
      await running.gateway.ticker.tick();
    }
  };
  const tickets = async () =>
    (
      await running.database.db
        .selectFrom('camera_fault')
        .selectAll()
        .where((eb) => eb.or([eb('camera_id', '=', camera.id), eb('gateway_id', '=', kitchen.gatewayId)]))
        .orderBy('created_at')
        .execute()
    ).map((row) => ({ ...row, said: `${row.kind} ${row.closed_at === null ? 'open' : 'closed'}` }));
  const said = async (): Promise<string[]> => (await tickets()).map((ticket) => ticket.said);
  const told = async (): Promise<string[]> => {
    const rows = await running.database.db
      .selectFrom('event')
      .select(['type', 'payload'])
      .where('type', 'in', ['camera.fault_opened', 'camera.fault_closed'])
      .orderBy('id')
      .execute();
    return rows
      .filter(({ payload }) => payload.cameraId === camera.id || payload.gatewayId === kitchen.gatewayId)
      .map(({ type, payload }) => `${type} ${payload.kind} ${payload.cameraCode ?? payload.gatewayCode}`);
  };
  const letters = async (): Promise<string> => {
    const rows = await running.database.db
      .selectFrom('coverage')
      .select('minutes')
      .where('camera_id', '=', camera.id)
      .orderBy('hour')
      .execute();
    return rows
      .map((row) => row.minutes)
      .join('')
      .replace(/^\.+|\.+$/g, '');
  };
  const openFrom = async (hours: object): Promise<void> => {
    const { db } = running.database;
    await db
      .updateTable('merchant')
      .set({ opening_hours: JSON.stringify(hours) })
      .where('id', '=', kitchen.merchantId)
      .execute();
    await until(
      async () => running.gateway.parts.registry.cameras.get(camera.id)?.record.openingHours !== null,
      'the registry was read again',
    );
  };

  test('a cloth: a ticket after ten minutes, closed soon after it is gone; its minutes are blind', async () => {
    await pass(9, good);
    await pass(5, await faulty('a cloth over the lens'));
    expect(await said()).toEqual([]);
    await pass(10, await faulty('a cloth over the lens'));
    expect(await said()).toEqual(['covered open']);
    const [ticket] = await tickets();
    expect(ticket).toMatchObject({ cause: 'the lens is covered', detail: { lost: expect.any(Number) } });
    expect(await told()).toEqual([`camera.fault_opened covered ${camera.code}`]);
    await pass(4, good);
    expect(await said()).toEqual(['covered closed']);
    expect(await told()).toHaveLength(2);
    const all = await letters();
    // Since the first covered picture that was looked at closely, not only since the ticket.
    expect(all.slice(0, 9)).not.toContain('X');
    expect(all.slice(13, 23)).toBe('X'.repeat(10));
    expect(all.at(-1)).not.toBe('X');
  });

  test('moved only against a picture that somebody approved', async () => {
    await pass(9, good);
    const away = await faulty('turned away by a third');
    await pass(20, away);
    expect(await said()).toEqual([]);
    const { db } = running.database;
    const account = await db
      .insertInto('account')
      .values({
        username: 'approver',
        password_hash: 'none',
        role: 'operator',
        region_id: null,
        merchant_id: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const approved = good[0];
    if (approved === undefined) throw new Error('there is a picture');
    await approveReference(
      db,
      {
        cameraId: camera.id,
        objectKey: 'references/one.jpg',
        sha256: 'a'.repeat(64),
        profile: await profileOfJpeg(approved),
        takenAt: running.clock.at,
        approvedBy: account.id,
      },
      running.clock.at,
    );
    await pass(22, away);
    expect(await said()).toEqual(['moved open']);
    await pass(4, good);
    expect(await said()).toEqual(['moved closed']);
  });

  test('black in opening hours is a fault; dark when closed is none, and no minute of it an observation', async () => {
    const dark = await faulty('a dark sensor with noise');
    await openFrom({ mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] });
    await pass(15, dark);
    expect(await said()).toEqual([]);
    expect(new Set(await letters())).toEqual(new Set('X'));
    const always = [['00:00', '00:00']];
    await openFrom({
      mon: always,
      tue: always,
      wed: always,
      thu: always,
      fri: always,
      sat: always,
      sun: always,
    });
    await until(
      async () =>
        running.gateway.parts.registry.cameras.get(camera.id)?.record.openingHours?.mon?.length === 1,
      'the registry was read again',
    );
    await pass(12, dark);
    expect(await said()).toEqual(['black open']);
    await pass(2, good);
    expect(await said()).toEqual(['black closed']);
  });

  test('frozen under a clock that ticks, although nobody marked the place of the clock', async () => {
    const still = await sharp(await view(4))
      .resize(640, 360)
      .png()
      .toBuffer();
    const ticking = await Promise.all(
      ['12:00:00', '12:00:30', '12:01:07'].map(
        async (time) =>
          await sharp(still)
            .composite([
              {
                input: Buffer.from(
                  `<svg width="640" height="360"><rect width="200" height="26"/><text x="4" y="20" font-size="20" fill="#fff">${time}</text></svg>`,
                ),
              },
            ])
            .jpeg({ quality: 85 })
            .toBuffer(),
      ),
    );
    await pass(7, ticking);
    expect(await said()).toEqual(['frozen open']);
    expect(await letters()).toMatch(/F{3}$/);
    await pass(1, good);
    expect(await said()).toEqual(['frozen closed']);
  });

  test('a dead gateway has one ticket and mutes those of its cameras; all close by themselves', async () => {
    await pass(1, good);
    await send('birth', '{"seq":1}');
    await send('death', '{"seq":1}');
    await pass(4);
    expect((await said()).sort()).toEqual(['offline open', 'offline open']);
    const muted = (await tickets()).find((ticket) => ticket.camera_id !== null);
    expect(muted).toMatchObject({ muted_by: kitchen.gatewayId, announced_at: null });
    expect(await told()).toEqual([`camera.fault_opened offline ${kitchen.gatewayCode}`]);
    await send('birth', '{"seq":2}');
    await pass(1, good);
    expect(await said()).toEqual(['offline closed', 'offline closed']);
    expect(await told()).toEqual([
      `camera.fault_opened offline ${kitchen.gatewayCode}`,
      `camera.fault_closed offline ${kitchen.gatewayCode}`,
    ]);
  });

  test('what is still silent after the gateway came back is told then', async () => {
    await pass(1, good);
    await send('birth', '{"seq":1}');
    await send('death', '{"seq":1}');
    await pass(4);
    await send('birth', '{"seq":2}');
    await pass(4);
    expect((await said()).sort()).toEqual(['offline closed', 'offline open']);
    expect((await told()).at(-1)).toBe(`camera.fault_opened offline ${camera.code}`);
  });

  test('a camera alone that falls silent has its own ticket', async () => {
    await send('birth', '{"seq":1}');
    await pass(1, good);
    await pass(5);
    expect((await tickets()).map(({ kind, muted_by: by }) => [kind, by])).toEqual([['offline', null]]);
  });

  test('a camera that is switched off has no open ticket', async () => {
    await send('birth', '{"seq":1}');
    await pass(1, good);
    await pass(5);
    const { db } = running.database;
    await db.updateTable('camera').set({ enabled: false }).where('id', '=', camera.id).execute();
    await pass(1);
    expect(await said()).toEqual(['offline closed']);
  });
});
