import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask, query } from '../../api/client.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { usePart } from '../../ui/use-part.ts';
import type { VisitsOf } from './types.ts';

interface MerchantVisits {
  merchant: { id: string; code: string; name: string };
  level: string;
  town: string;
  cadre: string | null;
  due: number;
  done: number;
}

/** What each number is called. */
export const VISITS_SAID = {
  all: 'director.merchants',
  due: 'director.visitsDue',
  counted: 'director.visitsThatCount',
  done: 'director.visitsDone',
  unassigned: 'director.unassigned',
} as const satisfies Record<VisitsOf, string>;

/** What an address asks for; all where it says something else. */
export const visitsOf = (asked: string | undefined): VisitsOf =>
  (Object.keys(VISITS_SAID) as VisitsOf[]).find((known) => known === asked) ?? 'all';

/** Merchants shown at once. */
const STEP = 100;

/** Visits of a merchant in the numbers that count visits. */
const VISITS: Partial<Record<VisitsOf, (one: MerchantVisits) => number>> = {
  due: ({ due }) => due,
  // No more than are due count: what somebody did beyond does not make up for another.
  counted: ({ due, done }) => Math.min(due, done),
  done: ({ done }) => done,
};

/** Whether a merchant is behind a number. */
function isCounted(of: VisitsOf, one: MerchantVisits): boolean {
  if (of === 'unassigned') return one.cadre === null;
  return (VISITS[of]?.(one) ?? 1) > 0;
}

interface VisitsBehindProps {
  /** A day of the quarter. */
  day: string | undefined;
  region: string | undefined;
  /** Code; undefined: of all towns. */
  town: string | undefined;
  of: VisitsOf;
}

/** The merchants behind a number of the cadres' table, those still owed a visit first. */
export function VisitsBehind({ day, region, town, of }: VisitsBehindProps) {
  const asked = useQuery({
    queryKey: ['statistics', 'quarter', day, region],
    queryFn: ({ signal }) =>
      ask<{ items: MerchantVisits[] }>(`/supervision/quarter${query({ day, region })}`, { signal }),
  });
  if (asked.isPending) return <Bones lines={8} />;
  if (asked.data === undefined)
    return <Failure what="statistics" error={asked.error} onRetry={() => void asked.refetch()} />;
  const items = asked.data.items
    .filter((one) => (town === undefined || one.town === town) && isCounted(of, one))
    .toSorted((a, b) => owed(b) - owed(a));
  return <Merchants all={items} of={of} />;
}

const owed = ({ due, done }: MerchantVisits): number => Math.max(0, due - done);

function Merchants({ all, of }: { all: readonly MerchantVisits[]; of: VisitsOf }) {
  const { t } = useTranslation();
  const { items, list } = usePart(all, STEP);
  if (all.length === 0) return <p className="director-none">{t('director.noneBehind')}</p>;
  const visits = VISITS[of];
  return (
    <>
      {visits !== undefined && (
        <p className="director-hint">
          {t('director.visitsOf', {
            merchants: all.length,
            count: all.reduce((sum, one) => sum + visits(one), 0),
          })}
        </p>
      )}
      <ul className="director-list" aria-label={t('director.behind')}>
        {items.map(({ merchant, level, cadre, due, done }) => (
          <li key={merchant.id}>
            <Link to={`/registry/merchants/${merchant.code}`}>{merchant.name}</Link>
            <span className="director-facts">
              <span>{t('director.level', { level })}</span>
              {cadre === null ? (
                <span className="tag tag-warn">{t('director.unassigned')}</span>
              ) : (
                <span>
                  {t('director.cadre')} {cadre}
                </span>
              )}
              <span className="num">
                {t('director.visitsDone')} {done} / {due}
              </span>
              {due > done && (
                <span className="tag tag-warn">{t('director.stillOwed', { count: due - done })}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      <More list={list} />
    </>
  );
}
