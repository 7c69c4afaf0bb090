import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, ask } from '../../api/client.ts';
import { Moment } from '../../ui/Times.tsx';
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
      <div className="public-receipt-said" role="status">
        {receipt.isSuccess && (
          <>
            <p>
              <b>{t(`public.tip.state.${receipt.data.state}`)}</b>
              {receipt.data.decidedAt !== null && (
                <>
                  {' · '}
                  <Moment at={receipt.data.decidedAt} />
                </>
              )}
            </p>
            {receipt.data.answer !== '' && (
              <p className="public-answer">
                <span>{t('public.tip.answer')}</span> {receipt.data.answer}
              </p>
            )}
          </>
        )}
        {receipt.isError &&
          t(
            receipt.error instanceof ApiError && [400, 404].includes(receipt.error.status)
              ? 'public.tip.unknown'
              : 'public.failed',
          )}
      </div>
    </form>
  );
}
