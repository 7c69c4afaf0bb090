import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Point } from '../../api/field-types.ts';
import { distanceM, distanceText } from './distance.ts';
import type { Position } from './use-position.ts';

/** Metres beyond its own radius from which a device is not where the merchant is. */
const FAR_M = 500;

/** Where the device believes itself: recorded as stated, and said so. */
export function PlaceLine({
  position,
  of,
  onAsk,
}: {
  position: Position;
  of: Point | null;
  onAsk: () => void;
}) {
  const { t } = useTranslation();
  const { place, problem, asking } = position;
  const metres = place === null || of === null ? null : distanceM(place, of);
  const far = metres !== null && place !== null && metres > FAR_M + place.accuracyM;
  return (
    <p className={far || problem !== null ? 'strip' : 'place-line'} role="status">
      {place !== null
        ? t('field.place', { accuracy: Math.round(place.accuracyM) })
        : asking
          ? t('field.placing')
          : t(`field.problem.${problem ?? 'unavailable'}`)}
      {metres !== null && ` · ${t(far ? 'field.far' : 'field.away', { distance: distanceText(t, metres) })}`}
      {!asking && (
        <Button size="small" onClick={onAsk}>
          {t('field.placeAgain')}
        </Button>
      )}
    </p>
  );
}
