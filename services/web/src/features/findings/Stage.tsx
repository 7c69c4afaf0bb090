import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Frame } from '../../api/types.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { Boxes } from '../../ui/Boxes.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { clockTime } from '../../ui/time.ts';
import { zoomOf } from './zoom.ts';

interface StageProps {
  frame: Frame;
  cameraName: string;
  showBoxes: boolean;
  zoomed: boolean;
  onSettled: () => void;
}

/** One frame as large as it fits, with its boxes; zoomed onto what was found if asked for. */
export function Stage({ frame, cameraName, showBoxes, zoomed, onSettled }: StageProps) {
  const { t } = useTranslation();
  const time = clockTime(frame.at, useLanguage());
  const [loaded, setLoaded] = useState(false);
  const aspect = frame.width / frame.height;
  return (
    <div className="stage">
      <div
        className="stage-frame"
        style={{ aspectRatio: `${frame.width} / ${frame.height}`, width: `min(100cqw, ${100 * aspect}cqh)` }}
      >
        <div className="stage-zoom" style={{ transform: zoomed ? zoomOf(frame.detections, aspect) : 'none' }}>
          <Picture
            url={frame.url}
            alt={t('stage.frameAlt', { camera: cameraName, time })}
            width={frame.width}
            height={frame.height}
            eager
            className="stage-picture"
            onSettled={(ok) => {
              setLoaded(ok);
              onSettled();
            }}
          />
          {showBoxes && loaded && <Boxes detections={frame.detections} />}
        </div>
        <span className="stage-time num">{time}</span>
      </div>
    </div>
  );
}
