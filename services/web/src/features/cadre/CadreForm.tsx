import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentSession } from '../../app/session-context.ts';
import { post } from '../../offline/outbox.ts';
import type { WaitingLead, WaitingSupervision } from '../../offline/store.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { newKey } from '../tasks/use-task-order.ts';

type Said =
  | Pick<WaitingSupervision, 'command' | 'number' | 'merchant' | 'body'>
  | Pick<WaitingLead, 'command' | 'number' | 'taskId' | 'body'>;

interface CadreFormProps {
  /** What the button that sends says. */
  send: string;
  /** Everything that is needed is there. */
  complete: boolean;
  /** What is sent, as it is filled in now. */
  said: () => Said;
  onClose: () => void;
  children: ReactNode;
}

/** The frame of what a cadre fills in. It is kept on this device first and sent as soon as there is a line, once. */
export function CadreForm({ send, complete, said, onClose, children }: CadreFormProps) {
  const { t } = useTranslation();
  const why = useWhy();
  const { username } = useCurrentSession().account;
  // One key a form: pressed twice, it is one.
  const [key] = useState(newKey);
  const [problem, setProblem] = useState('');
  const keep = async (): Promise<void> => {
    try {
      await post([{ ...said(), key, at: Date.now(), account: username, photos: [], refused: null }]);
      onClose();
    } catch (error) {
      setProblem(t('cadre.failed', { why: why(error) }));
    }
  };
  return (
    <form
      className="visit-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) void keep();
      }}
    >
      {children}
      {problem !== '' && (
        <p className="bad" role="alert">
          {problem}
        </p>
      )}
      <div className="ways">
        <Button size="large" type="primary" htmlType="submit" disabled={!complete}>
          {send}
        </Button>
        <Button size="large" onClick={onClose}>
          {t('cadre.cancel')}
        </Button>
      </div>
    </form>
  );
}
