import { useTranslation } from 'react-i18next';
import type { Task } from '../../api/task-types.ts';
import type { TaskState } from '../../api/types.ts';
import { Countdown } from '../../ui/Times.tsx';
import { span } from '../../ui/time.ts';

/** States in which nothing is owed any more. */
const ENDED: ReadonlySet<TaskState> = new Set([
  'closed',
  'withdrawn',
  'transferred',
  'recheck_due',
  'recheck_passed',
  'recurred',
]);

interface TaskDueProps {
  task: Task;
  step: 'acknowledge' | 'submit';
}

/** Counts down while the merchant owes the step; stands while an appeal waits. */
export function TaskDue({ task, step }: TaskDueProps) {
  const { t } = useTranslation();
  const at = step === 'acknowledge' ? task.acknowledgeDue : task.submitDue;
  const done =
    step === 'acknowledge'
      ? task.acknowledgedAt !== null
      : task.submittedAt !== null && task.state !== 'returned' && task.state !== 'escalated';
  if (done) return <span className="tag tag-good">{t('tasks.done')}</span>;
  if (ENDED.has(task.state)) return <span>—</span>;
  if (task.pausedAt === null) return <Countdown at={at} />;
  const left = Date.parse(at) - Date.parse(task.pausedAt);
  const { key, values } = span(left);
  const time = t(key, values);
  return (
    <span className={left < 0 ? 'due due-over' : 'due'}>
      {left < 0 ? t('tasks.overdue', { time }) : t('task.pausedLeft', { time })}
    </span>
  );
}
