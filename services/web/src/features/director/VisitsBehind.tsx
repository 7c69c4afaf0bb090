import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask, query } from '../../api/client.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
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

const COUNTED: Record<VisitsOf, (one: MerchantVisits) => boolean> = {
  all: () => true,
  due: ({ due }) => due > 0,
  // No more than are due count: what somebody did beyond does not make up for another.
  counted: ({ due, done }) => Math.min(due, done) > 0,
  done: ({ done }) => done > 0,
  unassigned: ({ cadre }) => cadre === null,
};

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
  const { t } = useTranslation();
  const asked = useQuery({
    queryKey: ['statistics', 'quarter', day, region],
    queryFn: ({ signal }) =>
      ask<{ items: MerchantVisits[] }>(`/supervision/quarter${query({ day, region })}`, { signal }),
  });
  if (asked.isPending) return <Bones lines={8} />;
  if (asked.data === undefined)
    return <Failure what="statistics" error={asked.error} onRetry={() => void asked.refetch()} />;
  const owed = ({ due, done }: MerchantVisits): number => Math.max(0, due - done);
  const items = asked.data.items
    .filter((one) => (town === undefined || one.town === town) && COUNTED[of](one))
    .toSorted((a, b) => owed(b) - owed(a));
  if (items.length === 0) return <p className="director-none">{t('director.noneBehind')}</p>;
  return (
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
  );
}
