/** Reminders go on for those who are awake and have an address, whoever sleeps or has none. */
import { expect, test } from 'vitest';
import { addPerson, addTarget, issueIn } from './support/people.ts';
import { sealer, useDesk } from './support/relay.ts';

const desk = useDesk();
/** 11:00–18:00 in Shanghai, where it is noon. */
const ASLEEP = { quiet: { from: '11:00', to: '18:00', timeZone: 'Asia/Shanghai' } };

/** @param step with which reminder they are first told; null: nothing was said of their duty */
async function person(step: number | null, { habits = {}, reached = true } = {}): Promise<string> {
  const { db, kitchen, company } = desk();
  const id = await addPerson(db, 'merchant', { merchantId: kitchen.merchantId }, habits);
  const url = `${company.url}/send?key=${id}`;
  if (reached) await addTarget(db, sealer, { accountId: id }, { channel: 'wecom', url, secret: null });
  if (step !== null)
    await db
      .insertInto('notify_duty')
      .values({ merchant_id: kitchen.merchantId, account_id: id, topics: ['task'], step })
      .execute();
  return id;
}
const issue = () => {
  const { db, kitchen, inspectorId, now } = desk();
  return issueIn(db, { cameraId: kitchen.cameraId, inspectorId }, 'no_hat', now);
};
/** What one was told: the number of the reminder, 0 for the first message. */
const told = (id: string): number[] =>
  desk()
    .company.received.filter(({ path }) => path.endsWith(id))
    .map(({ text }) => Number(/第 (\d) 次提醒/.exec(text)?.[1] ?? 0));
const hours = (count: number) => desk().pass(count * 3600, 300);

test('one who sleeps does not keep the others from being reminded, and is reminded after the quiet hours alone', async () => {
  const [awake, asleep] = [await person(null), await person(null, { habits: ASLEEP })];
  await issue();
  await hours(2.5);
  expect([told(awake), told(asleep)]).toEqual([[0, 1], []]);
  await hours(6);
  expect(told(awake)).toEqual([0, 1, 2, 3]);
  expect(told(asleep)[0]).toBe(0);
  expect(told(asleep).filter((occurrence) => occurrence === 0)).toHaveLength(1);
});

test.each([
  ['has no address', { reached: false }],
  ['sleeps', { habits: ASLEEP }],
])('step 2 is told with the first reminder though step 1 %s', async (_, first) => {
  await person(1, first);
  const second = await person(2);
  await issue();
  await hours(1.5);
  expect(told(second)).toEqual([]);
  await hours(1);
  expect(told(second)).toEqual([1]);
});

test('a step without anybody passes; the next is told at its own time', async () => {
  await person(1, { reached: false });
  const third = await person(3);
  await issue();
  await hours(3.5);
  expect(told(third)).toEqual([]);
  await hours(1);
  expect(told(third)).toEqual([2]);
});

test('where all sleep, no reminder is used up: they come when the first message was read out', async () => {
  const asleep = await person(null, { habits: ASLEEP });
  await issue();
  await hours(5.5);
  expect(told(asleep)).toEqual([]);
  await hours(7);
  expect(told(asleep)).toEqual([0, 1, 2, 3]);
});

test('where nobody has an address, it is tried as often as the policy says and no more', async () => {
  await issue();
  await hours(12);
  const { reminders } = await desk()
    .db.selectFrom('alert')
    .select('reminders')
    .where('merchant_id', '=', desk().kitchen.merchantId)
    .where('audience', '=', 'merchant')
    .executeTakeFirstOrThrow();
  expect(reminders).toBe(3);
});
