/** A whole case through the code that workers and routes run: found, confirmed, answered with a photo, closed. */
import { randomUUID } from 'node:crypto';
import { addPhoto } from '../../../services/db/task-answers.ts';
import { runTaskOrder } from '../../../services/db/task-life.ts';
import { confirmFinding } from '../../../services/db/verdicts.ts';
import type { TaskCommand } from '../../../services/domain/task-life.ts';
import { sha256 } from '../../../services/evidence/keys.ts';
import { type Api, addAccount } from '../../api/support.ts';
import { addFinding, type World } from '../../api/world.ts';

export interface TestCase {
  findingId: string;
  taskId: string;
  number: string;
}

export interface People {
  inspector: string;
  merchant: string;
}

const HOUR_MS = 3_600_000;

export async function addPeople(api: Api, world: World): Promise<People> {
  return {
    inspector: await addAccount(api, 'inspector', 'inspector', { regionId: world.county }),
    merchant: await addAccount(api, 'merchant', 'merchant', { merchantId: world.eastMerchant }),
  };
}

/** A case of its own, some hours after the one before. @param until how far it goes */
export async function addCase(
  api: Api,
  world: World,
  people: People,
  until: 'issued' | 'closed' = 'closed',
): Promise<TestCase> {
  const { db, store } = api.context;
  api.clock.move(2 * HOUR_MS);
  const now = api.clock.now();
  const findingId = await addFinding(api, world.eastCamera, now);
  const judged = await confirmFinding(
    db,
    { findingId, actorId: people.inspector, version: undefined, note: '属实，<b>未戴帽</b>' },
    now,
  );
  if (!judged.done || judged.taskId === null) throw new Error('not confirmed');
  const { taskId } = judged;
  const { number } = await db
    .selectFrom('task')
    .select('number')
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow();
  if (until === 'issued') return { findingId, taskId, number };
  const order = async (command: TaskCommand, actorId: string, more: object = {}) => {
    const result = await runTaskOrder(db, { taskId, command, actorId, ...more }, now);
    if (!result.done) throw new Error(result.why);
  };
  await order('acknowledge', people.merchant);
  const bytes = Buffer.from(`photo of ${taskId}`);
  const hash = sha256(bytes);
  const key = `answers/${taskId}/${hash}.jpg`;
  const shownKey = `answers/${taskId}/${randomUUID()}.jpg`;
  await store.put(key, bytes);
  await store.put(shownKey, Buffer.from('shown'));
  const photo = await addPhoto(
    db,
    {
      taskId,
      key,
      sha256: hash,
      bytes: bytes.length,
      width: 64,
      height: 48,
      shownKey,
      shownSha256: sha256(Buffer.from('shown')),
      accountId: people.merchant,
    },
    now,
  );
  if (photo === undefined) throw new Error('no photo');
  await order('submit', people.merchant, {
    answer: { type: 'submission', text: '已整改', photoIds: [photo] },
  });
  await order('close', people.inspector);
  return { findingId, taskId, number };
}
