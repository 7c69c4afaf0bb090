/** When the clock of a task that has ended stopped, by its history. */
import type { ClockEnd } from '../domain/task-clock.ts';
import { ENDED_STATES, WAITING_STATES } from '../domain/task-life.ts';
import type { TaskState } from '../domain/words.ts';
import type { Database } from './database.ts';

/** @returns null: it has not ended */
export async function clockEnd(
  db: Database,
  task: { id: string; state: TaskState },
): Promise<ClockEnd | null> {
  if (!ENDED_STATES.includes(task.state)) return null;
  const rows = db
    .selectFrom('history')
    .select(['id', 'at', 'from_state'])
    .where('entity', '=', 'task')
    .where('entity_id', '=', task.id)
    .orderBy('id', 'desc')
    .limit(1);
  // Of a task that was reopened, the last end.
  const end = await rows
    .where('to_state', 'in', [...ENDED_STATES])
    .where('from_state', 'not in', [...ENDED_STATES])
    .executeTakeFirstOrThrow();
  const { from_state: from } = end;
  if (from === null || !WAITING_STATES.some((state) => state === from))
    return { at: end.at, waitedSince: null };
  const since = await rows
    .where('id', '<', end.id)
    .where('to_state', '=', from)
    .where('from_state', '<>', from)
    .executeTakeFirst();
  return { at: end.at, waitedSince: since?.at ?? null };
}
