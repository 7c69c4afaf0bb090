/** The nightly walk over the history: done once a night, and it tells what was altered behind the database's back. */
import { beforeAll, expect, test } from 'vitest';
import { lastDue, nightlyCheck } from '../../workers/deadlines/nightly.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const api = useApi();
const silent = { info: () => {}, error: () => {} };
let world: World;
let operator: Call;

beforeAll(async () => {
  world = await addWorld(api());
  operator = await as(api(), 'operator', 'operator');
});

const check = () => nightlyCheck({ db: api().context.db, now: api().clock.now }, silent, 3);

test('at the hour of the night that was chosen, local time, also where clocks are moved', () => {
  const china = { hour: 3, timeZone: 'Asia/Shanghai' };
  expect(lastDue(new Date('2026-11-21T18:59:00Z'), china)).toEqual(new Date('2026-11-20T19:00:00Z'));
  expect(lastDue(new Date('2026-11-21T19:00:00Z'), china)).toEqual(new Date('2026-11-21T19:00:00Z'));
  const urumqi = { hour: 1, timeZone: 'Asia/Urumqi' };
  expect(lastDue(new Date('2026-11-21T18:59:00Z'), urumqi)).toEqual(new Date('2026-11-20T19:00:00Z'));
  // 2026-03-29: clocks go from 2 to 3; the night before was one of 24 hours.
  const berlin = { hour: 3, timeZone: 'Europe/Berlin' };
  expect(lastDue(new Date('2026-03-29T00:59:00Z'), berlin)).toEqual(new Date('2026-03-28T02:00:00Z'));
  expect(lastDue(new Date('2026-03-29T01:00:00Z'), berlin)).toEqual(new Date('2026-03-29T01:00:00Z'));
});

test('once a night, by one process; a row that is altered is told once, where it belongs', async () => {
  const { db } = api().context;
  const [good, bad] = [
    await addFinding(api(), world.eastCamera, api().clock.now()),
    await addFinding(api(), world.westCamera, api().clock.now()),
  ];
  const ran = await Promise.all([check(), check()]);
  expect(ran.filter(Boolean)).toHaveLength(1);
  expect(await check()).toBe(false);
  expect((await operator('GET /history-checks')).json()).toMatchObject({
    items: [{ faultCount: 0, faults: [] }],
  });

  await db.connection().execute(async (connection) => {
    const { sql } = await import('kysely');
    await sql`alter table history disable trigger user`.execute(connection);
    await sql`update history set note = 'nothing happened' where entity_id = ${bad}`.execute(connection);
    await sql`alter table history enable trigger user`.execute(connection);
  });
  api().clock.move(24 * 3_600_000);
  expect(await check()).toBe(true);
  const again = await as(api(), 'operator-2', 'operator');
  expect((await again('GET /history-checks')).json()).toMatchObject({
    items: [
      { faultCount: 1, faults: [{ entity: 'finding', entityId: bad, fault: 'altered' }] },
      { faultCount: 0 },
    ],
  });
  await again('POST /history-checks');
  const started = await db
    .selectFrom('history')
    .selectAll()
    .where('to_state', '=', 'history_check_started')
    .execute();
  expect(started).toMatchObject([{ entity: 'account', actor_id: started[0]?.entity_id }]);
  const told = await db.selectFrom('event').selectAll().where('type', '=', 'history.broken').execute();
  expect(told.map(({ payload }) => payload.entityId)).toEqual([bad]);
  const alerts = await db.selectFrom('alert').selectAll().where('about', '=', 'history_broken').execute();
  expect(alerts.map(({ finding_id }) => finding_id)).toEqual([bad]);
  expect(alerts.map(({ finding_id }) => finding_id)).not.toContain(good);
});
