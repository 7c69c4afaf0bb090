import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiError, ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Age, Moment } from '../../ui/Times.tsx';
import type { HistoryCheck } from './audit-types.ts';
import { entityText } from './audit-words.ts';
import { Level } from './Part.tsx';

/** Whether anybody altered the history behind the back of the service: the nightly walk over its hash chains. */
export function HistoryState() {
  const { t } = useTranslation();
  const why = useWhy();
  const { account } = useCurrentSession();
  const client = useQueryClient();
  const checks = useQuery({
    queryKey: keys.historyChecks,
    queryFn: ({ signal }) => ask<{ items: HistoryCheck[] }>('/history-checks', { signal }),
  });
  const check = useMutation({
    mutationFn: () => ask<HistoryCheck>('/history-checks', { method: 'POST' }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.historyChecks }),
  });
  // Chains go over all regions: an account of some has no say.
  if (checks.error instanceof ApiError && checks.error.status === 403) return null;
  const last = checks.data?.items[0];
  return (
    <section className="sheet audit-state" aria-label={t('system.part.history')}>
      <p>
        <Level level={last === undefined ? 'unknown' : last.faultCount > 0 ? 'bad' : 'good'} />{' '}
        {last === undefined ? (
          t(checks.isPending ? 'loading' : 'audit.check.never')
        ) : (
          <>
            {last.faultCount === 0
              ? t('audit.check.whole', { rows: last.rows, chains: last.chains })
              : t('audit.check.broken', { count: last.faultCount })}{' '}
            · {t('audit.check.at')} <Age at={last.finishedAt} />
          </>
        )}
      </p>
      {account.role === 'operator' && (
        <Button size="small" loading={check.isPending} onClick={() => check.mutate()}>
          {t('audit.check.now')}
        </Button>
      )}
      {check.isError && (
        <p className="bad" role="alert">
          {why(check.error)}
        </p>
      )}
      {last !== undefined && last.faultCount > 0 && (
        <ul className="audit-faults">
          {last.faults.slice(0, 20).map((fault) => (
            <li key={`${fault.entity} ${fault.entityId} ${fault.historyId}`} className="bad">
              {entityText(t, fault.entity)} {fault.entityId.slice(0, 8)} #{fault.historyId ?? '—'}:{' '}
              {t(`audit.check.fault.${fault.fault}`)}
            </li>
          ))}
        </ul>
      )}
      {(checks.data?.items.length ?? 0) > 1 && (
        <details>
          <summary>{t('audit.check.past')}</summary>
          <ul>
            {checks.data?.items.slice(0, 14).map((one) => (
              <li key={one.finishedAt}>
                <Moment at={one.finishedAt} /> ·{' '}
                {one.faultCount === 0
                  ? t('audit.check.whole', { rows: one.rows, chains: one.chains })
                  : t('audit.check.broken', { count: one.faultCount })}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
