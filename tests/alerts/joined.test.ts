/** 并案: the merchant hears of a finding that is added to its task, whether it has signed for the task or not. */
import { expect, test } from 'vitest';
import { addFinding } from '../../services/db/task-findings.ts';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { addPerson, addTarget, findIn, issueIn } from './support/people.ts';
import { sealer, useDesk } from './support/relay.ts';

const desk = useDesk();
const texts = (): string[] =>
  desk().company.received.map(({ text }) => (JSON.parse(text) as { text: { content: string } }).text.content);

/** A task that the merchant was told of and has signed for, and a minute later one more finding in it. */
async function joined(): Promise<{ owner: string; taskId: string; number: string }> {
  const { db, kitchen, company, inspectorId } = desk();
  const owner = await addPerson(db, 'merchant', { merchantId: kitchen.merchantId });
  const url = `${company.url}/send?key=${owner}`;
  await addTarget(db, sealer, { accountId: owner }, { channel: 'wecom', url, secret: null });
  const taskId = await issueIn(db, { cameraId: kitchen.cameraId, inspectorId }, 'no_hat', desk().now);
  await desk().pass(70);
  const signed = await runTaskOrder(db, { taskId, command: 'acknowledge', actorId: owner }, desk().now);
  expect([signed.done, texts().length]).toEqual([true, 1]);
  desk().later(1200);
  const findingId = await findIn(db, kitchen.cameraId, 'no_mask', desk().now);
  const { version, number } = await db
    .selectFrom('task')
    .select(['version', 'number'])
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow();
  const result = await db.transaction().execute((tx) =>
    addFinding(
      tx,
      {
        task: { id: taskId, version },
        finding: { id: findingId, version: 1 },
        actorId: inspectorId,
        note: '',
      },
      desk().now,
    ),
  );
  expect(result).toMatchObject({ done: true });
  return { owner, taskId, number };
}

test('one that has signed is told of the finding and of the deadline that still runs, not of the one that it kept', async () => {
  const { number } = await joined();
  await desk().pass(120);
  expect(texts().slice(1)).toEqual([
    expect.stringContaining(
      `${number} 未戴口罩 待处理，烹饪区 · 灶台，11-21 12:21，整改截止 11-24 12:00\n查看片段并处理：`,
    ),
  ]);
  expect(texts()[1]).not.toContain('签收截止');
});

test.each(['submit', 'withdraw'] as const)('after %s nothing is to be done any more', async (command) => {
  const { db, inspectorId } = desk();
  const { owner, taskId } = await joined();
  const actorId = command === 'submit' ? owner : inspectorId;
  expect(await runTaskOrder(db, { taskId, command, actorId }, desk().now)).toMatchObject({ done: true });
  await desk().pass(120);
  expect(texts().filter((text) => text.includes('待处理'))).toHaveLength(1);
});
