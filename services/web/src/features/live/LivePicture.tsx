import { VideoCameraOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import type { SmallWidth } from '../../api/steady-url.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useNow } from '../../ui/clock.ts';
import { isStale } from '../../ui/stale.ts';
import { age, fullTime } from '../../ui/time.ts';
import { useShownPicture } from './use-shown-picture.ts';

interface LivePictureProps {
  camera: Camera;
  answeredMs: number;
  /** It is one of many: a small copy does. */
  small?: SmallWidth | undefined;
}

/**
 * What the camera sees, with the age of the very picture that is shown. The age counts on while nothing comes, whatever the reason:
 * after the limit, or when the camera does not deliver, it is grey and says that it is not live.
 */
export function LivePicture({ camera, answeredMs, small }: LivePictureProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow();
  const { picture, status } = camera;
  const { place, shown } = useShownPicture(
    picture === null ? undefined : { url: picture.url, takenMs: answeredMs - picture.ageS * 1000 },
    small,
  );
  const frame = (tone: string, inside: React.ReactNode) => (
    <span ref={place} className={`live-picture ${tone}`}>
      {inside}
    </span>
  );
  if (shown === undefined) {
    const why =
      picture !== null
        ? t('wall.coming')
        : status.lastFrameAt === null
          ? t('cameras.noPicture')
          : t('look.needed');
    return frame(
      'live-picture-none',
      <>
        <VideoCameraOutlined aria-hidden />
        <span>{why}</span>
      </>,
    );
  }
  const ageS = Math.max(0, Math.floor((now - shown.takenMs) / 1000));
  const stale = isStale(camera, ageS);
  const when = age(shown.takenMs, now, language) ?? t('wall.seconds', { count: ageS });
  return frame(
    stale ? 'live-picture-stale' : '',
    <>
      <img
        src={shown.url}
        alt={t('stage.frameAlt', { camera: camera.name, time: fullTime(shown.takenMs, language) })}
        width={status.width ?? 640}
        height={status.height ?? 360}
        draggable={false}
      />
      <time className="live-age num" dateTime={new Date(shown.takenMs).toISOString()}>
        {stale ? t('wall.notLive', { age: when }) : t('wall.age', { age: when })}
      </time>
    </>,
  );
}
