/** The time until which something is owed, as a message says it: the task's own, also where only working time counts. */
import { expect, test } from 'vitest';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { addPerson, addTarget, issueIn } from './support/people.ts';
import { sealer, useDesk } from './support/relay.ts';

const desk = useDesk();
const texts = (): string[] =>
  desk().company.received.map(({ text }) => (JSON.parse(text) as { text: { content: string } }).text.content);

/** Working days 09:00–17:00; of class 2 two hours to acknowledge, two days to submit. */
async function countWorkingTime(): Promise<void> {
  const { db, kitchen, now } = desk();
  await db
    .insertInto('policy')
    .values({
      region_id: kitchen.regionId,
      version: 1,
      effective_from: now,
      document: JSON.stringify({
        limits: { 2: { acknowledgeMin: 120, submitMin: 960, counting: 'working' } },
        calendar: { workingHours: [['09:00', '17:00']] },
      }),
      changed_by: null,
      changed_at: now,
      withdrawn_at: null,
      withdrawn_by: null,
    })
    .execute();
}

test('an answer that waited moves the deadline by working time, in the message of its return too', async () => {
  await countWorkingTime();
  const { db, kitchen, company, inspectorId } = desk();
  const merchant = await addPerson(db, 'merchant', { merchantId: kitchen.merchantId });
  const url = `${company.url}/send?key=${merchant}`;
  await addTarget(db, sealer, { accountId: merchant }, { channel: 'wecom', url, secret: null });
  // Wednesday 09:00
  desk().now = new Date('2026-11-25T01:00:00.000Z');
  const taskId = await issueIn(db, { cameraId: kitchen.cameraId, inspectorId }, 'no_hat', desk().now);
  const order = async (command: 'acknowledge' | 'submit' | 'return', at: string) => {
    desk().now = new Date(at);
    const actorId = command === 'return' ? inspectorId : merchant;
    expect(await runTaskOrder(db, { taskId, command, actorId }, desk().now)).toMatchObject({ done: true });
  };
  await desk().pass(70);
  expect(texts()).toEqual([expect.stringContaining('签收截止 11-25 11:00，整改截止 11-26 17:00')]);
  await order('acknowledge', '2026-11-25T02:00:00.000Z');
  await order('submit', '2026-11-25T05:00:00.000Z');
  // Friday 13:00: the answer waited for 4 + 8 + 4 working hours.
  await order('return', '2026-11-27T05:00:00.000Z');
  await desk().pass(70);
  expect(texts()).toHaveLength(2);
  expect(texts()[1]).toContain('整改被退回');
  expect(texts()[1]).toContain('整改截止 11-30 17:00');
});
