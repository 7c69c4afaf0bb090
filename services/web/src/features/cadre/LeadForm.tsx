import { Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Task } from '../../api/task-types.ts';
import { CadreForm } from './CadreForm.tsx';

/** 线索移送 of an overdue task: filled in, sent with one tap. */
export function LeadForm({ task, onClose }: { task: Task; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [targetName, setTargetName] = useState(t('cadre.office'));
  const [legalReason, setLegalReason] = useState(t('cadre.law'));
  const summary = t('cadre.summary', { merchant: task.merchant.name, number: task.number });
  return (
    <CadreForm
      send={t('cadre.send')}
      complete={targetName.trim() !== '' && legalReason.trim() !== ''}
      said={() => ({
        command: 'lead',
        number: task.number,
        taskId: task.id,
        body: {
          task: task.id,
          target: 'market_regulation',
          targetName: targetName.trim(),
          legalReason: legalReason.trim(),
          summary,
        },
      })}
      onClose={onClose}
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
      <p className="quiet">{summary}</p>
    </CadreForm>
  );
}
