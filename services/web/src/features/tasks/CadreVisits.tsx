import { useTranslation } from 'react-i18next';
import type { Role } from '../../api/account-types.ts';
import type { TaskDetail } from '../../api/task-types.ts';
import { usePages } from '../../api/use-pages.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { More } from '../../ui/More.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { Moment } from '../../ui/Times.tsx';

/** As `supervision.read` in the API. */
const SEES: readonly Role[] = ['operator', 'station_head', 'director', 'inspector', 'cadre'];

interface CadreVisit {
  id: string;
  cadre: { username: string; displayName: string };
  visitedAt: string;
  note: string;
  photos: {
    id: string;
    /** null: its time was over. */
    url: string | null;
    sha256: string;
    width: number;
    height: number;
  }[];
}

/** 督导: what the merchant's cadre saw since the task was issued, with photographs. Nothing where nobody was there. */
export function CadreVisits({ task }: { task: TaskDetail }) {
  return SEES.includes(useCurrentSession().account.role) ? <Visits task={task} /> : null;
}

function Visits({ task }: { task: TaskDetail }) {
  const { t } = useTranslation();
  const why = useWhy();
  const list = usePages<CadreVisit>({
    key: ['cadre-visits'],
    path: '/supervision/visits',
    filter: { merchant: task.merchant.code, from: task.issuedAt, until: task.closedAt ?? undefined },
    limit: 10,
  });
  if (list.isError)
    return (
      <p className="bad" role="alert">
        {t('task.cadreVisits')}：{why(list.error)}
      </p>
    );
  if (list.items.length === 0) return null;
  return (
    <section aria-label={t('task.cadreVisits')}>
      <h2 className="visits-title">{t('task.cadreVisits')}</h2>
      <ol className="visits">
        {list.items.map(({ id, cadre, visitedAt, note, photos }) => (
          <li key={id}>
            <p>
              <b>
                <Moment at={visitedAt} />
              </b>{' '}
              · {cadre.displayName === '' ? cadre.username : cadre.displayName}
            </p>
            <p>{note}</p>
            <div className="visit-photos">
              {photos.map(({ id: photo, url, sha256, width, height }, i) =>
                url === null ? (
                  <span key={photo} className="quiet">
                    {t('task.photoGone', { hash: sha256.slice(0, 12) })}
                  </span>
                ) : (
                  <a key={photo} href={url} target="_blank" rel="noreferrer">
                    <Picture url={url} alt={t('order.photo', { n: i + 1 })} width={width} height={height} />
                  </a>
                ),
              )}
            </div>
          </li>
        ))}
      </ol>
      <More list={list} />
    </section>
  );
}
