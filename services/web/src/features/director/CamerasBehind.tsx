import { useTranslation } from 'react-i18next';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { rateText } from './numbers.tsx';
import { useStatistics } from './use-statistics.ts';

const SHOWN = 200;

/** The cameras behind hours observed, those least observed first. */
export function CamerasBehind({ asked: values }: { asked: Record<string, string | undefined> }) {
  const { t } = useTranslation();
  const asked = useStatistics({
    ...values,
    groupBy: 'camera',
    sort: 'observed',
    order: 'asc',
    limit: SHOWN,
  });
  if (asked.data === undefined) {
    return asked.isError ? (
      <Failure what="statistics" error={asked.error} onRetry={() => void asked.refetch()} />
    ) : (
      <Bones lines={8} />
    );
  }
  const cameras = asked.data.items.filter(({ key }) => key !== '');
  return (
    <>
      <ul className="director-list" aria-label={t('director.behind')}>
        {cameras.map(({ key, name, coverage }) => (
          <li key={key}>
            <Link to={`/cameras/${encodeURIComponent(key)}`}>{name ?? key}</Link>
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
      {asked.data.groups > asked.data.items.length && (
        <p className="director-hint">
          {t('director.first', { shown: asked.data.items.length, groups: asked.data.groups })}
        </p>
      )}
    </>
  );
}
