import type { Database } from './database.ts';

/** One task that a round over many could not deal with: nothing was written of it, and it is due as before. */
export class TaskFailure extends Error {
  readonly taskId: string;
  readonly number: string;
  constructor(task: { id: string; number: string }, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.taskId = task.id;
    this.number = task.number;
  }
}

/** What a round does with a task that failed; the others are dealt with all the same, unless it throws. */
export type OnTaskFailure = (failure: TaskFailure) => void;

/** For whom one failure is all they need to know. */
export function throwFailure(failure: TaskFailure): never {
  throw failure;
}

/**
 * Names the task that failed.
 * @throws Error when the database cannot be asked: then it is not this task that fails, and the round is over
 */
export async function failureOf(db: Database, taskId: string, cause: unknown): Promise<TaskFailure> {
  const task = await db
    .selectFrom('task')
    .select(['id', 'number'])
    .where('id', '=', taskId)
    .executeTakeFirst();
  return new TaskFailure(task ?? { id: taskId, number: taskId }, cause);
}
