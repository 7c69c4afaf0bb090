import { useTranslation } from 'react-i18next';
import { Picture } from '../../ui/Picture.tsx';
import { Moment } from '../../ui/Times.tsx';
import './visits.css';
import type { Visit } from '../../api/task-types.ts';
import { distanceText } from './distance.ts';

/** Visits with what each says, latest first. */
export function VisitList({ visits }: { visits: readonly Visit[] }) {
  const { t } = useTranslation();
  if (visits.length === 0) return null;
  return (
    <section aria-label={t('field.visits')}>
      <h2 className="visits-title">{t('field.visits')}</h2>
      <ol className="visits">
        {visits.map((visit) => (
          <li key={visit.id}>
            <p>
              <b>
                <Moment at={visit.visitedAt} />
              </b>{' '}
              · {visit.by} · <Where visit={visit} />
            </p>
            {visit.note !== '' && <p>{visit.note}</p>}
            {visit.items.map((item) => (
              <div key={`${item.taskId} ${item.outcome}`}>
                <p>
                  <span className="tag tag-accent">{t(`field.outcome.${item.outcome}`)}</span>{' '}
                  {t(`kind.${item.kind}`)}
                  {item.number !== null && ` · ${item.number}`}
                  {item.text !== '' && ` · ${item.text}`}
                </p>
                <div className="visit-photos">
                  {item.photos.map((photo, i) => (
                    <a key={photo.id} href={photo.url} target="_blank" rel="noreferrer">
                      <Picture
                        url={photo.url}
                        alt={t('order.photo', { n: i + 1 })}
                        width={photo.width ?? 4}
                        height={photo.height ?? 3}
                      />
                    </a>
                  ))}
                </div>
              </div>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Stated by the device, never proven. */
function Where({ visit: { lat, accuracyM, distanceM, placeProblem } }: { visit: Visit }) {
  const { t } = useTranslation();
  if (lat === null)
    return (
      <span className="quiet">
        {t('field.noPosition', {
          why: t(`field.why.${placeProblem ?? 'unavailable'}` as 'field.why.denied'),
        })}
      </span>
    );
  const accuracy = Math.round(accuracyM ?? 0);
  return (
    <span className="quiet">
      {distanceM === null
        ? t('field.stated', { accuracy })
        : t('field.statedAway', { distance: distanceText(t, distanceM), accuracy })}
    </span>
  );
}
