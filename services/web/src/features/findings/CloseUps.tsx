import { useTranslation } from 'react-i18next';
import type { Evidence } from '../../api/finding-types.ts';
import { steadyUrl } from '../../api/steady-url.ts';
import type { Box } from '../../api/types.ts';
import { surePercent } from '../../ui/score.ts';
import { sizeOf } from './looks.ts';

/** At most this many; the surest violations first. */
const MOST = 6;
/** Side of the square shown, in longer sides of the box. */
const MARGIN = 1.7;

/** Position and size of the whole picture behind a square window on the box, in percent of the window. */
function windowOn(box: Box, aspect: number): { backgroundSize: string; backgroundPosition: string } {
  const side = Math.min(Math.max((box[2] - box[0]) * aspect, box[3] - box[1]) * MARGIN, 1, aspect);
  const [w, h] = [side / aspect, side];
  const place = (middle: number, size: number): number => {
    const start = Math.min(1 - size, Math.max(0, middle - size / 2));
    return size >= 1 ? 0 : (start / (1 - size)) * 100;
  };
  return {
    backgroundSize: `${100 / w}% ${100 / h}%`,
    backgroundPosition: `${place((box[0] + box[2]) / 2, w)}% ${place((box[1] + box[3]) / 2, h)}%`,
  };
}

/** Every head cut out large: what the verdict is about is seen at a glance. */
export function CloseUps({ frame }: { frame: Evidence }) {
  const { t } = useTranslation();
  const { width, height } = sizeOf(frame);
  const order = { yes: 0, uncertain: 1, no: 2 };
  const detections = [...frame.detections]
    .sort((a, b) => order[a.verdict] - order[b.verdict] || b.score - a.score)
    .slice(0, MOST);
  if (detections.length === 0) return null;
  return (
    <section className="side-part" aria-label={t('stage.closeUps')}>
      <h3>{t('stage.closeUps')}</h3>
      <ul className="close-ups">
        {detections.map(({ kind, verdict, score, box }) => (
          <li key={`${kind}-${box.join()}`} className={`close-up close-up-${verdict}`}>
            <span
              className="close-up-picture"
              style={{
                backgroundImage: `url("${steadyUrl(frame.url)}")`,
                ...windowOn(box, width / height),
              }}
            />
            <span className="close-up-text">
              {t(`box.${kind}.${verdict}`)} <span className="num">{surePercent({ verdict, score })}%</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
