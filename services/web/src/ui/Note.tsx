import { ExclamationCircleOutlined, InboxOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';

interface NoteProps {
  title: string;
  children?: ReactNode;
  bad?: boolean;
  action?: { label: string; run: () => void };
}

/** What stands where there is nothing to show: why, and what can be done. */
export function Note({ title, children, bad = false, action }: NoteProps) {
  return (
    <div className={bad ? 'note note-bad' : 'note'} role={bad ? 'alert' : undefined}>
      <span className="note-icon" aria-hidden>
        {bad ? <ExclamationCircleOutlined /> : <InboxOutlined />}
      </span>
      <p className="note-title">{title}</p>
      {children}
      {action && <Button onClick={action.run}>{action.label}</Button>}
    </div>
  );
}
