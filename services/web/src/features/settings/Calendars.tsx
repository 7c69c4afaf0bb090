import { useTranslation } from 'react-i18next';
import { Moment } from '../../ui/Times.tsx';
import { CalendarDrawer } from './CalendarDrawer.tsx';
import { SettingsCards } from './SettingsCards.tsx';
import { type Calendar, useCalendars } from './use-settings.ts';

/** 工作日历: holidays with make-up working days, school terms; policies name them by code. */
export function Calendars() {
  const { t } = useTranslation();
  return (
    <SettingsCards
      list={useCalendars()}
      words={{ add: t('settings.calendar.add'), none: t('settings.calendar.none') }}
      idOf={({ code }) => code}
      card={(one) => (
        <>
          <h2>
            {one.name} <span className="settings-quiet">{one.code}</span>
          </h2>
          <p className="settings-quiet">
            {one.region?.name ?? t('settings.everywhere')} ·{' '}
            {t('settings.policy.version', { version: one.version })} · <Moment at={one.changedAt} />
          </p>
          <p>{t('settings.calendar.counts', { days: one.days.length, terms: one.terms.length })}</p>
          <p className="settings-quiet">{comingDays(one)}</p>
        </>
      )}
      drawer={({ one, ...rest }) => <CalendarDrawer key={one?.code ?? 'new'} calendar={one} {...rest} />}
    />
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
