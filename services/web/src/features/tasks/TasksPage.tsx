import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys.ts';
import type { Task, TaskState } from '../../api/types.ts';
import { usePages } from '../../api/use-pages.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { Countdown, Moment } from '../../ui/Times.tsx';
import { ClassTag } from '../findings/FindingTag.tsx';
import './tasks.css';

/** States in which the merchant still has to acknowledge, and to submit. */
const TO_ACKNOWLEDGE: ReadonlySet<TaskState> = new Set(['issued', 'escalated']);
const TO_SUBMIT: ReadonlySet<TaskState> = new Set(['issued', 'acknowledged', 'returned', 'escalated']);

export function TasksPage() {
  const { t } = useTranslation();
  const list = usePages<Task>({ key: keys.tasks, path: '/tasks' });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('tasks.title')}</h1>
      </div>
      {list.isRefetchError && <StaleStrip since={list.dataUpdatedAt} onRetry={() => void list.refetch()} />}
      {list.isPending ? (
        <Bones lines={8} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="tasks" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t('tasks.empty')}>
          <p>{t('tasks.emptyHint')}</p>
        </Note>
      ) : (
        <TaskTable tasks={list.items} />
      )}
      <More list={list} />
    </div>
  );
}

function TaskTable({ tasks }: { tasks: readonly Task[] }) {
  const { t } = useTranslation();
  return (
    <div className="sheet">
      <table className="table tasks">
        <thead>
          <tr>
            <th scope="col">{t('tasks.number')}</th>
            <th scope="col">{t('tasks.merchant')}</th>
            <th scope="col">{t('tasks.kind')}</th>
            <th scope="col">{t('tasks.class')}</th>
            <th scope="col">{t('tasks.state')}</th>
            <th scope="col">{t('tasks.issued')}</th>
            <th scope="col">{t('tasks.acknowledgeDue')}</th>
            <th scope="col">{t('tasks.submitDue')}</th>
            <th scope="col">{t('tasks.finding')}</th>
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <tr key={task.id}>
              <th scope="row" className="task-number num">
                {task.number}
              </th>
              <td className="task-merchant">{task.merchant.name}</td>
              <td data-label={t('tasks.kind')}>{t(`kind.${task.kind}`)}</td>
              <td data-label={t('tasks.class')}>
                <ClassTag value={task.class} />
              </td>
              <td data-label={t('tasks.state')}>
                <span className="tag tag-accent">{t(`taskState.${task.state}`)}</span>
              </td>
              <td data-label={t('tasks.issued')}>
                <Moment at={task.issuedAt} />
              </td>
              <td data-label={t('tasks.acknowledgeDue')}>
                <Due at={task.acknowledgeDue} open={TO_ACKNOWLEDGE.has(task.state)} />
              </td>
              <td data-label={t('tasks.submitDue')}>
                <Due at={task.submitDue} open={TO_SUBMIT.has(task.state)} />
              </td>
              <td data-label={t('tasks.finding')}>
                <Link to={`/findings/${task.findingId}?state=confirmed`}>{t('tasks.open')}</Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Counts down while the merchant owes it. */
function Due({ at, open }: { at: string; open: boolean }) {
  const { t } = useTranslation();
  return open ? <Countdown at={at} /> : <span className="tag tag-good">{t('tasks.done')}</span>;
}
