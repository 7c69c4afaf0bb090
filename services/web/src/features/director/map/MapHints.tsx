import { useTranslation } from 'react-i18next';
import type { RegionMap } from '../../../api/use-region-map.ts';
import { useCurrentSession } from '../../../app/session-context.ts';
import { Link } from '../../../ui/Link.tsx';
import { MOST_DOTS } from './PlaceDots.tsx';

interface MapHintsProps {
  map: RegionMap;
  placed: number;
  all: number;
}

/** What the map does not show, and who can bring it; where its borders are from. */
export function MapHints({ map: { region, below }, placed, all }: MapHintsProps) {
  const { t } = useTranslation();
  const { role } = useCurrentSession().account;
  const without = below.filter(({ outline }) => outline === null);
  const sources = new Set([region, ...below].flatMap((one) => one?.source ?? []));
  const places = role === 'operator' || role === 'station_head';
  return (
    <div className="director-hint map-hints">
      {without.length > 0 && (
        <p>
          {without.length === below.length
            ? t('map.noBorders')
            : t('map.someBorders', { names: without.map((one) => one.region.name).join('、') })}{' '}
          {role === 'operator' ? (
            <Link to="/settings/boundaries">{t('map.bring')}</Link>
          ) : (
            t('map.askOperator')
          )}
        </p>
      )}
      <p>
        {t('director.mapHint', { placed, all })}
        {placed > MOST_DOTS && ` ${t('map.zoomForDots', { most: MOST_DOTS })}`}{' '}
        {places && placed < all && <Link to="/field/_places">{t('map.setPlaces')}</Link>}
      </p>
      <p>
        {t('map.howTo')}
        {sources.size > 0 && ` ${t('map.sources', { sources: [...sources].join('、') })}`}
      </p>
    </div>
  );
}
