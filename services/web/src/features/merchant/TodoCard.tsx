import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Task, TaskDetail } from '../../api/task-types.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { post } from '../../offline/outbox.ts';
import { subjectOf } from '../../offline/store.ts';
import { useOutbox } from '../../offline/use-outbox.ts';
import { Link } from '../../ui/Link.tsx';
import { Moment } from '../../ui/Times.tsx';
import { ClassTag } from '../findings/FindingTag.tsx';
import { TaskDue } from '../tasks/TaskDue.tsx';
import { newKey } from '../tasks/use-task-order.ts';
import { problemText } from './problem.ts';
import { Shown } from './Shown.tsx';

/** One task with what it is about and what is to be done now. */
export function TodoCard({ task }: { task: Task }) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const { waiting } = useOutbox();
  const [failed, setFailed] = useState(false);
  const detail = useQuery({
    queryKey: keys.task(task.id),
    queryFn: ({ signal }) => ask<TaskDetail>(`/tasks/${encodeURIComponent(task.id)}`, { signal }),
  });
  const mine = waiting.filter((one) => subjectOf(one) === task.id);
  const answered = mine.some(({ command }) => command !== 'acknowledge');
  const acknowledged = task.acknowledgedAt !== null || mine.some(({ command }) => command === 'acknowledge');
  const mayAppeal = detail.data?.commands.includes('appeal') ?? false;

  const acknowledge = async (): Promise<void> => {
    const { id: taskId, number, version } = task;
    const said = { command: 'acknowledge', text: '', photos: [], refused: null } as const;
    const order = { ...said, key: newKey(), at: Date.now(), account: account.username };
    setFailed(false);
    try {
      await post([{ ...order, photos: [], taskId, number, version }]);
    } catch {
      setFailed(true);
    }
  };

  return (
    <article className="todo" aria-label={`${task.number} ${problemText(t, task)}`}>
      <Shown task={task} detail={detail.data} />
      <div className="todo-body">
        <p className="todo-line">
          <ClassTag value={task.class} />
          <span className="tag tag-accent">{t(`taskState.${task.state}`)}</span>
          <Moment at={task.frame?.capturedAt ?? task.issuedAt} />
        </p>
        <h3>{problemText(t, task)}</h3>
        {task.state === 'returned' && <Returned task={detail.data} />}
        <p className="todo-due">
          {acknowledged ? t('merchant.submitBy') : t('merchant.acknowledgeBy')}{' '}
          <TaskDue task={task} step={acknowledged ? 'submit' : 'acknowledge'} />
        </p>
        {mine.length > 0 && (
          <p className="strip" role="status">
            {t(answered ? 'merchant.answerWaits' : 'merchant.acknowledgeWaits')}
          </p>
        )}
        {failed && (
          <p className="bad" role="alert">
            {t('merchant.cannotKeep')}
          </p>
        )}
        {!answered && (
          <div className="todo-buttons">
            {!acknowledged && (
              <Button type="primary" size="large" block onClick={() => void acknowledge()}>
                {t('merchant.acknowledge')}
              </Button>
            )}
            <Link
              to={`/today/${task.id}`}
              className={acknowledged ? 'big-link big-link-primary' : 'big-link'}
            >
              {t('merchant.answer')}
            </Link>
            {mayAppeal && (
              <Link to={`/today/${task.id}/appeal`} className="big-link big-link-quiet">
                {t('merchant.appeal')}
              </Link>
            )}
          </div>
        )}
      </div>
    </article>
  );
}

/** Why the last answer was not good enough. */
function Returned({ task }: { task: TaskDetail | undefined }) {
  const { t } = useTranslation();
  const last = [...(task?.history ?? [])].reverse().find(({ command }) => command === 'return');
  if (last === undefined || last.note === '') return null;
  return <p className="todo-returned">{t('merchant.returned', { why: last.note })}</p>;
}
