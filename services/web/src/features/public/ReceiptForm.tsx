import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import type { Receipt } from './types.ts';

/** What became of a tip, by its receipt. */
export function ReceiptForm() {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const receipt = useMutation({
    mutationFn: () => ask<Receipt>(`/public/tips/${encodeURIComponent(code.trim().toUpperCase())}`),
  });
  const find = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim() !== '') receipt.mutate();
  };
  return (
    <form className="public-receipt" onSubmit={find}>
      <label>
        {t('public.tip.check')}
        <input
          value={code}
          maxLength={12}
          placeholder={t('public.tip.code')}
          onChange={(event) => setCode(event.target.value)}
        />
      </label>
      <button type="submit">{t('public.tip.ask')}</button>
      <p role="status">
        {receipt.isSuccess && `${t(`public.tip.state.${receipt.data.state}`)} ${receipt.data.answer}`}
        {receipt.isError && t('public.tip.unknown')}
      </p>
    </form>
  );
}
