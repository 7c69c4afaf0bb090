import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { newKey } from '../tasks/use-task-order.ts';

/** 督导 made now. */
export function VisitForm({ merchant, onClose }: { merchant: string; onClose: () => void }) {
  const { t } = useTranslation();
  const why = useWhy();
  const id = useId();
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const [key] = useState(newKey);
  const save = useMutation({
    mutationFn: () =>
      ask('/supervision/visits', {
        method: 'POST',
        body: { merchant, note: note.trim() },
        headers: { 'idempotency-key': key },
      }),
    onSuccess() {
      void client.invalidateQueries({ queryKey: keys.cadreQuarter });
      onClose();
    },
  });
  return (
    <form
      className="visit-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <label htmlFor={id}>{t('cadre.note')}</label>
      <Input.TextArea
        id={id}
        value={note}
        maxLength={2000}
        autoSize={{ minRows: 2, maxRows: 8 }}
        onChange={({ target }) => setNote(target.value)}
      />
      {save.isError && (
        <p className="bad" role="alert">
          {t('cadre.failed', { why: why(save.error) })}
        </p>
      )}
      <div className="ways">
        <Button
          size="large"
          type="primary"
          htmlType="submit"
          loading={save.isPending}
          disabled={note.trim() === ''}
        >
          {t('cadre.save')}
        </Button>
        <Button size="large" onClick={onClose}>
          {t('cadre.cancel')}
        </Button>
      </div>
    </form>
  );
}
