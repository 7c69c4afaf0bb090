import { describe, expect, test } from 'vitest';
import { gatherDue } from '../../services/db/notify/gather.ts';
import { claimMessages } from '../../services/db/notify/messages.ts';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { firstHabits } from '../../services/domain/notify.ts';
import type { ViolationKind } from '../../services/domain/words.ts';
import { addPerson, addTarget, findIn, issueIn, setHabits } from './support/people.ts';
import { sealer, useDesk } from './support/relay.ts';

const desk = useDesk();

/** What the robots were sent, as text. */
const texts = (): string[] =>
  desk().company.received.map(({ text }) => (JSON.parse(text) as { text: { content: string } }).text.content);
const robot = (key: string) => ({
  channel: 'wecom' as const,
  url: `${desk().company.url}/send?key=${key}`,
  secret: null,
});
const person = async (role: 'merchant' | 'inspector' = 'merchant', habits = {}): Promise<string> => {
  const { db, kitchen } = desk();
  const id = await addPerson(
    db,
    role,
    role === 'merchant' ? { merchantId: kitchen.merchantId } : { regionId: kitchen.regionId },
    habits,
  );
  await addTarget(db, sealer, { accountId: id }, robot(id));
  return id;
};
const issue = (kind: ViolationKind = 'no_hat') => {
  const { db, kitchen, inspectorId, now } = desk();
  return issueIn(db, { cameraId: kitchen.cameraId, inspectorId }, kind, now);
};
const notifications = () =>
  desk()
    .db.selectFrom('notification')
    .selectAll()
    .where('merchant_id', '=', desk().kitchen.merchantId)
    .orderBy('id')
    .execute();

test('a merchant gets one message with problem, place, deadlines and the way to the clip', async () => {
  await person();
  const taskId = await issue();
  await desk().pass(70);
  await desk().pass(600, 60);
  const { number } = await desk()
    .db.selectFrom('task')
    .select('number')
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow();
  expect(texts()).toEqual([
    [
      '【明灶】第一小学食堂：未戴帽 待处理',
      `${number} 未戴帽 待处理，烹饪区 · 灶台，11-21 12:00，签收截止 11-21 16:00，整改截止 11-24 12:00`,
      `查看片段并处理：https://mingzao.test/tasks/${taskId}`,
    ].join('\n'),
  ]);
});

test('in English for those who read English', async () => {
  await person('merchant', { language: 'en' });
  await issue();
  await desk().pass(70);
  expect(texts()[0]).toMatch(
    /^\[Mingzao\] 第一小学食堂: no hat to be handled\n.*rectify by 11-24 12:00\nClip and answer: /,
  );
});

test('confirmed class 1 reaches the merchant within 60 s, also when a message went out just before', async () => {
  await person();
  await issue('no_hat');
  await desk().pass(65);
  expect(texts()).toHaveLength(1);
  await issue('rodent');
  await desk().pass(60);
  expect(texts()).toHaveLength(2);
  expect(texts()[1]).toContain('疑似有害生物');
});

test('a burst of 200 findings in one kitchen gives one message, not 200', async () => {
  await person('inspector');
  for (let i = 0; i < 200; i += 1) {
    await findIn(desk().db, desk().kitchen.cameraId, 'no_hat', new Date(desk().now.getTime() + i * 120_000));
  }
  desk().later(70);
  await desk().tell();
  desk().later(200 * 120);
  await desk().tell();
  desk().later(3600);
  await desk().tell();
  expect(texts()).toHaveLength(1);
  expect(texts()[0]).toContain('第一小学食堂：200 条待核查线索');
  expect(texts()[0]).toContain('另有 195 条，见链接');
});

describe('nobody gets the same thing twice', () => {
  test('one address that two people wrote down is told once', async () => {
    const { db, kitchen } = desk();
    for (const accountId of [
      await addPerson(db, 'merchant', { merchantId: kitchen.merchantId }),
      await addPerson(db, 'food_safety_officer', { merchantId: kitchen.merchantId }),
    ])
      await addTarget(db, sealer, { accountId }, robot('shared'));
    await addTarget(db, sealer, { merchantId: kitchen.merchantId }, robot('shared'));
    await issue();
    await desk().pass(120);
    expect(texts()).toHaveLength(1);
  });

  test('two relays at once send each message once', async () => {
    await person();
    await person();
    await issue();
    desk().later(61);
    await Promise.all([desk().tell({ claimer: 'one' }), desk().tell({ claimer: 'two' })]);
    await desk().pass(60);
    expect(desk().company.received).toHaveLength(2);
  });

  test('a relay that dies between sending and recording sends again, the same under the same key; after the record never', async () => {
    await person();
    await issue();
    desk().later(61);
    // The company has it, the relay hears nothing of it.
    desk().company.answer = () => ({ hang: true });
    await desk().tell();
    desk().company.answer = () => ({ json: { errcode: 0 } });
    await desk().pass(30);
    await desk().pass(600, 60);
    const [first, second, ...more] = texts();
    expect([first === second, more.length]).toEqual([true, 0]);
    const message = await desk()
      .db.selectFrom('message')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    expect(message).toMatchObject({ state: 'delivered', attempts: 2 });
    const attempts = await desk()
      .db.selectFrom('message_attempt')
      .selectAll()
      .where('message_id', '=', message.id)
      .orderBy('attempt')
      .execute();
    expect(attempts.map(({ attempt, ok, error }) => [attempt, ok, error])).toEqual([
      [1, false, 'cannot be reached: ECONNRESET'],
      [2, true, ''],
    ]);
  });

  test('what a relay had claimed when it died is taken over after its lease, not before', async () => {
    await person();
    await issue();
    desk().later(61);
    await gatherDue(desk().db, desk().now, 'https://mingzao.test');
    const claimed = await claimMessages(desk().db, 'dead', desk().now, { count: 20, leaseS: 30 });
    expect(claimed).toHaveLength(1);
    await desk().tell();
    expect(texts()).toEqual([]);
    await desk().pass(35);
    expect(texts()).toHaveLength(1);
  });
});

describe('people decide', () => {
  test('quiet hours hold what is not grave until the morning, in their own time zone', async () => {
    await person('merchant', { quiet: { from: '11:00', to: '13:30', timeZone: 'Asia/Shanghai' } });
    await person('merchant', { quiet: { from: '11:00', to: '13:30', timeZone: 'Europe/Berlin' } });
    await issue('no_hat');
    await desk().pass(3600, 60);
    expect(texts()).toHaveLength(1);
    await desk().pass(1860, 60);
    expect(texts()).toHaveLength(2);
  });

  test('class 1 breaks through, unless the policy of the region says no', async () => {
    const quiet = { from: '00:00', to: '23:59', timeZone: 'Asia/Shanghai' };
    await person('merchant', { quiet });
    await issue('rodent');
    await desk().pass(60);
    expect(texts()).toHaveLength(1);
    await desk()
      .db.insertInto('notify_policy')
      .values({ region_id: desk().kitchen.regionId, settings: JSON.stringify({ graveThroughQuiet: false }) })
      .execute();
    desk().later(3600);
    await issue('rodent');
    await desk().pass(60);
    expect(texts()).toHaveLength(1);
  });

  test('topics and the least grave class are kept to', async () => {
    const { db, kitchen } = desk();
    const id = await person('merchant', { topics: ['fault'] });
    await issue();
    await desk().pass(70);
    expect(texts()).toEqual([]);
    await setHabits(db, id, { ...firstHabits('merchant'), leastClass: 1 });
    desk().later(3600);
    await issue('no_hat');
    await desk().pass(70);
    expect(texts()).toEqual([]);
    expect(kitchen.merchantId).toBeTruthy();
  });

  test('one who may no longer read it is not told', async () => {
    const id = await person('inspector');
    await findIn(desk().db, desk().kitchen.cameraId, 'rodent', desk().now);
    await desk().db.updateTable('account').set({ role: 'cadre' }).where('id', '=', id).execute();
    await desk().pass(60);
    expect(texts()).toEqual([]);
    expect((await notifications()).map(({ state, reason }) => [state, reason])).toEqual([
      ['dropped', 'not_allowed'],
    ]);
  });

  test('a neighbour is told nothing', async () => {
    const { db } = desk();
    const neighbour = await db
      .insertInto('region')
      .values({
        code: `x${Date.now()}`,
        parent_id: null,
        path: `${desk().kitchen.regionPath}x`,
        level: 'county',
        name: 'x',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const id = await addPerson(db, 'inspector', { regionId: neighbour.id });
    await addTarget(db, sealer, { accountId: id }, robot(id));
    await findIn(db, desk().kitchen.cameraId, 'rodent', desk().now);
    await desk().pass(60);
    expect(texts()).toEqual([]);
  });
});

describe('reminders', () => {
  test('come after the interval, widen by duty, and end with the acknowledgement', async () => {
    const { db, kitchen } = desk();
    const owner = await person();
    const officer = await person();
    const duty = (accountId: string, step: number) =>
      db
        .insertInto('notify_duty')
        .values({ merchant_id: kitchen.merchantId, account_id: accountId, topics: ['task'], step })
        .execute();
    await duty(officer, 1);
    await duty(owner, 2);
    const taskId = await issue('rodent');
    await desk().pass(60);
    expect(texts()).toHaveLength(1);
    await desk().pass(16 * 60, 60);
    expect(texts()).toHaveLength(3);
    expect(
      texts()
        .slice(1)
        .every((text) => text.startsWith('【明灶】第 1 次提醒 ')),
    ).toBe(true);
    const done = await runTaskOrder(db, { taskId, command: 'acknowledge', actorId: owner }, desk().now);
    expect(done.done).toBe(true);
    await desk().pass(3 * 3600, 300);
    expect(texts()).toHaveLength(3);
  });

  test('there are so many and no more', async () => {
    await person();
    await issue('rodent');
    await desk().pass(4 * 3600, 300);
    expect(texts()).toHaveLength(1 + 3);
  });

  test('an acknowledged alert is not told any more to those who wait', async () => {
    await person('merchant', { quiet: { from: '11:00', to: '13:00', timeZone: 'Asia/Shanghai' } });
    await issue('no_hat');
    await desk().pass(120);
    await desk().db.updateTable('alert').set({ acknowledged_at: desk().now }).execute();
    await desk().pass(3700, 100);
    expect(texts()).toEqual([]);
    expect((await notifications()).map(({ reason }) => reason)).toEqual(['acknowledged']);
  });
});
