/** 回头看 for rodents: only minutes that could show one vouch that none came back; where none can, people look. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { markCoverage } from '../../services/db/coverage.ts';
import { acceptLook, decideLook } from '../../services/db/looks.ts';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { localTime } from '../../services/domain/hours.ts';
import { takeDueSteps } from '../../workers/deadlines/rounds.ts';
import { addAccount, as, type Call, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Of class 1, by the starting policy. */
const NEEDED_MIN = 12 * 60;
const api = useApi();
let world: World;
let desk: Call;
let deskId: string;
let ownerId: string;

beforeAll(async () => {
  world = await addWorld(api());
  desk = await as(api(), 'desk', 'inspector', { regionId: world.county });
  deskId = await addAccount(api(), 'desk-2', 'inspector', { regionId: world.county });
  ownerId = await addAccount(api(), 'owner', 'merchant', { merchantId: world.eastMerchant });
});

const now = () => api().clock.now();
const pass = async (ms: number): Promise<void> => {
  api().clock.move(ms);
  await api()
    .context.db.updateTable('session')
    .set({ expires_at: new Date('2029-01-01T00:00:00Z') })
    .execute();
};
const round = () => takeDueSteps({ db: api().context.db, now });
const openingHours = async (from: string, to: string): Promise<void> => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [[from, to]]]);
  await api()
    .context.db.updateTable('merchant')
    .set({ opening_hours: JSON.stringify(Object.fromEntries(days)) })
    .where('id', '=', world.eastMerchant)
    .execute();
};

async function addCamera(source: 'rtsp' | 'mqtt'): Promise<string> {
  const { db, sealer } = api().context;
  const like = await db
    .selectFrom('camera')
    .select('zone_id')
    .where('id', '=', world.eastCamera)
    .executeTakeFirstOrThrow();
  const { id } = await db
    .insertInto('camera')
    .values({
      code: `em-${randomUUID().slice(0, 8)}`,
      merchant_id: world.eastMerchant,
      zone_id: like.zone_id,
      name: '库房',
      source,
      gateway_id: source === 'mqtt' ? world.eastGateway : null,
      rtsp_url_sealed: source === 'rtsp' ? sealer.seal('rtsp://10.9.8.7:8554/1') : null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** A rodent was found; what followed is closed, and its recheck has begun. */
async function closedTask(cameraId: string): Promise<string> {
  await pass(DAY);
  const finding = await addFinding(api(), cameraId, now(), 'rodent');
  const answer = await desk(`POST /findings/${finding}/confirm`, {});
  expect(answer.statusCode, answer.body).toBe(200);
  const { taskId } = answer.json<{ taskId: string }>();
  // The minute in which it was found is none of the recheck's.
  await pass(MINUTE);
  for (const [command, actorId] of [
    ['acknowledge', ownerId],
    ['submit', ownerId],
    ['close', deskId],
  ] as const) {
    const done = await runTaskOrder(api().context.db, { taskId, command, actorId }, now());
    expect(done, command).toMatchObject({ done: true });
  }
  await round();
  return taskId;
}
const task = (id: string) =>
  api().context.db.selectFrom('task').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const observed = async (id: string) => (await desk(`GET /tasks/${id}/recheck`)).json().observedMin;

/** Days go by, in which the camera's minutes get letters by the local hour; '.': none. */
async function days(count: number, cameraId: string, letter: (hour: number) => string): Promise<void> {
  const minutes = Array.from({ length: count * 1440 }, (_, i) => new Date(now().getTime() + i * MINUTE));
  const marks = minutes.flatMap((at) => {
    const code = letter(Math.floor(localTime(at, 'Asia/Shanghai').minute / 60));
    return code === 'L' || code === 'U' || code === 'O' ? [{ cameraId, at, code } as const] : [];
  });
  await markCoverage(api().context.db, marks);
  await pass(count * DAY);
}
const isNight = (hour: number): boolean => hour >= 22 || hour < 6;

describe('a camera that we pull', () => {
  test('does not vouch by its days, when each look is one picture; nights of a kitchen that never closes do', async () => {
    const camera = await addCamera('rtsp');
    const taskId = await closedTask(camera);
    expect(await task(taskId)).toMatchObject({ state: 'recheck_due', by_people: false });
    // Switched off by night.
    await days(3, camera, (hour) => (isNight(hour) ? 'O' : 'L'));
    await round();
    expect(await task(taskId)).toMatchObject({ state: 'recheck_due', prolongations: 1, observed_min: 0 });
    await days(1, camera, (hour) => (isNight(hour) ? 'U' : 'L'));
    await round();
    expect(await task(taskId)).toMatchObject({ state: 'recheck_due', observed_min: 8 * 60 });
    await days(1, camera, (hour) => (isNight(hour) ? 'L' : '.'));
    await round();
    expect(await task(taskId)).toMatchObject({ state: 'recheck_passed', observed_min: 16 * 60 });
  });

  test('vouches by the hours in which the kitchen is closed', async () => {
    await openingHours('05:00', '21:00');
    const camera = await addCamera('rtsp');
    const taskId = await closedTask(camera);
    await days(1, camera, (hour) => (hour === 21 || hour === 4 || hour === 5 ? 'L' : '.'));
    expect(await observed(taskId)).toBe(120);
  });

  test('where no rule looks for rodents, people look again, at once', async () => {
    const camera = await addCamera('rtsp');
    const rodents = (enabled: boolean) =>
      api().context.db.updateTable('rule').set({ enabled }).where('kind', '=', 'rodent').execute();
    await rodents(false);
    expect(await task(await closedTask(camera))).toMatchObject({ state: 'recheck_due', by_people: true });
    await rodents(true);
    const taskId = await closedTask(camera);
    await days(3, camera, () => 'L');
    await rodents(false);
    await round();
    await rodents(true);
    expect(await task(taskId)).toMatchObject({ state: 'recheck_due', by_people: true, prolongations: 0 });
  });
});

describe('a camera that a box sends', () => {
  /** Looks of so many frames, judged and calm. */
  async function looks(cameraId: string, frames: number): Promise<void> {
    const { db } = api().context;
    for (let i = 0; i < 4; i += 1) {
      const id = randomUUID();
      const at = new Date(now().getTime() - (i + 1) * 10 * MINUTE);
      const frame = { key: 'k', sha256: 'aa', bytes: 1, at: at.toISOString(), width: 1, height: 1 };
      const look = { id, cameraId, source: 'mqtt', capturedAt: at, gathering: false } as const;
      await acceptLook(db, { ...look, frames: Array.from({ length: frames }, () => frame) }, now());
      await db.transaction().execute((tx) => decideLook(tx, id, 'calm', '', now()));
    }
  }

  test('in bursts vouches by day as well, but not by what seemed unchanged', async () => {
    const camera = await addCamera('mqtt');
    await looks(camera, 5);
    const taskId = await closedTask(camera);
    expect(await task(taskId)).toMatchObject({ by_people: false });
    await days(3, camera, (hour) => (hour < 8 ? 'L' : 'U'));
    await round();
    expect(await task(taskId)).toMatchObject({ state: 'recheck_passed', observed_min: 2 * NEEDED_MIN });
  });

  test('in single pictures never shows one: people look again, be it that it sends such only now', async () => {
    const camera = await addCamera('mqtt');
    await looks(camera, 5);
    const taskId = await closedTask(camera);
    await days(3, camera, () => 'L');
    await looks(camera, 1);
    await looks(camera, 1);
    await round();
    expect(await task(taskId)).toMatchObject({ state: 'recheck_due', by_people: true, observed_min: 0 });
    expect(await task(await closedTask(camera))).toMatchObject({ state: 'recheck_due', by_people: true });
  });
});
