import type { Database } from '../../services/db/database.ts';
import { auditTasks, type MissedTask } from '../../services/db/task-audit.ts';
import { type EscalatedTask, escalateNext } from '../../services/db/task-deadlines.ts';

export interface RoundContext {
  db: Database;
  now: () => Date;
}

/** Tasks escalated in one round at most, so that a long backlog does not keep the process from stopping. */
const MOST_A_ROUND = 500;

/** Escalates what is overdue now, one task a transaction: what was done stays done should the process end in between. */
export async function escalateDue({ db, now }: RoundContext): Promise<EscalatedTask[]> {
  const escalated: EscalatedTask[] = [];
  while (escalated.length < MOST_A_ROUND) {
    const task = await escalateNext(db, now());
    if (task === undefined) break;
    escalated.push(task);
  }
  return escalated;
}

/** What should have been escalated `graceS` seconds ago at the latest and was not: found by other eyes than the worker's. */
export async function missedTasks({ db, now }: RoundContext, graceS: number): Promise<MissedTask[]> {
  return await auditTasks(db, now(), graceS);
}
