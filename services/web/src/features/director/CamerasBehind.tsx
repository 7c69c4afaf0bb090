import { useTranslation } from 'react-i18next';
import { usePages } from '../../api/use-pages.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { rateText } from './numbers.tsx';
import type { CountedCamera } from './types.ts';

/** The cameras behind hours observed, those least observed first. */
export function CamerasBehind({ asked }: { asked: Record<string, string | undefined> }) {
  const { t } = useTranslation();
  const list = usePages<CountedCamera>({
    key: ['statistics', 'cameras'],
    path: '/statistics/cameras',
    filter: asked,
    limit: 100,
  });
  if (list.isPending) return <Bones lines={8} />;
  if (list.data === undefined)
    return <Failure what="statistics" error={list.error} onRetry={() => void list.refetch()} />;
  if (list.items.length === 0) return <p className="director-none">{t('director.noneBehind')}</p>;
  return (
    <>
      <ul className="director-list" aria-label={t('director.behind')}>
        {list.items.map(({ camera, merchant, coverage }) => (
          <li key={camera.id}>
            <Link to={`/cameras/${encodeURIComponent(camera.id)}`}>{camera.name}</Link>
            <span className="director-who">{merchant.name}</span>
            <span className="director-facts num">
              {t('director.cameraHours', {
                share: rateText(coverage.observed),
                observed: coverage.observedHours.toFixed(1),
                owed: coverage.owedHours.toFixed(1),
                online: rateText(coverage.online),
              })}
            </span>
          </li>
        ))}
      </ul>
      <More list={list} />
    </>
  );
}
