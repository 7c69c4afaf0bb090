import { CaretRightOutlined, PauseOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Evidence } from '../../api/finding-types.ts';
import type { KindCode } from '../../api/types.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { Picture } from '../../ui/Picture.tsx';
import { clockTime } from '../../ui/time.ts';
import { sizeOf } from './looks.ts';

interface LookStripProps {
  frames: readonly Evidence[];
  /** Address of all of them side by side; undefined: each is fetched by itself. */
  strip: string | undefined;
  kind: KindCode;
  /** undefined: the clip is at none of them. */
  current: number | undefined;
  /** Pictures one after the other; absent while the clip plays, which has controls of its own. */
  play?: { playing: boolean; toggle: () => void } | undefined;
  onChoose: (index: number) => void;
}

/** Pixels that a frame of the strip is high. */
const HEIGHT = 64;
/** Width by height, within what the server's strip holds (media/strip.ts). */
const aspectOf = (frame: Evidence): number => {
  const { width, height } = sizeOf(frame);
  return Math.min(3, Math.max(1 / 3, width / height));
};

/** Whether a frame shows the violation. */
export const shows = (frame: Evidence, kind: KindCode): boolean =>
  frame.detections.some((detection) => detection.kind === kind && detection.verdict === 'yes');

/** k of n at a glance: the frames of a look in time order, those that show the violation marked. */
export function LookStrip({ frames, strip, kind, current, play, onChoose }: LookStripProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const k = frames.filter((frame) => shows(frame, kind)).length;
  return (
    <div className="look-strip">
      <div className="look-strip-head">
        {play !== undefined && (
          <button
            type="button"
            className="round"
            onClick={play.toggle}
            disabled={frames.length < 2}
            aria-label={t(play.playing ? 'stage.pause' : 'stage.play')}
            title={t(play.playing ? 'stage.pause' : 'stage.play')}
          >
            {play.playing ? <PauseOutlined /> : <CaretRightOutlined />}
          </button>
        )}
        <span className="look-strip-k num">{t('stage.kOfN', { k, n: frames.length })}</span>
      </div>
      <ol className="look-frames" aria-label={t('stage.timeline')}>
        {frames.map((frame, index) => (
          <li key={frame.id} style={{ flexBasis: HEIGHT * aspectOf(frame) }}>
            <button
              type="button"
              className={shows(frame, kind) ? 'thumb thumb-yes' : 'thumb'}
              style={{ aspectRatio: aspectOf(frame) }}
              aria-current={index === current}
              aria-label={`${t('stage.frame', { n: index + 1, of: frames.length })}，${clockTime(frame.capturedAt, language)}`}
              onClick={() => onChoose(index)}
            >
              {strip === undefined ? (
                <Picture url={frame.url} alt="" {...sizeOf(frame)} small={320} />
              ) : (
                <span
                  className="thumb-window"
                  style={{ width: `${frames.length * 100}%`, left: `${index * -100}%` }}
                >
                  <Picture
                    url={strip}
                    alt=""
                    width={sizeOf(frame).width * frames.length}
                    height={sizeOf(frame).height}
                    eager
                  />
                </span>
              )}
              <span className="thumb-time num">{clockTime(frame.capturedAt, language)}</span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
