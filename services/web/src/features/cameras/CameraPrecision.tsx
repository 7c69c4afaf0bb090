import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { ask, query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Precision } from '../../api/rule-types.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { percent } from '../../ui/score.ts';
import '../../ui/facts.css';

/** How often this camera was right in the last 14 days, by what inspectors said. */
export function CameraPrecision({ code }: { code: string }) {
  const { t } = useTranslation();
  const asked = useQuery({
    queryKey: keys.precision(code),
    queryFn: ({ signal }) =>
      ask<{ items: Precision[] }>(`/precision${query({ group: 'camera', camera: code })}`, { signal }),
  });
  if (asked.isPending) return <Bones lines={2} />;
  if (asked.data === undefined) {
    return <Failure what="precision" error={asked.error} onRetry={() => void asked.refetch()} />;
  }
  return (
    <section className="camera-precision" aria-label={t('precision.title')}>
      <h3>{t('precision.ofCamera')}</h3>
      {asked.data.items.length === 0 ? (
        <p>{t('precision.none')}</p>
      ) : (
        <dl className="facts">
          {asked.data.items.map(({ kind, confirmed, dismissed, precision, low, high }) => (
            <Fragment key={kind}>
              <dt>{t(`kind.${kind}`)}</dt>
              <dd className="num">
                {precision !== null &&
                  t('precision.value', {
                    share: percent(precision),
                    low: percent(low),
                    high: percent(high),
                  })}{' '}
                ({t('proposals.counts', { confirmed, dismissed })})
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
    </section>
  );
}
