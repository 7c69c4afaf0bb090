import { useTranslation } from 'react-i18next';
import type { FindingContext } from '../../api/desk-types.ts';
import { Link } from '../../ui/Link.tsx';
import { Moment } from '../../ui/Times.tsx';
import { FindingTag } from './FindingTag.tsx';

/** What became of earlier findings of this merchant. */
export function PastList({ past, verdicts }: Pick<FindingContext, 'past' | 'verdicts'>) {
  const { t } = useTranslation();
  return (
    <section className="side-part" aria-label={t('pastFindings.title')}>
      <h3>{t('pastFindings.title')}</h3>
      <p className="side-hint num">
        {past.length === 0 ? t('pastFindings.none') : t('pastFindings.counts', verdicts)}
      </p>
      <ul className="past">
        {past.map((one) => (
          <li key={one.id}>
            <Link to={`/findings/${one.id}${window.location.search}`}>
              {t(`kind.${one.kind}`)} · {one.zone.name}
            </Link>
            <Moment at={one.firstSeen} />
            <span className="past-outcome">
              <FindingTag state={one.state} />{' '}
              {one.reason === 'appeal_upheld'
                ? t('taskReason.appeal_upheld')
                : one.task !== null
                  ? t(`taskState.${one.task.state}`)
                  : one.reason === ''
                    ? t('pastFindings.noTask')
                    : t(`reason.${one.reason}` as 'reason.other', { defaultValue: one.reason })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
