import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { askAll } from '../../api/ask-all.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { MyNotifications } from '../../api/notify-types.ts';
import type { Task } from '../../api/task-types.ts';
import type { TaskState } from '../../api/types.ts';
import { useRoute } from '../../app/router.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { useLine } from '../../ui/use-line.ts';
import { PushSwitch } from '../notifications/PushSwitch.tsx';
import { pushPossible } from '../notifications/push.ts';
import { usePushOff } from '../notifications/use-push.ts';
import '../tasks/task.css';
import { AnswerPage } from './AnswerPage.tsx';
import { DayCheck } from './DayCheck.tsx';
import '../../offline/offline.css';
import './merchant.css';
import { NotSent } from '../../offline/NotSent.tsx';
import { useSending } from '../../offline/use-outbox.ts';
import { problemText } from './problem.ts';
import { TodoCard } from './TodoCard.tsx';

/** States in which the merchant owes something, and in which the bureau does. */
const OWED: readonly TaskState[] = ['issued', 'acknowledged', 'returned', 'escalated'];
const WAITING: readonly TaskState[] = ['submitted', 'appealed'];

/** What is to be done now, by those who have a phone and a kitchen full of work. */
export function TodayPage() {
  const { segments } = useRoute();
  useSending();
  const [, taskId, command] = segments;
  if (taskId === undefined) return <Today />;
  const wanted = command === 'appeal' ? 'appeal' : 'submit';
  return <AnswerPage key={`${taskId} ${wanted}`} taskId={taskId} command={wanted} />;
}

const dueOf = (task: Task): number =>
  Date.parse(task.acknowledgedAt === null ? task.acknowledgeDue : task.submitDue);

function Today() {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const line = useLine();
  // All that are open, however many came and were closed since: an old one is the most urgent.
  const list = useQuery({
    queryKey: [...keys.tasks, 'open'],
    queryFn: ({ signal }) => askAll<Task>('/tasks', { open: 'true' }, signal),
  });
  const items = list.data ?? [];
  const owed = items.filter(({ state }) => OWED.includes(state)).sort((a, b) => dueOf(a) - dueOf(b));
  const waiting = items.filter(({ state }) => WAITING.includes(state));
  return (
    <div className="page merchant">
      <div className="page-head">
        <h1>{account.merchant?.name ?? t('nav.today')}</h1>
      </div>
      {(list.isRefetchError || !line) && list.dataUpdatedAt > 0 && (
        <StaleStrip since={list.dataUpdatedAt} onRetry={() => void list.refetch()} />
      )}
      <NotSent />
      <section aria-label={t('merchant.todo')}>
        <h2>{t('merchant.todoCount', { count: owed.length })}</h2>
        {list.isPending ? (
          <Bones lines={6} />
        ) : list.data === undefined ? (
          <Failure what="tasks" error={list.error} onRetry={() => void list.refetch()} />
        ) : owed.length === 0 ? (
          <p className="all-done">{t('merchant.nothingToDo')}</p>
        ) : (
          <div className="todos">
            {owed.map((task) => (
              <TodoCard key={task.id} task={task} />
            ))}
          </div>
        )}
      </section>
      {account.merchant !== null && <DayCheck merchant={account.merchant.code} />}
      {waiting.length > 0 && (
        <section>
          <h2>{t('merchant.waitingCount', { count: waiting.length })}</h2>
          <ul className="lines">
            {waiting.map((task) => (
              <li key={task.id}>
                <Link to={`/tasks/${task.id}`}>
                  <b>{problemText(t, task)}</b>
                  <span>
                    {task.number} · {t(`taskState.${task.state}`)}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Push />
      <p>
        <Link to="/tasks">{t('merchant.history')}</Link>
      </p>
    </div>
  );
}

/** Offered only where it works and is not on yet. */
function Push() {
  const { t } = useTranslation();
  const possible = pushPossible();
  const mine = useQuery({
    queryKey: keys.myNotifications,
    queryFn: ({ signal }) => ask<MyNotifications>('/my/notifications', { signal }),
    enabled: possible,
  });
  const off = usePushOff(mine.data);
  if (mine.data === undefined || !off) return null;
  return (
    <section className="push-offer">
      <h2>{t('merchant.push')}</h2>
      <p>{t('merchant.pushHint')}</p>
      <PushSwitch mine={mine.data} />
    </section>
  );
}
