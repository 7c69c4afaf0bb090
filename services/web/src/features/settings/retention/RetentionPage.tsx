import { useTranslation } from 'react-i18next';
import { Bones } from '../../../ui/Bones.tsx';
import { Failure, useWhy } from '../../../ui/Failure.tsx';
import { Moment } from '../../../ui/Times.tsx';
import { Holds } from './Holds.tsx';
import { RetentionItem } from './RetentionItem.tsx';
import type { RetentionBounds, RetentionRule, RetentionRules } from './types.ts';
import { fixedText, useDryRun, useRetention } from './use-retention.ts';
import './retention.css';

/** 保存期限: how long what is kept, what the next run removes, and what is held back. */
export function RetentionPage() {
  const { t } = useTranslation();
  const why = useWhy();
  const asked = useRetention();
  const run = useDryRun();
  if (asked.isPending) return <Bones lines={8} />;
  if (asked.isError)
    return <Failure what="policy" error={asked.error} onRetry={() => void asked.refetch()} />;
  return (
    <div className="settings-list">
      <p className="retention-hint">
        {t('retention.hint')}{' '}
        {run.data !== undefined && (
          <>
            {t('retention.asOf')} <Moment at={run.data.at} />
          </>
        )}
      </p>
      {run.isError && (
        <p className="bad" role="alert">
          {why(run.error)}
        </p>
      )}
      <ul className="retention-items">
        {groupsOf(asked.data).map(({ rules, bounds }) => (
          <RetentionItem
            key={`${rules[0].item} ${rules[0].since}`}
            rules={rules}
            bounds={bounds}
            run={run.data}
          />
        ))}
      </ul>
      <ul className="settings-quiet">
        {(['law', 'house'] as const).map((source) => (
          <li key={source}>{t(`retention.source.${source}`)}</li>
        ))}
      </ul>
      <Holds />
      <section aria-labelledby="retention-fixed">
        <h2 id="retention-fixed" className="settings-heading">
          {t('retention.fixedTitle')}
        </h2>
        <dl className="retention-fixed">
          {asked.data.fixed.map(({ what, hours, looks }) => (
            <div key={what}>
              <dt>{fixedText(t, what)}</dt>
              <dd>
                {hours === null
                  ? t('retention.looks', { count: looks ?? 0 })
                  : hours % 24 === 0 && hours > 48
                    ? t('retention.keep', { count: hours / 24 })
                    : t('retention.hours', { count: hours })}
              </dd>
            </div>
          ))}
        </dl>
        <p className="settings-quiet">{t('retention.never')}</p>
      </section>
    </div>
  );
}

interface Group {
  rules: readonly [RetentionRule, ...RetentionRule[]];
  bounds: RetentionBounds;
}

/** By item and when it counts, in the order of the bounds; what is said for everywhere leads. */
function groupsOf({ items, bounds }: RetentionRules): Group[] {
  return bounds.flatMap((one) =>
    (['closed', 'dismissed', 'written'] as const).flatMap((since): Group[] => {
      const [first, ...rest] = items
        .filter((rule) => rule.item === one.item && rule.since === since)
        .toSorted((a, b) => Number(a.region !== null) - Number(b.region !== null));
      return first === undefined ? [] : [{ rules: [first, ...rest], bounds: one }];
    }),
  );
}
