import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { LedgerLine, LedgerMonth } from '../../api/ledger-types.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { monthName, otherMonth, spanName, weekday, weekdayName } from './dates.ts';
import { SignMonth } from './SignMonth.tsx';

interface MonthViewProps {
  merchant: string;
  /** A way back to the list of all merchants. */
  back: boolean;
}

/** A month of the three books: its days, weeks, the meeting, the signature. */
export function MonthView({ merchant, back }: MonthViewProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [month, setMonth] = useState<string>();
  const asked = useQuery({
    queryKey: keys.ledgerMonth(merchant, month ?? 'now'),
    queryFn: ({ signal }) =>
      ask<LedgerMonth>(
        `/merchants/${encodeURIComponent(merchant)}/ledger${month === undefined ? '' : `?month=${month}`}`,
        { signal },
      ),
  });
  const book = asked.data;
  const shown = month ?? book?.month;
  return (
    <div className="page ledger">
      <div className="page-head">
        {back && (
          <Link to="/ledger" className="back">
            ← {t('ledger.title')}
          </Link>
        )}
        <h1>{back ? (book?.merchant.name ?? t('ledger.title')) : t('ledger.title')}</h1>
      </div>
      {shown !== undefined && (
        <div className="month-switch">
          <Button aria-label={t('ledger.before')} onClick={() => setMonth(otherMonth(shown, -1))}>
            ‹
          </Button>
          <h2>{monthName(shown, language)}</h2>
          <Button
            aria-label={t('ledger.after')}
            disabled={book === undefined || shown >= book.today.slice(0, 7)}
            onClick={() => setMonth(otherMonth(shown, 1))}
          >
            ›
          </Button>
        </div>
      )}
      {asked.isRefetchError && (
        <StaleStrip since={asked.dataUpdatedAt} onRetry={() => void asked.refetch()} />
      )}
      {book !== undefined ? (
        <Book book={book} />
      ) : asked.isError ? (
        <Failure what="ledger" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Bones lines={10} />
      )}
    </div>
  );
}

/** A Monday and the days after it. */
const WEEK = [5, 6, 7, 8, 9, 10, 11].map((day) => `2026-01-${String(day).padStart(2, '0')}`);

function Book({ book }: { book: LedgerMonth }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { code } = book.merchant;
  const of = (period: LedgerLine['period']) => book.lines.filter((line) => line.period === period);
  const [firstDay] = of('day');
  return (
    <>
      <section aria-label={t('ledger.period.day')}>
        <h2>{t('ledger.period.day')}</h2>
        <div className="days weekdays" aria-hidden>
          {WEEK.map((date) => (
            <span key={date}>{weekdayName(date, language)}</span>
          ))}
        </div>
        <ol className="days">
          {of('day').map((line) => (
            <li
              key={line.start}
              style={line === firstDay ? { gridColumnStart: weekday(line.start) + 1 } : {}}
            >
              <Day line={line} merchant={code} today={line.start === book.today} />
            </li>
          ))}
        </ol>
      </section>
      {(['week', 'month'] as const).map((period) => (
        <section key={period} aria-label={t(`ledger.period.${period}`)}>
          <h2>{t(`ledger.period.${period}`)}</h2>
          <ul className="lines">
            {of(period).map((line) => (
              <Line key={line.start} line={line} merchant={code} />
            ))}
          </ul>
        </section>
      ))}
      <SignMonth book={book} />
    </>
  );
}

const TONES = {
  done: 'tag-good',
  late: 'tag-warn',
  missed: 'tag-bad',
  open: 'tag-accent',
  future: '',
  closed: '',
} as const;
/** Said without colour too. */
const SIGNS = { done: '✓', late: '✓', missed: '✕', open: '○', future: '', closed: '–' } as const;

function Day({ line, merchant, today }: { line: LedgerLine; merchant: string; today: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const day = Number(line.start.slice(8));
  const problems = line.problems > 0 ? `，${t('ledger.problemCount', { count: line.problems })}` : '';
  const label = `${spanName(line, language)} ${t(`ledger.state.${line.state}`)}${problems}`;
  const inner = (
    <>
      <span className="num" aria-hidden>
        {day}
      </span>
      <b aria-hidden>
        {SIGNS[line.state]}
        {line.problems > 0 && <sup>{line.problems}</sup>}
      </b>
    </>
  );
  if (line.state === 'future') {
    return (
      <span className="day day-future">
        <span className="only-read">{label}</span>
        {inner}
      </span>
    );
  }
  return (
    <Link
      to={`/ledger/${merchant}/day/${line.start}`}
      className={`day day-${line.state}`}
      title={label}
      aria-current={today ? 'date' : undefined}
    >
      <span className="only-read">{label}</span>
      {inner}
    </Link>
  );
}

function Line({ line, merchant }: { line: LedgerLine; merchant: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const inner = (
    <>
      <b>{spanName(line, language)}</b>
      <span>
        {line.problems > 0 && `${t('ledger.problemCount', { count: line.problems })} `}
        <span className={`tag ${TONES[line.state]}`}>{t(`ledger.state.${line.state}`)}</span>
      </span>
    </>
  );
  return (
    <li>
      {line.state === 'future' ? (
        <span className="line">{inner}</span>
      ) : (
        <Link className="line" to={`/ledger/${merchant}/${line.period}/${line.start}`}>
          {inner}
        </Link>
      )}
    </li>
  );
}
