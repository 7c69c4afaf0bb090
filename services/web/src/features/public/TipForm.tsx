import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, ask } from '../../api/client.ts';
import type { Receipt } from './types.ts';

const LEAST = 5;

/** What somebody saw, without an account. */
export function TipForm({ kitchen }: { kitchen: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [contact, setContact] = useState('');
  const [short, setShort] = useState(false);
  const tip = useMutation({
    mutationFn: () =>
      ask<Receipt>('/public/tips', {
        method: 'POST',
        body: { kitchen, text: text.trim(), contact: contact.trim() },
      }),
    onSuccess: () => setText(''),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    const tooShort = text.trim().length < LEAST;
    setShort(tooShort);
    if (!tooShort && !tip.isPending) tip.mutate();
  };
  const enough = tip.error instanceof ApiError && tip.error.status === 429;
  return (
    <form className="public-tip" onSubmit={send} aria-labelledby="tip-title">
      <h2 id="tip-title">{t('public.tip.title')}</h2>
      <label>
        {t('public.tip.text')}
        <textarea
          rows={4}
          maxLength={2000}
          value={text}
          aria-invalid={short}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <label>
        {t('public.tip.contact')}
        <input maxLength={200} value={contact} onChange={(event) => setContact(event.target.value)} />
      </label>
      <button type="submit" disabled={tip.isPending}>
        {t('public.tip.send')}
      </button>
      <p role="status">
        {short && t('public.tip.short')}
        {tip.isSuccess && t('public.tip.sent', { code: tip.data.code })}
        {tip.isError && (enough ? t('public.tip.enough') : t('public.failed'))}
      </p>
    </form>
  );
}
