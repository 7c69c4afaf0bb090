/** What waits for inspectors: the merchant has done their part and their clock stands. */
import type { Role } from '../domain/words.ts';
import type { Tx } from './database.ts';
import { addTaskAlert } from './task-news.ts';
import { noteTask } from './task-notes.ts';
import type { TaskRecord } from './task-record.ts';

/** Tells the inspectors, once, that an answer, an appeal or a recheck by people waits longer than the policy allows, or that the visit is late. */
export async function tellReviewOverdue(tx: Tx, task: TaskRecord, now: Date): Promise<void> {
  const more = { reviewDue: (task.review_due ?? task.next_step_at)?.toISOString() ?? null };
  const { next_step: step } = task;
  const visit = step === 'field_visit';
  const late = step === 'decide_appeal' || step === 'sample' ? step : 'review';
  await noteTask(
    tx,
    task,
    visit
      ? {
          command: 'visit_due',
          reason: 'overdue_visit',
          columns: { visit_told_at: now },
          event: 'task.visit_due',
          more,
        }
      : {
          command: 'review_overdue',
          reason: `overdue_${late}`,
          columns: { review_reminded_at: now },
          event: 'task.review_overdue',
          more,
        },
    now,
  );
  // Those who look at answers, and their head.
  const named = { roles: ['inspector', 'station_head'] satisfies Role[], toldAs: null };
  await addTaskAlert(tx, task, 'inspector', 'review_overdue', now, named);
}
