import {
  type AuditedTask,
  agrees,
  auditedTasks,
  type FoundFault,
  repairStep,
} from '../../services/db/task-audit.ts';
import { failureOf, type TaskFailure } from '../../services/db/task-failure.ts';
import { type StepJob, type StepQueue, stepJobId } from '../../services/queue/step-queue.ts';
import { type RoundContext, scheduleSteps } from './rounds.ts';

export interface Audit {
  /** Open tasks that were looked at. */
  tasks: number;
  faults: FoundFault[];
  /** Tasks that could not be looked at or put right. */
  failed: TaskFailure[];
  /** The queue could be asked. */
  queueAnswers: boolean;
}

/**
 * Proves that no task is forgotten: each one's next step, worked out from its facts alone, must stand on its row, and a job must
 * wait for it, or it must be a person's turn. What is not so is put right and reported. Neither a task that fails nor a queue
 * that cannot be asked stops the rest: what is late is done from the database.
 * @param graceS seconds that a due step may take
 */
export async function auditSteps(context: RoundContext, queue: StepQueue, graceS: number): Promise<Audit> {
  const { db, now } = context;
  // What the scheduler just has not come to yet is no fault. That it fails is: the jobs are then missed below, or late.
  const scheduled = await scheduleSteps(context, queue).then(
    () => true,
    () => false,
  );
  const tasks: AuditedTask[] = [];
  const failed: TaskFailure[] = [];
  for await (const task of auditedTasks(db, undefined, (one) => failed.push(one))) tasks.push(task);
  let jobs = scheduled ? await queue.ids().catch(() => undefined) : undefined;
  const mayWait = async (step: StepJob): Promise<boolean> => {
    if (jobs === undefined || jobs.has(stepJobId(step))) return true;
    try {
      return await queue.has(step);
    } catch {
      // It answered before and is gone: no fault of this task, and nothing is known of any job.
      jobs = undefined;
      return true;
    }
  };
  const faults: FoundFault[] = [];
  for (const task of tasks) {
    try {
      const fault = await faultOf(context, mayWait, task, graceS);
      if (fault !== undefined && (await repairStep(db, fault, now()))) faults.push(fault);
    } catch (error) {
      failed.push(await failureOf(db, task.id, error));
    }
  }
  if (scheduled && faults.length > 0) await scheduleSteps(context, queue);
  return { tasks: tasks.length, faults, failed, queueAnswers: jobs !== undefined };
}

async function faultOf(
  { db, now }: RoundContext,
  mayWait: (step: StepJob) => Promise<boolean>,
  task: AuditedTask,
  graceS: number,
): Promise<FoundFault | undefined> {
  if (!agrees(task)) return { ...task, fault: 'wrong_step' };
  const at = task.expected?.at ?? null;
  if (at === null) return undefined;
  if (at.getTime() + graceS * 1000 < now().getTime()) return { ...task, fault: 'not_done' };
  // The list was read page by page, and a job that just ended has moved the step on: ask again, job first. One that another
  // process is about to make is no fault.
  if (await mayWait({ taskId: task.id, at })) return undefined;
  for await (const again of auditedTasks(db, task.id)) {
    const same =
      again.expected?.at?.getTime() === at.getTime() && again.scheduledAt?.getTime() === at.getTime();
    if (same) return { ...again, fault: 'no_job' };
  }
  return undefined;
}
