/** Coverage summed up by local day: late facts, running twice, killed in between, daylight saving, odd time zones. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { markCoverage } from '../../services/db/coverage.ts';
import { mergeCoverage } from '../../services/db/coverage-gaps.ts';
import { openDatabase } from '../../services/db/database.ts';
import { sumUpAllCoverage, sumUpCoverage, waitingCoverage } from '../../services/db/statistics/roll-up.ts';
import { as, useApi } from '../api/support.ts';
import { seedKitchen } from '../support/kitchen.ts';

const api = useApi();
const HOUR_MS = 3_600_000;

async function kitchen(timeZone: string): Promise<string> {
  const { db } = api().context;
  const { cameraId, regionId } = await seedKitchen(db);
  await db.updateTable('region').set({ time_zone: timeZone }).where('id', '=', regionId).execute();
  return cameraId;
}

/** Whole hours of one letter. */
async function mark(cameraId: string, from: string, to: string, letter: string): Promise<void> {
  const hours = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += HOUR_MS) {
    hours.push({ cameraId, hour: new Date(at), minutes: letter.repeat(60) });
  }
  await mergeCoverage(api().context.db, hours);
}

/** Days with any of these letters. */
async function days(cameraId: string) {
  const { rows } = await sql<{ day: string; looked: number; closed: number; offline: number }>`
    select day::text, looked, closed, offline from coverage_day
    where camera_id = ${cameraId} and looked + closed + offline > 0 order by day
  `.execute(api().context.db);
  return rows;
}

async function spans(cameraId: string) {
  const { rows } = await sql<{ step: string; start: string; looked: number }>`
    select step, start::text, looked from coverage_span where camera_id = ${cameraId} order by step, start
  `.execute(api().context.db);
  return rows;
}

test('a local day holds its own minutes, not those of the UTC day', async () => {
  const { db } = api().context;
  const camera = await kitchen('Asia/Shanghai');
  await mark(camera, '2026-03-01T00:00Z', '2026-03-02T00:00Z', 'L');
  await sumUpAllCoverage(db);
  expect(await days(camera)).toMatchObject([
    { day: '2026-03-01', looked: 16 * 60 },
    { day: '2026-03-02', looked: 8 * 60 },
  ]);
  expect(await spans(camera)).toEqual([
    { step: 'month', start: '2026-03-01', looked: 1440 },
    { step: 'week', start: '2026-02-23', looked: 960 },
    { step: 'week', start: '2026-03-02', looked: 480 },
  ]);
});

test('days of summer time have 23 and 25 hours', async () => {
  const { db } = api().context;
  const camera = await kitchen('Europe/Berlin');
  await mark(camera, '2026-03-28T00:00Z', '2026-03-31T00:00Z', 'L');
  await mark(camera, '2026-10-24T00:00Z', '2026-10-27T00:00Z', 'L');
  await sumUpAllCoverage(db);
  const byDay = new Map((await days(camera)).map(({ day, looked }) => [day, looked / 60]));
  expect([byDay.get('2026-03-29'), byDay.get('2026-10-25')]).toEqual([23, 25]);
});

test.each([
  ['Asia/Kolkata', 30, 18],
  ['Asia/Kathmandu', 15, 18],
])('in %s a day begins within an hour of UTC', async (timeZone, minute, hour) => {
  const { db } = api().context;
  const camera = await kitchen(timeZone);
  await mark(camera, `2026-05-04T${hour}:00Z`, `2026-05-04T${hour + 1}:00Z`, 'L');
  await sumUpAllCoverage(db);
  expect(await days(camera)).toMatchObject([
    { day: '2026-05-04', looked: minute },
    { day: '2026-05-05', looked: 60 - minute },
  ]);
});

test('what arrives late changes its day, week and month; running again changes nothing', async () => {
  const { db } = api().context;
  const camera = await kitchen('Asia/Shanghai');
  await mark(camera, '2026-04-30T00:00Z', '2026-04-30T10:00Z', 'O');
  await sumUpAllCoverage(db);
  expect(await days(camera)).toMatchObject([{ day: '2026-04-30', offline: 600, looked: 0 }]);
  // The gateway comes back after a month and replays: looks are stronger than offline.
  await markCoverage(db, [
    { cameraId: camera, at: new Date('2026-04-30T03:07:00Z'), code: 'L' },
    { cameraId: camera, at: new Date('2026-04-30T03:08:00Z'), code: 'L' },
  ]);
  expect((await waitingCoverage(db)).waiting).toBe(1);
  expect(await sumUpAllCoverage(db)).toBe(1);
  const after = [await days(camera), await spans(camera)];
  expect(after[0]).toMatchObject([{ day: '2026-04-30', offline: 598, looked: 2 }]);
  expect(after[1]).toContainEqual({ step: 'month', start: '2026-04-01', looked: 2 });
  expect(await sumUpAllCoverage(db)).toBe(0);
  await sql`insert into coverage_changed select ${camera}, day, now() from generate_series(date '2026-04-29', '2026-05-01', '1 day') as day`.execute(
    db,
  );
  await sumUpAllCoverage(db);
  expect(
    [await days(camera), await spans(camera)].map((rows) => rows.filter(({ looked }) => looked > 0)),
  ).toEqual(after.map((rows) => rows.filter(({ looked }) => looked > 0)));
});

test('a letter that is there already leaves nothing to do', async () => {
  const { db } = api().context;
  const camera = await kitchen('Asia/Shanghai');
  await mark(camera, '2026-06-01T00:00Z', '2026-06-01T01:00Z', 'L');
  await sumUpAllCoverage(db);
  await markCoverage(db, [{ cameraId: camera, at: new Date('2026-06-01T00:30:00Z'), code: 'U' }]);
  expect((await waitingCoverage(db)).waiting).toBe(0);
});

test('a change that is not committed while its day is summed up is not lost', async () => {
  const { db } = api().context;
  const camera = await kitchen('Asia/Shanghai');
  await mark(camera, '2026-06-02T00:00Z', '2026-06-02T01:00Z', 'O');
  const other = openDatabase(api().databaseUrl, { max: 1 });
  try {
    await other.db.transaction().execute(async (tx) => {
      await sql`select coverage_mark(${camera}, '2026-06-02T00:10Z', 'L')`.execute(tx);
      // The day is in the hands of the open transaction: it is left for the next round.
      await sumUpAllCoverage(db);
    });
  } finally {
    await other.close();
  }
  await sumUpAllCoverage(db);
  expect(await days(camera)).toMatchObject([{ day: '2026-06-02', looked: 1, offline: 59 }]);
});

test('a process that dies in the middle leaves the work to the next', async () => {
  const { db } = api().context;
  const camera = await kitchen('Asia/Shanghai');
  await mark(camera, '2026-06-03T00:00Z', '2026-06-03T01:00Z', 'L');
  const other = openDatabase(api().databaseUrl, { max: 1 });
  await expect(
    other.db.transaction().execute(async (tx) => {
      expect(await sumUpCoverage(tx)).toBeGreaterThan(0);
      throw new Error('killed');
    }),
  ).rejects.toThrow();
  await other.close();
  expect(await days(camera)).toEqual([]);
  await sumUpAllCoverage(db);
  expect(await days(camera)).toMatchObject([{ day: '2026-06-03', looked: 60 }]);
});

test('a region with another time zone has its days summed up anew', async () => {
  const { db } = api().context;
  const camera = await kitchen('Asia/Shanghai');
  await mark(camera, '2026-06-04T00:00Z', '2026-06-05T00:00Z', 'L');
  await sumUpAllCoverage(db);
  expect((await days(camera)).map(({ looked }) => looked / 60)).toEqual([16, 8]);
  await sql`update region set time_zone = 'UTC' where id = (
    select region_id from merchant join camera on camera.merchant_id = merchant.id where camera.id = ${camera})`.execute(
    db,
  );
  await sumUpAllCoverage(db);
  expect((await days(camera)).filter(({ looked }) => looked > 0)).toMatchObject([
    { day: '2026-06-04', looked: 1440 },
  ]);
});

test('what nobody looked at is owed and unaccounted for; a period without anything has no rates', async () => {
  const { db } = api().context;
  const camera = await kitchen('Asia/Shanghai');
  await sql`update camera set created_at = '2026-06-30T16:00Z', removed_at = '2026-07-02T16:00Z' where id = ${camera}`.execute(
    db,
  );
  await mark(camera, '2026-06-30T16:00Z', '2026-06-30T20:00Z', 'C');
  await mark(camera, '2026-06-30T20:00Z', '2026-06-30T22:00Z', 'L');
  await sumUpAllCoverage(db);
  const { code } = await db
    .selectFrom('camera')
    .select('code')
    .where('id', '=', camera)
    .executeTakeFirstOrThrow();
  const call = await as(api(), 'operator', 'operator');
  const coverage = async (from: string, to: string) =>
    (await call(`GET /statistics?from=${from}&to=${to}&camera=${code}`)).json<{
      totals: {
        counts: Record<string, number>;
        rates: Record<string, number | null>;
        medianHoursToClose: number | null;
        coverage: Record<string, number | null>;
      };
    }>().totals;
  const lived = await coverage('2026-06-01', '2026-07-31');
  expect(lived.coverage).toMatchObject({
    cameras: 1,
    observedHours: 2,
    owedHours: 44,
    unaccountedHours: 42,
    observed: 2 / 44,
    online: 2 / 44,
  });
  const empty = await coverage('2026-08-01', '2026-08-31');
  expect(empty.counts.due).toBe(0);
  expect(empty.rates).toEqual({ rectification: null, onTime: null, recurrence: null, dismissal: null });
  expect(empty.medianHoursToClose).toBeNull();
  expect(empty.coverage).toMatchObject({ cameras: 0, observedHours: 0, observed: null, online: null });
});
