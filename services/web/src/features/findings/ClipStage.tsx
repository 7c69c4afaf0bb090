import {
  CaretRightOutlined,
  PauseOutlined,
  StepBackwardOutlined,
  StepForwardOutlined,
} from '@ant-design/icons';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evidence } from '../../api/finding-types.ts';
import { steadyUrl } from '../../api/steady-url.ts';
import type { KindCode } from '../../api/types.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { Boxes } from '../../ui/Boxes.tsx';
import { clockTime } from '../../ui/time.ts';
import { nearestFrame, offsetOf, startOf } from './clip-time.ts';
import { shows } from './LookStrip.tsx';
import { sizeOf } from './looks.ts';
import { useClipPlayer } from './use-clip-player.ts';
import { useDeskKeys } from './use-desk-keys.ts';

interface ClipStageProps {
  clip: Evidence;
  /** The judged frames of its look. */
  frames: readonly Evidence[];
  kind: KindCode;
  showBoxes: boolean;
  /** A frame that was chosen: the clip goes there and stands still. */
  chosen: { index: number } | undefined;
  /** The first picture is there. */
  onReady: () => void;
  onFailed: () => void;
  /** The judged frame that the clip is at. */
  onAt: (index: number | undefined) => void;
}

/** ±5 s around the look: plays at once, with the boxes of the judged frame that it is at; by frames and slowly, by key. */
export function ClipStage(props: ClipStageProps) {
  const { clip, frames, kind, showBoxes, chosen, onReady, onFailed, onAt } = props;
  const { t } = useTranslation();
  const language = useLanguage();
  const video = useRef<HTMLVideoElement>(null);
  const player = useClipPlayer(video);
  const { at, lengthS } = player;
  const near = nearestFrame(clip, frames, at);
  const frame = near === undefined ? undefined : frames[near];
  const { width, height } = sizeOf(frames[0] ?? clip);
  const aspect = width / height;
  const time = clockTime(Date.parse(clip.capturedAt) + at * 1000, language);

  const told = useEffectEvent(onAt);
  useEffect(() => told(near), [near]);
  const { seek } = player;
  const goTo = useEffectEvent((index: number) => {
    const to = frames[index];
    if (to !== undefined) seek(offsetOf(clip, to));
  });
  useEffect(() => {
    if (chosen !== undefined) goTo(chosen.index);
  }, [chosen]);
  useDeskKeys({
    ' ': player.toggle,
    ',': () => player.step(-1),
    '.': () => player.step(1),
    arrowleft: () => player.step(-1),
    arrowright: () => player.step(1),
    x: player.slower,
  });

  return (
    <>
      <div className="stage">
        <div
          className="stage-frame"
          style={{ aspectRatio: `${width} / ${height}`, width: `min(100cqw, ${100 * aspect}cqh)` }}
        >
          <video
            ref={video}
            className="stage-picture"
            src={steadyUrl(clip.url)}
            aria-label={t('clip.label')}
            muted
            loop
            autoPlay
            playsInline
            onLoadedMetadata={({ currentTarget }) => {
              const from = startOf(clip, frames);
              if (chosen === undefined && from > 0 && from < currentTarget.duration)
                currentTarget.currentTime = from;
            }}
            onLoadedData={onReady}
            onError={onFailed}
          >
            <track kind="captions" />
          </video>
          {showBoxes && frame !== undefined && <Boxes detections={frame.detections} />}
          <span className="stage-time num">{time}</span>
        </div>
      </div>
      <fieldset className="clip-bar" aria-label={t('clip.label')}>
        <button
          type="button"
          className="round"
          onClick={() => player.step(-1)}
          aria-label={t('clipPlayer.back')}
          title={`${t('clipPlayer.back')} (←)`}
        >
          <StepBackwardOutlined />
        </button>
        <button
          type="button"
          className="round"
          onClick={player.toggle}
          aria-label={t(player.playing ? 'clipPlayer.pause' : 'clipPlayer.play')}
          title={`${t(player.playing ? 'clipPlayer.pause' : 'clipPlayer.play')} (${t('desk.keys.space')})`}
        >
          {player.playing ? <PauseOutlined /> : <CaretRightOutlined />}
        </button>
        <button
          type="button"
          className="round"
          onClick={() => player.step(1)}
          aria-label={t('clipPlayer.forward')}
          title={`${t('clipPlayer.forward')} (→)`}
        >
          <StepForwardOutlined />
        </button>
        <div className="clip-line">
          <input
            type="range"
            min={0}
            max={lengthS || 1}
            step={0.01}
            value={Math.min(at, lengthS || 1)}
            aria-label={t('clipPlayer.seek')}
            aria-valuetext={time}
            onChange={(event) => player.seek(Number(event.target.value))}
          />
          {lengthS > 0 &&
            frames
              .map((one) => ({ one, share: offsetOf(clip, one) / lengthS }))
              .filter(({ share }) => share >= 0 && share <= 1)
              .map(({ one, share }) => (
                <span
                  key={one.id}
                  className={shows(one, kind) ? 'clip-mark clip-mark-yes' : 'clip-mark'}
                  style={{ left: `calc(8px + ${share} * (100% - 16px))` }}
                  title={t('clipPlayer.judged', {
                    time: clockTime(one.capturedAt, language),
                    what: t(shows(one, kind) ? 'clipPlayer.shows' : 'clipPlayer.showsNot'),
                  })}
                />
              ))}
        </div>
        <button
          type="button"
          className="mini num"
          onClick={player.slower}
          aria-label={`${t('clipPlayer.speed')} ${player.speed}×`}
          title={`${t('desk.keys.slow')} (X)`}
        >
          {player.speed}×
        </button>
      </fieldset>
    </>
  );
}
