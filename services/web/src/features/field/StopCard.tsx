import { useTranslation } from 'react-i18next';
import type { Stop, VisitReason } from '../../api/field-types.ts';
import { Link } from '../../ui/Link.tsx';
import { Countdown } from '../../ui/Times.tsx';
import { distanceText } from './distance.ts';
import { Ways } from './Ways.tsx';

const TONE: Record<VisitReason, string> = {
  visit: 'tag tag-bad',
  overdue: 'tag tag-bad',
  recheck: 'tag tag-warn',
  open: 'tag',
};
const ORDER: readonly VisitReason[] = ['visit', 'overdue', 'recheck', 'open'];

/** One merchant: why, until when, how far, and how to get there. */
export function StopCard({ stop, metres }: { stop: Stop; metres: number | null }) {
  const { t } = useTranslation();
  const { merchant, region, tasks, findings, due } = stop;
  return (
    <li className="stop">
      <Link to={`/field/${merchant.code}`} className="stop-open">
        <span className="stop-name">
          <b>{merchant.name}</b>
          {metres !== null && <span className="num">{distanceText(t, metres)}</span>}
        </span>
        <span className="quiet">
          {region.name}
          {stop.address !== '' && ` · ${stop.address}`}
        </span>
        <span className="stop-tags">
          {ORDER.map((reason) => {
            const count = tasks.filter((task) => task.reason === reason).length;
            return count === 0 ? null : (
              <span key={reason} className={TONE[reason]}>
                {t(`field.reason.${reason}`)} {count}
              </span>
            );
          })}
          {findings.length > 0 && <span className="tag">{t('field.leads', { count: findings.length })}</span>}
          {due !== null && <Countdown at={due} />}
        </span>
      </Link>
      <Ways stop={stop} />
    </li>
  );
}
