import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Task } from '../../api/task-types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { newKey } from '../tasks/use-task-order.ts';

/** 线索移送 of an overdue task: filled in, sent with one tap. */
export function LeadForm({ task, onClose }: { task: Task; onClose: () => void }) {
  const { t } = useTranslation();
  const why = useWhy();
  const id = useId();
  const client = useQueryClient();
  const [targetName, setTargetName] = useState(t('cadre.office'));
  const [legalReason, setLegalReason] = useState(t('cadre.law'));
  // One key a form: sent twice, it is one transfer.
  const [key] = useState(newKey);
  const send = useMutation({
    mutationFn: () =>
      ask('/leads', {
        method: 'POST',
        body: {
          task: task.id,
          target: 'market_regulation',
          targetName: targetName.trim(),
          legalReason: legalReason.trim(),
          summary: t('cadre.summary', { merchant: task.merchant.name, number: task.number }),
        },
        headers: { 'idempotency-key': key },
      }),
    onSuccess() {
      void client.invalidateQueries({ queryKey: keys.leads });
      onClose();
    },
  });
  return (
    <form
      className="visit-form"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <label htmlFor={`${id}-to`}>{t('cadre.to')}</label>
      <Input
        id={`${id}-to`}
        value={targetName}
        maxLength={200}
        onChange={({ target }) => setTargetName(target.value)}
      />
      <label htmlFor={id}>{t('cadre.reason')}</label>
      <Input.TextArea
        id={id}
        value={legalReason}
        maxLength={1000}
        autoSize
        onChange={({ target }) => setLegalReason(target.value)}
      />
      <p className="quiet">{t('cadre.summary', { merchant: task.merchant.name, number: task.number })}</p>
      {send.isError && (
        <p className="bad" role="alert">
          {t('cadre.failed', { why: why(send.error) })}
        </p>
      )}
      <div className="ways">
        <Button
          size="large"
          type="primary"
          htmlType="submit"
          loading={send.isPending}
          disabled={targetName.trim() === '' || legalReason.trim() === ''}
        >
          {t('cadre.send')}
        </Button>
        <Button size="large" onClick={onClose}>
          {t('cadre.cancel')}
        </Button>
      </div>
    </form>
  );
}
