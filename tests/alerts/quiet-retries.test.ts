/** 免打扰 holds for what is sent late too: retries after an outage, and dead letters that an operator sends again. */
import { expect, test } from 'vitest';
import { retryDeadMessage } from '../../services/db/notify/messages.ts';
import { runTaskOrder } from '../../services/db/task-life.ts';
import type { ViolationKind } from '../../services/domain/words.ts';
import type { Answer } from './support/company.ts';
import { addPerson, addTarget, issueIn } from './support/people.ts';
import { sealer, useDesk } from './support/relay.ts';

const desk = useDesk();
const DOWN: Answer = { status: 503 };
const REFUSES: Answer = { status: 410 };

/** Tells a merchant whose quiet hours are 12:02–14:00 of something at 12:00; until 12:02 the company gives this answer. */
async function toldInVain(
  kind: ViolationKind,
  answer: Answer,
): Promise<{ taskId: string; merchant: string }> {
  const { db, kitchen, company, inspectorId, now } = desk();
  const quiet = { from: '12:02', to: '14:00', timeZone: 'Asia/Shanghai' };
  const merchant = await addPerson(db, 'merchant', { merchantId: kitchen.merchantId }, { quiet });
  const url = `${company.url}/send?key=${merchant}`;
  await addTarget(db, sealer, { accountId: merchant }, { channel: 'wecom', url, secret: null });
  const taskId = await issueIn(db, { cameraId: kitchen.cameraId, inspectorId }, kind, now);
  company.answer = () => answer;
  await desk().pass(115);
  expect(company.received.length).toBeGreaterThan(0);
  company.received.length = 0;
  company.answer = () => ({ json: { errcode: 0, errmsg: 'ok' } });
  return { taskId, merchant };
}
const message = async () =>
  await desk()
    .db.selectFrom('message')
    .select(['id', 'state', 'attempts', 'next_at', 'last_error'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
const END = new Date('2026-11-21T06:00:00.000Z');
/** To a minute before the end of the quiet hours. */
const passQuiet = () => desk().pass(118 * 60, 60);

test('a message that failed before the quiet hours waits for their end, and waiting is no attempt', async () => {
  await toldInVain('no_hat', DOWN);
  const { attempts } = await message();
  await passQuiet();
  expect(desk().company.received).toEqual([]);
  expect(await message()).toMatchObject({ state: 'pending', attempts, next_at: END });
  await desk().pass(60, 60);
  expect(desk().company.received).toHaveLength(1);
  expect(await message()).toMatchObject({ state: 'delivered', attempts: attempts + 1 });
});

test('so does a dead letter that an operator sends again', async () => {
  await toldInVain('no_hat', REFUSES);
  const { id, state } = await message();
  expect(state).toBe('dead');
  desk().later(600);
  expect(await retryDeadMessage(desk().db, id, desk().now)).toBe(true);
  await desk().pass(60);
  expect(desk().company.received).toEqual([]);
  expect(await message()).toMatchObject({ state: 'pending', next_at: END });
  desk().now = END;
  await desk().tell();
  expect(desk().company.received).toHaveLength(1);
});

test('what was taken in hand meanwhile is not said after them', async () => {
  const { taskId, merchant } = await toldInVain('no_hat', DOWN);
  await desk().pass(60);
  await runTaskOrder(desk().db, { taskId, command: 'acknowledge', actorId: merchant }, desk().now);
  await passQuiet();
  await desk().pass(300, 60);
  expect(desk().company.received).toEqual([]);
  expect(await message()).toMatchObject({ state: 'stopped', last_error: 'settled' });
});

test('class 1 is tried again in them', async () => {
  await toldInVain('rodent', DOWN);
  await desk().pass(300);
  expect(desk().company.received).toHaveLength(1);
});
