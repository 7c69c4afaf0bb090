import { Button, Input } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/Field.tsx';

interface SetAsideFormProps {
  count: number;
  busy: boolean;
  /** What went wrong, in words. */
  wrong: string | undefined;
  onSubmit: (reason: string) => void;
  onCancel: () => void;
}

/** Why dead letters need not be sent: asked each time, and kept. */
export function SetAsideForm({ count, busy, wrong, onSubmit, onCancel }: SetAsideFormProps) {
  const { t } = useTranslation();
  const id = useId();
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(reason.trim());
  };
  return (
    <form className="outbox-aside" onSubmit={submit}>
      <Field id={id} label={t('outbox.aside.reason')} hint={t('outbox.aside.hint')} error={wrong}>
        <Input
          id={id}
          autoFocus
          maxLength={500}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </Field>
      <div className="outbox-actions">
        <Button type="primary" htmlType="submit" loading={busy} disabled={reason.trim() === ''}>
          {t('outbox.aside.submit', { count })}
        </Button>
        <Button onClick={onCancel}>{t('outbox.aside.cancel')}</Button>
      </div>
    </form>
  );
}
