import { useTranslation } from 'react-i18next';
import { FIGURES, type FigureName } from '../figures.ts';
import { figureText } from '../numbers.tsx';
import type { RegionRow } from './RegionList.tsx';

/** Pixels. */
const AWAY = 16;
const WIDTH = 230;

interface RegionTipProps {
  row: RegionRow;
  /** Of the pointer, in the window. */
  at: { x: number; y: number };
  chosen: FigureName;
}

/** All figures of the region under the pointer. */
export function RegionTip({ row: { region, item }, at, chosen }: RegionTipProps) {
  const { t } = useTranslation();
  const left = Math.max(8, Math.min(at.x + AWAY, window.innerWidth - WIDTH - 8));
  // Above the pointer in the lower half of the window, so that nothing hangs out of it.
  const low = at.y > window.innerHeight / 2;
  const place = low ? { bottom: window.innerHeight - at.y + AWAY } : { top: at.y + AWAY };
  return (
    <div className="map-tip" style={{ left, ...place }} aria-hidden="true">
      <b>{region.name}</b>
      {item === null ? (
        <p>{t('map.noData')}</p>
      ) : (
        <dl>
          {FIGURES.map((figure) => (
            <div key={figure.sort} className={figure.sort === chosen ? 'map-tip-chosen' : undefined}>
              <dt>{t(`director.column.${figure.sort}`)}</dt>
              <dd className="num">{figureText(figure, item)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
