import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Note } from '../../ui/Note.tsx';
import { Moment } from '../../ui/Times.tsx';
import { CalendarDrawer } from './CalendarDrawer.tsx';
import { type Calendar, useCalendars, useMayWrite } from './use-settings.ts';

/** 工作日历: holidays with make-up working days, school terms; policies name them by code. */
export function Calendars() {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const list = useCalendars();
  // null: a new one.
  const [open, setOpen] = useState<Calendar | null>();
  const close = () => setOpen(undefined);
  return (
    <div className="settings-list">
      {mayWrite && (
        <p>
          <Button type="primary" onClick={() => setOpen(null)}>
            {t('settings.calendar.add')}
          </Button>
        </p>
      )}
      {list.isPending ? (
        <Bones lines={5} />
      ) : list.isError ? (
        <Failure what="policy" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.items.length === 0 ? (
        <Note title={t('settings.calendar.none')} />
      ) : (
        <ul className="settings-cards">
          {list.data.items.map((one) => (
            <li key={one.code} className="sheet settings-card">
              <h2>
                {one.name} <span className="settings-quiet">{one.code}</span>
              </h2>
              <p className="settings-quiet">
                {one.region?.name ?? t('settings.everywhere')} ·{' '}
                {t('settings.policy.version', { version: one.version })} · <Moment at={one.changedAt} />
              </p>
              <p>{t('settings.calendar.counts', { days: one.days.length, terms: one.terms.length })}</p>
              <p className="settings-quiet">{comingDays(one)}</p>
              <Button onClick={() => setOpen(one)}>{t(mayWrite ? 'settings.edit' : 'settings.show')}</Button>
            </li>
          ))}
        </ul>
      )}
      {open !== undefined && (
        <CalendarDrawer
          key={open?.code ?? 'new'}
          calendar={open ?? undefined}
          readOnly={!mayWrite}
          onClose={close}
        />
      )}
    </div>
  );
}

const SHOWN = 4;

/** The next days that are no ordinary ones. */
function comingDays({ days }: Calendar): string {
  const today = new Intl.DateTimeFormat('sv-SE').format();
  return days
    .filter(({ date }) => date >= today)
    .toSorted((a, b) => a.date.localeCompare(b.date))
    .slice(0, SHOWN)
    .map(({ date, name }) => `${date} ${name}`)
    .join(' · ');
}
