import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask, query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { LedgerPeriod, LedgerSheet } from '../../api/ledger-types.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { spanName } from './dates.ts';
import { SheetForm } from './SheetForm.tsx';
import { SheetRecord } from './SheetRecord.tsx';

interface SheetPageProps {
  merchant: string;
  period: LedgerPeriod;
  start: string;
}

/** One day, week or month: what was recorded, and the form while it may be. */
export function SheetPage({ merchant, period, start }: SheetPageProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [correcting, setCorrecting] = useState(false);
  const asked = useQuery({
    queryKey: keys.ledgerSheet(merchant, period, start),
    queryFn: ({ signal }) =>
      ask<LedgerSheet>(`/merchants/${encodeURIComponent(merchant)}/ledger/sheet${query({ period, start })}`, {
        signal,
      }),
    // A form that is being filled in does not change under the finger.
    refetchOnWindowFocus: false,
  });
  const sheet = asked.data;
  const recorded = (sheet?.revisions.length ?? 0) > 0;
  return (
    <div className="page ledger">
      <div className="page-head">
        <Link to={`/ledger/${merchant}`} className="back">
          ← {t('ledger.title')}
        </Link>
        <h1>{sheet === undefined ? t(`ledger.period.${period}`) : titleOf(sheet, language)}</h1>
      </div>
      {sheet !== undefined ? (
        <>
          <p className="sheet-line">
            <b>{sheet.merchant.name}</b>
            <span>{spanName(sheet, language)}</span>
            <span className="tag">{t(`ledger.state.${sheet.state}`)}</span>
            {sheet.signed && <span className="tag tag-good">{t('ledger.signed')}</span>}
          </p>
          {recorded && <SheetRecord sheet={sheet} />}
          {sheet.mayWrite && recorded && !correcting && (
            <Button size="large" onClick={() => setCorrecting(true)}>
              {t('ledger.correct')}
            </Button>
          )}
          {sheet.mayWrite && (!recorded || correcting) && (
            <SheetForm key={sheet.revisions.length} sheet={sheet} onDone={() => setCorrecting(false)} />
          )}
          {!sheet.mayWrite && !recorded && <p className="quiet">{t('ledger.nothing')}</p>}
        </>
      ) : asked.isError ? (
        <Failure what="ledger" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Bones lines={12} />
      )}
    </div>
  );
}

const titleOf = ({ checklist }: LedgerSheet, language: string): string =>
  language === 'en' ? checklist.titleEn : checklist.title;
