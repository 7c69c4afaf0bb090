import { useTranslation } from 'react-i18next';
import type { LedgerSheet } from '../../api/ledger-types.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { Moment } from '../../ui/Times.tsx';

/** What was recorded last, and by whom it was recorded before. */
export function SheetRecord({ sheet }: { sheet: LedgerSheet }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const last = sheet.revisions.at(-1);
  if (last === undefined) return null;
  const texts = new Map(
    sheet.checklist.items.map((item) => [item.code, language === 'en' ? item.textEn : item.text]),
  );
  const problems = last.answers.filter(({ result }) => result === 'problem');
  return (
    <section className="sheet-record" aria-label={t('ledger.recorded')}>
      <p>
        {t('ledger.recordedBy', { who: last.by })} <Moment at={last.at} /> ·{' '}
        {problems.length === 0 ? t('ledger.zeroRisk') : t('ledger.problemCount', { count: problems.length })}
      </p>
      <ul className="answers">
        {last.answers.map((answer) => (
          <li key={answer.code}>
            <span
              className={`tag ${answer.result === 'problem' ? 'tag-bad' : answer.result === 'ok' ? 'tag-good' : ''}`}
            >
              {t(`ledger.result.${answer.result}`)}
            </span>
            <span>
              {texts.get(answer.code) ?? answer.code}
              {answer.note !== '' && <em>{answer.note}</em>}
            </span>
          </li>
        ))}
      </ul>
      {last.summary !== '' && <p className="summary">{last.summary}</p>}
      {sheet.revisions.length > 1 && (
        <details>
          <summary>{t('ledger.earlier', { count: sheet.revisions.length - 1 })}</summary>
          <ul>
            {sheet.revisions.slice(0, -1).map((one) => (
              <li key={one.id}>
                {t('ledger.recordedBy', { who: one.by })} <Moment at={one.at} /> ·{' '}
                {t('ledger.problemCount', {
                  count: one.answers.filter(({ result }) => result === 'problem').length,
                })}
                {one.summary !== '' && ` · ${one.summary}`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
