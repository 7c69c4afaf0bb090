import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys.ts';
import type { LedgerSummary } from '../../api/ledger-types.ts';
import { usePages } from '../../api/use-pages.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { Moment } from '../../ui/Times.tsx';

/** How far the books of all merchants are this month, for those who read many. */
export function LedgerList() {
  const { t } = useTranslation();
  const list = usePages<LedgerSummary>({ key: keys.ledgers, path: '/ledgers' });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('ledger.title')}</h1>
        <span>{t('ledger.thisMonth')}</span>
      </div>
      {list.isRefetchError && <StaleStrip since={list.dataUpdatedAt} onRetry={() => void list.refetch()} />}
      {list.isPending ? (
        <Bones lines={8} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="ledger" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t('ledger.none')} />
      ) : (
        <div className="sheet">
          <table className="table ledgers">
            <thead>
              <tr>
                <th scope="col">{t('tasks.merchant')}</th>
                <th scope="col">{t('ledger.period.day')}</th>
                <th scope="col">{t('ledger.period.week')}</th>
                <th scope="col">{t('ledger.period.month')}</th>
                <th scope="col">{t('ledger.problems')}</th>
                <th scope="col">{t('ledger.signature')}</th>
              </tr>
            </thead>
            <tbody>
              {list.items.map((row) => (
                <Line key={row.merchant.id} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <More list={list} />
    </div>
  );
}

function Line({ row }: { row: LedgerSummary }) {
  const { t } = useTranslation();
  return (
    <tr>
      <th scope="row">
        <Link to={`/ledger/${row.merchant.code}`}>{row.merchant.name}</Link>
      </th>
      {(['day', 'week', 'month'] as const).map((period) => {
        const { done, late, due } = row[period];
        return (
          <td key={period} data-label={t(`ledger.period.${period}`)}>
            <span className={`tag num ${due === 0 ? '' : done < due ? 'tag-warn' : 'tag-good'}`}>
              {done} / {due}
            </span>{' '}
            {late > 0 && <span className="quiet">{t('ledger.lateCount', { count: late })}</span>}
          </td>
        );
      })}
      <td data-label={t('ledger.problems')} className="num">
        {row.problems}
      </td>
      <td data-label={t('ledger.signature')}>
        {row.signedAt === null ? t('ledger.notSigned') : <Moment at={row.signedAt} />}
      </td>
    </tr>
  );
}
