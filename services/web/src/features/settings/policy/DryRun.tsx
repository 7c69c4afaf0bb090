import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Moment } from '../../../ui/Times.tsx';
import type { DryRunResult, DryRunRow } from './document.ts';

/** 试运行: what the changed policy would have done to the findings and tasks of last month. */
export function DryRun({ result }: { result: DryRunResult }) {
  const { t } = useTranslation();
  const changed = result.rows.map((row) => ({ row, said: changesOf(t, row) }));
  return (
    <section className="policy-dry" aria-labelledby="policy-dry">
      <h3 id="policy-dry">{t('settings.policy.dry.title')}</h3>
      <p className="policy-hint">
        <Moment at={result.from} /> – <Moment at={result.to} /> ·{' '}
        {t('settings.policy.dry.looked', { count: result.findings })}
        {result.truncated && ` · ${t('settings.policy.dry.truncated')}`}
      </p>
      {changed.every(({ said }) => said.length === 0) && <p>{t('settings.policy.dry.same')}</p>}
      <ul>
        {changed
          .filter(({ said }) => said.length > 0)
          .map(({ row, said }) => (
            <li key={`${row.kind} ${row.class}`}>
              <b>
                {t(`kind.${row.kind}` as 'kind.no_hat', { defaultValue: row.kind })} ·{' '}
                {t('class.name', { class: row.class })}
              </b>{' '}
              <span className="policy-hint">
                {t('settings.policy.dry.of', { findings: row.findings, tasks: row.tasks })}
                {row.carriedOver > 0 &&
                  ` · ${t('settings.policy.dry.carriedOver', { count: row.carriedOver })}`}
              </span>
              <ul>
                {said.map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </li>
          ))}
      </ul>
    </section>
  );
}

function changesOf(t: TFunction, row: DryRunRow): string[] {
  const pair = (
    key: 'issued' | 'overdue' | 'escalations',
    { was, would }: { was: number; would: number },
  ): string[] => (was === would ? [] : [t(`settings.policy.dry.${key}`, { was, would })]);
  const moved = (
    key: 'acknowledge' | 'submit',
    { earlier, later }: { earlier: number; later: number },
  ): string[] => (earlier + later === 0 ? [] : [t(`settings.policy.dry.${key}`, { earlier, later })]);
  return [
    ...(row.classChanged > 0 ? [t('settings.policy.dry.classChanged', { count: row.classChanged })] : []),
    ...moved('acknowledge', row.acknowledgeDue),
    ...moved('submit', row.submitDue),
    ...pair('overdue', row.overdue),
    ...pair('escalations', row.escalations),
    ...pair('issued', row.issuedWithoutPerson),
    ...(row.wouldBeWrong > 0 ? [t('settings.policy.dry.wrong', { count: row.wouldBeWrong })] : []),
  ];
}
