import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { usePosition } from '../use-position.ts';
import type { Point } from './place.ts';

/** Metres: a phone that knows no better than this is not on the spot. */
const ROUGH_M = 100;

/** Where this phone believes itself: for those who stand before the door. */
export function SpotPlace({ onTake }: { onTake: (point: Point, accuracyM: number) => void }) {
  const { t } = useTranslation();
  const { place, at, problem, asking, ask } = usePosition();
  const taken = useRef<number | null>(null);
  useEffect(() => {
    if (place === null || at === null || taken.current === at) return;
    taken.current = at;
    onTake({ lat: place.lat, lon: place.lon }, place.accuracyM);
  }, [place, at, onTake]);
  return (
    <section aria-label={t('place.onSpot')}>
      <h2>{t('place.onSpot')}</h2>
      <p className="quiet">{t('place.onSpotHint')}</p>
      <Button size="large" loading={asking} onClick={ask}>
        {t(place === null ? 'place.locate' : 'place.locateAgain')}
      </Button>
      {problem !== null && (
        <p className="bad" role="alert">
          {t(`field.problem.${problem}`)}
        </p>
      )}
      {place !== null && place.accuracyM > ROUGH_M && (
        <p className="bad">{t('place.rough', { metres: Math.round(place.accuracyM) })}</p>
      )}
    </section>
  );
}
