import { Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Named } from '../../api/types.ts';
import { CadreForm } from './CadreForm.tsx';

/** 督导 made now. */
export function VisitForm({ merchant, onClose }: { merchant: Named; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [note, setNote] = useState('');
  return (
    <CadreForm
      send={t('cadre.save')}
      complete={note.trim() !== ''}
      said={() => ({
        command: 'supervision',
        number: merchant.name,
        merchant: merchant.code,
        // When it was made: without a line it may be sent much later.
        body: { merchant: merchant.code, note: note.trim(), visitedAt: new Date().toISOString() },
      })}
      onClose={onClose}
    >
      <label htmlFor={id}>{t('cadre.note')}</label>
      <Input.TextArea
        id={id}
        value={note}
        maxLength={2000}
        autoSize={{ minRows: 2, maxRows: 8 }}
        onChange={({ target }) => setNote(target.value)}
      />
    </CadreForm>
  );
}
