import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import type { TaskCommand, TaskDetail } from '../../api/task-types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { OrderForm } from './OrderForm.tsx';
import { type TaskOrder, useTaskOrder } from './use-task-order.ts';

/** In the order of the buttons; what is asked for most comes first. */
const BUTTONS: readonly TaskCommand[] = [
  'acknowledge',
  'submit',
  'close',
  'reject_appeal',
  'uphold_appeal',
  'return',
  'appeal',
  'escalate',
  'transfer',
  'withdraw',
  'reopen',
];
/** Sent at once: nothing is to be said. */
const PLAIN: ReadonlySet<TaskCommand> = new Set(['acknowledge']);

/** Buttons for what this account may do now, and the form of the one that was pressed. */
export function TaskActions({ task }: { task: TaskDetail }) {
  const { t } = useTranslation();
  const reason = useWhy();
  const [chosen, setChosen] = useState<TaskCommand>();
  const [said, setSaid] = useState<{ text: string; bad: boolean }>();
  const order = useTaskOrder(task, {
    onDone({ command }) {
      setChosen(undefined);
      setSaid({ text: t('order.done', { what: t(`order.${command}`) }), bad: false });
    },
    onRefused({ command }: TaskOrder, error) {
      const conflict = error instanceof ApiError && error.status === 409;
      const why = reason(error);
      const text = conflict ? t('order.changed') : t('order.failed', { what: t(`order.${command}`), why });
      setSaid({ text, bad: true });
    },
  });
  const buttons = BUTTONS.filter((command) => task.commands.includes(command)).filter(
    // After two returns only a visit helps: the API refuses the rest, so the page does not offer it.
    (command) => command !== 'return' || !task.visitRequired,
  );
  const open = chosen !== undefined && buttons.includes(chosen) ? chosen : undefined;
  const press = (command: TaskCommand): void => {
    setSaid(undefined);
    if (PLAIN.has(command)) order.mutate({ command, body: {} });
    else setChosen(command);
  };
  return (
    <section className="task-actions" aria-label={t('order.label')}>
      {open === undefined ? (
        <div className="order-buttons">
          {buttons.map((command, i) => (
            <Button
              key={command}
              size="large"
              type={i === 0 ? 'primary' : 'default'}
              danger={command === 'withdraw'}
              loading={order.isPending && order.variables.command === command}
              onClick={() => press(command)}
            >
              {t(`order.${command}`)}
            </Button>
          ))}
          {buttons.length === 0 && <span className="quiet">{t('order.none')}</span>}
        </div>
      ) : (
        <OrderForm
          key={open}
          task={task}
          command={open}
          busy={order.isPending}
          onSend={(sent) => order.mutate(sent)}
          onCancel={() => setChosen(undefined)}
        />
      )}
      <p role="status" className={said?.bad ? 'bad' : 'good'}>
        {said?.text}
      </p>
    </section>
  );
}
