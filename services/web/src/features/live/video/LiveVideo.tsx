import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../api/camera-types.ts';
import type { SmallWidth } from '../../../api/steady-url.ts';
import { useLanguage } from '../../../i18n/use-language.ts';
import { useNow } from '../../../ui/clock.ts';
import { age, fullTime } from '../../../ui/time.ts';
import { useInSight } from '../../../ui/use-in-sight.ts';
import { LivePicture } from '../LivePicture.tsx';
import type { LivePlayer, LiveState, Play } from './live-state.ts';

/** Milliseconds. A video whose picture is older is not live. */
const STALE_MS = 5_000;

interface LiveVideoProps {
  camera: Camera;
  answeredMs: number;
  /** Steady: another one begins the video anew. */
  play: Play;
  /** Set to what says which moment is on the screen, on the server's clock in ms. */
  moment?: RefObject<(() => number | undefined) | undefined>;
  /** It is one of many: a small copy of its pictures does, and few words. */
  tile?: { small: SmallWidth | undefined };
}

/**
 * The camera's video where it has one that this browser plays, else its pictures, saying why. The age is that of the very picture on
 * the screen; it counts on while nothing comes, and after the limit the picture is grey and says that it is not live. A picture that is
 * younger takes its place then.
 */
export function LiveVideo({ camera, answeredMs, play, moment, tile }: LiveVideoProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow();
  const place = useRef<HTMLSpanElement>(null);
  const inSight = useInSight(place);
  const element = useRef<HTMLVideoElement>(null);
  const [player, setPlayer] = useState<LivePlayer>();
  const [live, setLive] = useState<LiveState>({ state: 'starting' });
  // Without a purpose there is no picture either.
  const allowed = camera.picture !== null;
  useEffect(() => {
    const video = element.current;
    if (video === null || !allowed || !inSight) return;
    setLive({ state: 'starting' });
    const begun = play(video, setLive);
    setPlayer(begun);
    if (moment !== undefined) moment.current = begun.momentMs;
    return () => {
      begun.stop();
      if (moment !== undefined) moment.current = undefined;
      setPlayer(undefined);
    };
  }, [allowed, inSight, play, moment]);

  // A second at most between two renderings; the clock of the page counts whole ones.
  const nowMs = Math.max(now, Date.now());
  const takenMs = player?.takenMs(nowMs);
  const ageS = Math.max(0, Math.round((nowMs - (takenMs ?? nowMs)) / 1000));
  const stale = ageS * 1000 > STALE_MS;
  const pictureMs = camera.picture === null ? 0 : answeredMs - camera.picture.ageS * 1000;
  const outdone = stale && takenMs !== undefined && pictureMs > takenMs;
  const shows = live.state === 'playing' && takenMs !== undefined && !outdone;
  const when =
    takenMs === undefined ? '' : (age(takenMs, nowMs, language) ?? t('wall.seconds', { count: ageS }));
  const why = live.state === 'none' ? live.why : outdone ? 'failed' : undefined;
  return (
    <span ref={place} className={`live-video${shows && stale ? ' live-picture-stale' : ''}`}>
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
            className={`live-age num${stale ? '' : ' live-age-live'}`}
            dateTime={new Date(takenMs).toISOString()}
            title={fullTime(takenMs, language)}
          >
            {stale
              ? t('wall.notLive', { age: when })
              : t(live.sub ? 'wall.videoSub' : 'wall.video', { age: when })}
          </time>
        )}
      </span>
      {!shows && <LivePicture camera={camera} answeredMs={answeredMs} small={tile?.small} />}
      {allowed && !shows && tile === undefined && (
        <span className="live-video-why" role="status">
          {why === undefined ? t('wall.videoComing') : t(`wall.noVideo.${why}`)}
        </span>
      )}
      {allowed && !shows && tile !== undefined && why !== undefined && (
        <span className="live-video-why">{t(`wall.tileWhy.${why}`)}</span>
      )}
    </span>
  );
}
