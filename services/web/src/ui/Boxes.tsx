import { useTranslation } from 'react-i18next';
import type { Detection } from '../api/finding-types.ts';
import './boxes.css';
import { surePercent } from './score.ts';

const percent = (share: number): string => `${share * 100}%`;

/** Boxes over a picture, drawn by the browser: colour and line tell the verdict, the label says it with its score. */
export function Boxes({ detections }: { detections: readonly Detection[] }) {
  const { t } = useTranslation();
  const compliantLast = [...detections].sort(
    (a, b) => Number(a.verdict === 'yes') - Number(b.verdict === 'yes'),
  );
  return (
    <div className="boxes" data-testid="boxes">
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {compliantLast.map(({ kind, verdict, box: [x1, y1, x2, y2] }) => (
          <rect
            key={`${kind}-${x1}-${y1}-${x2}`}
            className={`box box-${verdict}`}
            x={x1}
            y={y1}
            width={x2 - x1}
            height={y2 - y1}
          />
        ))}
      </svg>
      {compliantLast.map(({ kind, verdict, score, box: [x1, y1, x2, y2] }) => (
        <span
          key={`${kind}-${x1}-${y1}-${x2}`}
          className={`box-label box-label-${verdict} ${y1 < 0.06 ? 'box-label-below' : ''} ${x1 > 0.8 ? 'box-label-left' : ''}`}
          style={{ left: percent(x1 > 0.8 ? x2 : x1), top: percent(y1 < 0.06 ? y2 : y1) }}
        >
          {t(`box.${kind}.${verdict}`)} <span className="num">{surePercent({ verdict, score })}%</span>
        </span>
      ))}
    </div>
  );
}
