import type { QueueConnection } from './connection.ts';
import { openedQueue, runWorker } from './opened.ts';

/**
 * Delayed jobs that wake a worker when a task's next step is due. The job says which task and which time; whether there is
 * anything to do says the database. A job may be lost (the auditor finds it), run twice, or come for a step that moved on.
 */
const NAME = 'task-steps';

export interface StepJob {
  taskId: string;
  /** next_step_at that it was made for. */
  at: Date;
}

/** Every call is refused when the queue has not answered for 5 s: steps are then taken from the database. */
export interface StepQueue {
  /** Adds jobs; one for the same task and time is there once. `now` decides the delay. */
  add(steps: readonly StepJob[], now: Date): Promise<void>;
  /** Ids (stepJobId) of all jobs that wait or run. */
  ids(): Promise<Set<string>>;
  has(step: StepJob): Promise<boolean>;
  /** Removes a job that waits; for tests and operation. @returns whether it was there */
  remove(step: StepJob): Promise<boolean>;
  close(): Promise<void>;
}

interface StepData {
  taskId: string;
  /** Unix milliseconds. */
  at: number;
}

/** Name of the job of one step: the same step has the same. BullMQ allows no colon in it. */
export function stepJobId({ taskId, at }: StepJob): string {
  return `${taskId}-${at.getTime()}`;
}

const WAITING = ['delayed', 'waiting', 'prioritized', 'active'] as const;
const PAGE = 1000;
const JOB = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: true,
} as const;

/** Opens the producer's side. `onError` hears of broken connections, which are made again by themselves. */
export function openStepQueue(connection: QueueConnection, onError: (error: Error) => void): StepQueue {
  const kept = openedQueue(connection, { name: NAME, pool: 2, onError });
  return {
    async add(steps, now) {
      if (steps.length === 0) return;
      const jobs = steps.map((step) => ({
        name: 'step',
        data: { taskId: step.taskId, at: step.at.getTime() },
        opts: { ...JOB, jobId: stepJobId(step), delay: Math.max(0, step.at.getTime() - now.getTime()) },
      }));
      await kept.ask((queue) => queue.addBulk(jobs));
    },
    async ids() {
      const found = new Set<string>();
      for (const state of WAITING) {
        for (let start = 0; ; start += PAGE) {
          const jobs = await kept.ask((queue) => queue.getJobs([state], start, start + PAGE - 1));
          for (const job of jobs) if (job?.id !== undefined) found.add(job.id);
          if (jobs.length < PAGE) break;
        }
      }
      return found;
    },
    has: async (step) => (await kept.ask((queue) => queue.getJob(stepJobId(step)))) !== undefined,
    remove: async (step) => (await kept.ask((queue) => queue.remove(stepJobId(step)))) === 1,
    close: kept.close,
  };
}

export interface StepWorker {
  /** Ends after the steps in hand. */
  close(): Promise<void>;
}

/** Starts the consumer's side. `take` may throw: the step is tried again with back-off, and found by the auditor at last. */
export function startStepWorker(
  connection: QueueConnection,
  take: (step: StepJob) => Promise<void>,
  onError: (error: Error) => void,
): StepWorker {
  return runWorker<StepData>(
    connection,
    (job) => take({ taskId: job.data.taskId, at: new Date(job.data.at) }),
    { name: NAME, pool: 4, concurrency: 2, onError, onFailed: onError },
  );
}
