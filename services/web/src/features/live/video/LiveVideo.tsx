import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../api/camera-types.ts';
import { useLanguage } from '../../../i18n/use-language.ts';
import { useNow } from '../../../ui/clock.ts';
import { age, fullTime } from '../../../ui/time.ts';
import { LivePicture } from '../LivePicture.tsx';
import { type LivePlayer, type LiveState, playLive } from './play-live.ts';

/** Milliseconds. A video whose picture is older is not live. */
const STALE_MS = 5_000;

interface LiveVideoProps {
  camera: Camera;
  answeredMs: number;
  /** Set to what says which moment is on the screen, on the server's clock in ms. */
  moment: RefObject<(() => number | undefined) | undefined>;
}

/**
 * The camera's video where it has one that this browser plays, else its pictures, saying why. The age is that of the very picture on
 * the screen; it counts on while nothing comes, and after the limit the picture is grey and says that it is not live.
 */
export function LiveVideo({ camera, answeredMs, moment }: LiveVideoProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow();
  const element = useRef<HTMLVideoElement>(null);
  const [player, setPlayer] = useState<LivePlayer>();
  const [live, setLive] = useState<LiveState>({ state: 'starting' });
  // Without a purpose there is no picture either.
  const allowed = camera.picture !== null;
  const { id } = camera;
  const hasSub = camera.rtspSubHost !== null;
  useEffect(() => {
    const video = element.current;
    if (video === null || !allowed) return;
    setLive({ state: 'starting' });
    const begun = playLive(video, { id, hasSub }, setLive);
    setPlayer(begun);
    moment.current = begun.momentMs;
    return () => {
      begun.stop();
      moment.current = undefined;
      setPlayer(undefined);
    };
  }, [id, hasSub, allowed, moment]);

  // A second at most between two renderings; the clock of the page counts whole ones.
  const nowMs = Math.max(now, Date.now());
  const takenMs = player?.takenMs(nowMs);
  const shows = live.state === 'playing' && takenMs !== undefined;
  const ageS = Math.max(0, Math.round((nowMs - (takenMs ?? nowMs)) / 1000));
  const stale = ageS * 1000 > STALE_MS;
  const when =
    takenMs === undefined ? '' : (age(takenMs, nowMs, language) ?? t('wall.seconds', { count: ageS }));
  return (
    <span className={`live-video${shows && stale ? ' live-picture-stale' : ''}`}>
      <span className="live-picture" hidden={!shows}>
        <video
          ref={element}
          muted
          autoPlay
          playsInline
          aria-label={t('wall.videoOf', { camera: camera.name })}
        >
          <track kind="captions" />
        </video>
        {shows && (
          <time
            className="live-age num"
            dateTime={new Date(takenMs).toISOString()}
            title={fullTime(takenMs, language)}
          >
            {stale
              ? t('wall.notLive', { age: when })
              : t(live.sub ? 'wall.videoSub' : 'wall.video', { age: when })}
          </time>
        )}
      </span>
      {!shows && <LivePicture camera={camera} answeredMs={answeredMs} />}
      {allowed && !shows && (
        <span className="live-video-why" role="status">
          {live.state === 'none' ? t(`wall.noVideo.${live.why}`) : t('wall.videoComing')}
        </span>
      )}
    </span>
  );
}
