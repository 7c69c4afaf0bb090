import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { LedgerSheet } from '../../api/ledger-types.ts';
import { Link } from '../../ui/Link.tsx';

/** Whether today's check (日管控) is done, and what the cameras have filled in already. */
export function DayCheck({ merchant }: { merchant: string }) {
  const { t } = useTranslation();
  const asked = useQuery({
    queryKey: keys.ledgerSheet(merchant, 'day', 'today'),
    queryFn: ({ signal }) =>
      ask<LedgerSheet>(`/merchants/${encodeURIComponent(merchant)}/ledger/sheet?period=day`, { signal }),
  });
  const sheet = asked.data;
  if (sheet === undefined) return null;
  const done = sheet.revisions.length > 0;
  const problems = Object.values(sheet.proposals).filter(({ result }) => result === 'problem').length;
  return (
    <section>
      <h2>{t('ledger.period.day')}</h2>
      <Link to={`/ledger/${merchant}/day/${sheet.start}`} className="day-check">
        <span className={done ? 'tag tag-good' : 'tag tag-warn'}>
          {t(done ? 'ledger.state.done' : 'ledger.state.open')}
        </span>
        <span>
          {done
            ? t('merchant.checkDone')
            : problems > 0
              ? t('merchant.checkFilled', { count: problems })
              : t('merchant.checkOpen', { count: sheet.checklist.items.length })}
        </span>
        <span aria-hidden>›</span>
      </Link>
    </section>
  );
}
