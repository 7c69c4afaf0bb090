import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { TaskDetail } from '../../api/task-types.ts';
import { navigate } from '../../app/router.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { post } from '../../offline/outbox.ts';
import { PhotoField } from '../../offline/PhotoField.tsx';
import { subjectOf } from '../../offline/store.ts';
import { useDraft } from '../../offline/use-draft.ts';
import { useOutbox } from '../../offline/use-outbox.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { Note } from '../../ui/Note.tsx';
import { TaskDue } from '../tasks/TaskDue.tsx';
import { newKey } from '../tasks/use-task-order.ts';
import { problemText } from './problem.ts';
import { Shown } from './Shown.tsx';

interface AnswerPageProps {
  taskId: string;
  command: 'submit' | 'appeal';
}

/** How it was put right, or why it is not so. */
export function AnswerPage({ taskId, command }: AnswerPageProps) {
  const { t } = useTranslation();
  const asked = useQuery({
    queryKey: keys.task(taskId),
    queryFn: ({ signal }) => ask<TaskDetail>(`/tasks/${encodeURIComponent(taskId)}`, { signal }),
  });
  const task = asked.data;
  return (
    <div className="page merchant">
      <div className="page-head">
        <Link to="/today" className="back">
          ← {t('merchant.back')}
        </Link>
        <h1>{t(command === 'submit' ? 'merchant.answer' : 'merchant.appeal')}</h1>
      </div>
      {task !== undefined ? (
        <>
          <Shown task={task} detail={task} />
          <h2 className="answer-what">{problemText(t, task)}</h2>
          <p className="todo-due">
            {task.number} · {t('merchant.submitBy')} <TaskDue task={task} step="submit" />
          </p>
          <AnswerForm task={task} command={command} />
        </>
      ) : asked.isError ? (
        <Failure what="tasks" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Bones lines={8} />
      )}
    </div>
  );
}

/** Sentences that one taps instead of typing. */
const PHRASES = ['fixed', 'told', 'trained', 'cleaned'] as const;

function AnswerForm({ task, command }: { task: TaskDetail; command: 'submit' | 'appeal' }) {
  const { t } = useTranslation();
  const id = useId();
  const { username } = useCurrentSession().account;
  const { waiting } = useOutbox();
  const draft = useDraft(`${username} ${task.id} ${command}`);
  const [asked, setAsked] = useState(false);
  const [failed, setFailed] = useState(false);
  const said = draft.text.trim();
  const possible =
    command === 'appeal'
      ? task.commands.includes('appeal')
      : task.commands.includes('submit') || task.commands.includes('acknowledge');
  if (!possible || waiting.some((one) => subjectOf(one) === task.id && one.command !== 'acknowledge'))
    return <Note title={t('merchant.nothingToAnswer')} />;

  const send = async (): Promise<void> => {
    setAsked(true);
    if (said === '') return;
    const { id: taskId, number, version } = task;
    const common = { account: username, taskId, number, version, refused: null };
    const at = Date.now();
    // Who answers has read it: an answer acknowledges, unless that waits already.
    const first =
      command === 'submit' &&
      task.acknowledgedAt === null &&
      !waiting.some((one) => subjectOf(one) === taskId && one.command === 'acknowledge');
    try {
      await post([
        ...(first
          ? [{ ...common, key: newKey(), at, command: 'acknowledge' as const, text: '', photos: [] }]
          : []),
        { ...common, key: newKey(), at: at + 1, command, text: said, photos: [...draft.photos] },
      ]);
    } catch {
      setFailed(true);
      return;
    }
    await draft.forget();
    navigate('/today');
  };

  return (
    <form
      className="answer-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label htmlFor={id}>{t(command === 'submit' ? 'order.text' : 'order.appealText')}</label>
      {command === 'submit' && (
        <div className="chips">
          {PHRASES.map((phrase) => (
            <button
              key={phrase}
              type="button"
              className="chip"
              onClick={() =>
                draft.setText(
                  said === '' ? t(`merchant.phrase.${phrase}`) : `${said}${t(`merchant.phrase.${phrase}`)}`,
                )
              }
            >
              + {t(`merchant.phrase.${phrase}`)}
            </button>
          ))}
        </div>
      )}
      <Input.TextArea
        id={id}
        value={draft.text}
        maxLength={2000}
        autoSize={{ minRows: 3, maxRows: 8 }}
        status={asked && said === '' ? 'error' : ''}
        onChange={(event) => draft.setText(event.target.value)}
      />
      <PhotoField
        photos={draft.photos}
        add={draft.add}
        leaveOut={draft.leaveOut}
        busy={draft.busy}
        unreadable={draft.unreadable}
      />
      {asked && said === '' && (
        <p className="bad" role="alert">
          {t('order.needText')}
        </p>
      )}
      {failed && (
        <p className="bad" role="alert">
          {t('merchant.cannotKeep')}
        </p>
      )}
      <Button size="large" type="primary" htmlType="submit" block disabled={draft.busy}>
        {t(`order.${command}`)}
      </Button>
      <p className="quiet">{t('merchant.offlineHint')}</p>
    </form>
  );
}
