import { useTranslation } from 'react-i18next';
import { useLanguage } from '../../i18n/use-language.ts';
import { useNow } from '../../ui/clock.ts';
import { shortTime } from '../../ui/time.ts';
import type { VisitDraft } from './use-visit.ts';
import { earlierIn, type OnSheet, type Since } from './visit-draft.ts';

function useSince(): (since: Since) => string {
  const { t } = useTranslation();
  const language = useLanguage();
  return (since) =>
    since === 'unknown'
      ? t('field.earlierUnknown')
      : t('field.earlierTime', { time: shortTime(since, language) });
}

/** A draft of an earlier day says so: what it says would count as seen today. */
export function Earlier({ sheet, visit }: { sheet: OnSheet; visit: VisitDraft }) {
  const { t } = useTranslation();
  const said = useSince();
  const since = earlierIn(sheet, visit, useNow(60));
  if (since === undefined) return null;
  return (
    <p className="strip" role="status">
      {t('field.earlier', { time: said(since) })}
    </p>
  );
}

/** The same of one thing. */
export function WrittenEarlier({ since }: { since: Since }) {
  const { t } = useTranslation();
  const said = useSince();
  return <p className="written-earlier">{t('field.writtenEarlier', { time: said(since) })}</p>;
}
