import { useQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiError, ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { TaskDetail } from '../../api/task-types.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Note } from '../../ui/Note.tsx';
import { placeName } from '../../ui/place.ts';
import { Moment } from '../../ui/Times.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { VisitList } from '../field/VisitList.tsx';
import { ClassTag } from '../findings/FindingTag.tsx';
import { BeforeAfter } from './BeforeAfter.tsx';
import { CadreVisits } from './CadreVisits.tsx';
import { CaseFile } from './CaseFile.tsx';
import { TaskActions } from './TaskActions.tsx';
import { TaskDocuments } from './TaskDocuments.tsx';
import { TaskDue } from './TaskDue.tsx';
import { TaskHistory } from './TaskHistory.tsx';

/** One task: before and after, what is owed by when, what may be done now, and how it came to be so. */
export function TaskDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const asked = useQuery({
    queryKey: keys.task(id ?? ''),
    queryFn: ({ signal }) => ask<TaskDetail>(`/tasks/${encodeURIComponent(id ?? '')}`, { signal }),
    enabled: id !== undefined,
  });
  const task = asked.data;
  return (
    <Drawer
      open={id !== undefined}
      onClose={onClose}
      title={task?.number ?? t('task.details')}
      size={phone ? '100%' : 760}
      closable={{ 'aria-label': t('task.back') }}
      destroyOnHidden
    >
      {task !== undefined ? (
        <Details task={task} />
      ) : asked.error instanceof ApiError && asked.error.status === 404 ? (
        <Note title={t('task.notFound')} />
      ) : asked.isError ? (
        <Failure what="tasks" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Bones lines={10} />
      )}
    </Drawer>
  );
}

function Details({ task }: { task: TaskDetail }) {
  const { t } = useTranslation();
  return (
    <div className="task-details">
      <p className="task-line">
        <span className="tag tag-accent">{t(`taskState.${task.state}`)}</span>
        <ClassTag value={task.class} />
        <b>{t(`kind.${task.kind}`)}</b>
        <span>{placeName(task)}</span>
      </p>
      {task.pausedAt !== null && (
        <p className="strip">{t(task.state === 'appealed' ? 'task.paused' : 'task.pausedReview')}</p>
      )}
      {task.visitRequired && task.closedAt === null ? (
        <p className="strip">{t('task.visit', { count: task.returns })}</p>
      ) : (
        task.returns > 0 && <p className="quiet">{t('task.returns', { count: task.returns })}</p>
      )}
      <dl className="task-facts">
        <div>
          <dt>{t('tasks.issued')}</dt>
          <dd>
            <Moment at={task.issuedAt} />
          </dd>
        </div>
        <div>
          <dt>{t('tasks.acknowledgeDue')}</dt>
          <dd>
            <TaskDue task={task} step="acknowledge" />
          </dd>
        </div>
        <div>
          <dt>{t('tasks.submitDue')}</dt>
          <dd>
            <TaskDue task={task} step="submit" />
          </dd>
        </div>
        {task.recheckUntil !== null && (
          <div>
            <dt>{t('task.recheck')}</dt>
            <dd>
              <Moment at={task.recheckUntil} />
            </dd>
          </div>
        )}
      </dl>
      <BeforeAfter task={task} />
      <VisitList visits={task.visits} />
      <CadreVisits task={task} />
      <TaskActions task={task} />
      <TaskDocuments task={task} />
      <CaseFile of={task.id} number={task.number} held={task.held} />
      <TaskHistory task={task} />
    </div>
  );
}
