import type { Database } from '../../services/db/database.ts';
import { failureOf, type OnTaskFailure, throwFailure } from '../../services/db/task-failure.ts';
import {
  dueTasks,
  markScheduled,
  type TakenStep,
  takeStep,
  unscheduledSteps,
} from '../../services/db/task-steps.ts';
import type { StepQueue } from '../../services/queue/step-queue.ts';

export interface RoundContext {
  db: Database;
  now: () => Date;
}

/** Steps taken in one round at most, so that a long backlog does not keep the process from stopping. */
const MOST_A_ROUND = 500;
const BATCH = 200;

/**
 * Takes all steps that are due now, one task a transaction: what was done stays done should the process end in between.
 * @param onFailure is told of each that fails; the others are taken all the same
 */
export async function takeDueSteps(
  { db, now }: RoundContext,
  onFailure: OnTaskFailure = throwFailure,
): Promise<TakenStep[]> {
  const taken: TakenStep[] = [];
  for (const id of await dueTasks(db, now(), MOST_A_ROUND)) {
    try {
      const step = await takeStep(db, id, now());
      if (step !== undefined) taken.push(step);
    } catch (error) {
      onFailure(await failureOf(db, id, error));
    }
  }
  return taken;
}

/** Makes the delayed jobs that are missing by the database's own account. @returns how many */
export async function scheduleSteps({ db, now }: RoundContext, queue: StepQueue): Promise<number> {
  let count = 0;
  for (;;) {
    const steps = await unscheduledSteps(db, BATCH);
    await queue.add(steps, now());
    // A crash before this adds them again, and the queue knows them by their ids.
    await markScheduled(db, steps);
    count += steps.length;
    if (steps.length < BATCH) return count;
  }
}
