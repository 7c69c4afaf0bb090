import { EyeOutlined } from '@ant-design/icons';
import { Button, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LIVE_PURPOSES, type LivePurpose } from '../../api/account-types.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { clockTime } from '../../ui/time.ts';
import './live.css';
import { useLiveGrant } from './use-live-grant.ts';

/** Asks for the purpose before live pictures are shown; then says what was stated and until when. */
export function LiveGate() {
  const { t } = useTranslation();
  const why = useWhy();
  const language = useLanguage();
  const { merchant } = useCurrentSession().account;
  const { mayLook, current, begin } = useLiveGrant();
  const [purpose, setPurpose] = useState<LivePurpose>(merchant === null ? 'patrol' : 'own_check');
  const [note, setNote] = useState('');
  if (!mayLook) return null;
  if (current !== undefined) {
    const stated = LIVE_PURPOSES.find((known) => known === current.purpose) ?? 'other';
    return (
      <p className="live-gate live-gate-open">
        <EyeOutlined aria-hidden /> {t('look.active', { purpose: t(`look.purposes.${stated}`) })} ·{' '}
        {t('look.until', { time: clockTime(current.expiresAt, language) })}
      </p>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    begin.mutate({ purpose, note: note.trim() });
  };
  return (
    <form className="live-gate" onSubmit={submit} aria-label={t('look.ask')}>
      <div className="live-gate-text">
        <b>{t('look.ask')}</b>
        <p>{t('look.hint')}</p>
      </div>
      <Select
        className="live-gate-purpose"
        aria-label={t('look.purpose')}
        value={purpose}
        options={LIVE_PURPOSES.map((value) => ({ value, label: t(`look.purposes.${value}`) }))}
        onChange={setPurpose}
      />
      <Input
        className="live-gate-note"
        aria-label={t('look.note')}
        placeholder={t('look.note')}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <Button
        type="primary"
        htmlType="submit"
        icon={<EyeOutlined />}
        loading={begin.isPending}
        disabled={purpose === 'other' && note.trim() === ''}
      >
        {t('look.begin')}
      </Button>
      {begin.error !== null && (
        <p className="bad" role="alert">
          {why(begin.error)}
        </p>
      )}
    </form>
  );
}
