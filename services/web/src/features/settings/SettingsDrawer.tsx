import { Drawer } from 'antd';
import type { FormEvent, ReactNode } from 'react';
import { useWhy } from '../../ui/Failure.tsx';
import { Meanwhile, type MeanwhileProps } from '../../ui/Meanwhile.tsx';
import { usePhone } from '../../ui/use-media.ts';

interface SettingsDrawerProps {
  title: string;
  /** Pixels, where the screen is wider. */
  width: number;
  readOnly: boolean;
  /** Why it was not saved; null: nothing went wrong. */
  error: unknown;
  /** Somebody changed it while something was typed. */
  meanwhile?: MeanwhileProps | undefined;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
  /** Buttons below; not for who may only read. */
  actions: ReactNode;
}

/** One thing of the settings as a form beside the list. */
export function SettingsDrawer(props: SettingsDrawerProps) {
  const { title, width, readOnly, error, meanwhile, onSubmit, onClose, children, actions } = props;
  const why = useWhy();
  const phone = usePhone();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!readOnly) onSubmit();
  };
  return (
    <Drawer open onClose={onClose} title={title} size={phone ? '100%' : width}>
      <form className="settings-list" onSubmit={submit}>
        {children}
        {meanwhile !== undefined ? (
          <Meanwhile {...meanwhile} />
        ) : (
          error !== null && (
            <p className="bad" role="alert">
              {why(error)}
            </p>
          )
        )}
        {!readOnly && <div className="settings-buttons">{actions}</div>}
      </form>
    </Drawer>
  );
}
