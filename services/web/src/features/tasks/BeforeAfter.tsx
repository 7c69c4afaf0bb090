import { useTranslation } from 'react-i18next';
import type { TaskDetail } from '../../api/task-types.ts';
import { Boxes } from '../../ui/Boxes.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { Moment } from '../../ui/Times.tsx';

/** What was found, beside what the merchant says it looks like now. */
export function BeforeAfter({ task }: { task: TaskDetail }) {
  const { t } = useTranslation();
  const { frame } = task;
  const last = task.answers.findLast((answer) => answer.photos.length > 0);
  return (
    <div className="before-after">
      <figure>
        <figcaption>
          {t('task.before')} {frame !== null && <Moment at={frame.capturedAt} />}
        </figcaption>
        {frame === null ? (
          <span className="none">{t('task.noPhotos')}</span>
        ) : (
          <div className="before-frame">
            <Picture
              url={frame.url}
              alt={t('task.before')}
              width={frame.width ?? 16}
              height={frame.height ?? 9}
              eager
            />
            <Boxes detections={frame.detections.filter(({ verdict }) => verdict === 'yes')} />
          </div>
        )}
      </figure>
      <figure>
        <figcaption>
          {t('task.after')} {last !== undefined && <Moment at={last.at} />}
        </figcaption>
        {last === undefined ? (
          <span className="none">{t('task.noPhotos')}</span>
        ) : (
          <ul className="after-photos">
            {last.photos.map((photo, i) => (
              <li key={photo.id}>
                <a
                  href={photo.originalUrl ?? photo.url}
                  target="_blank"
                  rel="noreferrer"
                  title={t('task.original')}
                >
                  <Picture
                    url={photo.url}
                    alt={`${t('task.after')} ${i + 1}`}
                    width={photo.width}
                    height={photo.height}
                    eager
                  />
                </a>
              </li>
            ))}
          </ul>
        )}
      </figure>
    </div>
  );
}
