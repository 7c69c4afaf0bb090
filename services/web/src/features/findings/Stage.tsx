import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evidence } from '../../api/finding-types.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { Boxes } from '../../ui/Boxes.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { clockTime } from '../../ui/time.ts';
import { sizeOf } from './looks.ts';
import { type Zoom, zoomed } from './zoom.ts';

interface StageProps {
  frame: Evidence;
  cameraName: string;
  showBoxes: boolean;
  zoom: Zoom;
  onSettled: (loaded: boolean) => void;
}

/** One frame as large as it fits, with its boxes; zoomed onto what was found if asked for. */
export function Stage({ frame, cameraName, showBoxes, zoom, onSettled }: StageProps) {
  const { t } = useTranslation();
  const time = clockTime(frame.capturedAt, useLanguage());
  const [loaded, setLoaded] = useState(false);
  const { width, height } = sizeOf(frame);
  const aspect = width / height;
  return (
    <div className="stage">
      <div
        className="stage-frame"
        style={{ aspectRatio: `${width} / ${height}`, width: `min(100cqw, ${100 * aspect}cqh)` }}
      >
        <div
          className="stage-zoom"
          style={{ transform: `translate(${zoom.left * 100}%, ${zoom.top * 100}%) scale(${zoom.scale})` }}
        >
          <Picture
            url={frame.url}
            alt={t('stage.frameAlt', { camera: cameraName, time })}
            width={width}
            height={height}
            eager
            className="stage-picture"
            onSettled={(ok) => {
              setLoaded(ok);
              onSettled(ok);
            }}
          />
        </div>
        {showBoxes && loaded && <Boxes detections={zoomed(frame.detections, zoom)} />}
        <span className="stage-time num">{time}</span>
      </div>
    </div>
  );
}
