import { VideoCameraOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useNow } from '../../ui/clock.ts';
import { Picture } from '../../ui/Picture.tsx';
import { isStale } from '../../ui/stale.ts';
import { age, fullTime } from '../../ui/time.ts';

/**
 * The last picture with its age. Of a camera that does not deliver, or when it is old, it is grey and says so: an old
 * picture must never pass for what is going on now.
 */
export function CameraPicture({ camera, eager = false }: { camera: Camera; eager?: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(10);
  const { picture, status } = camera;
  if (picture === null) {
    return (
      <div className="camera-picture camera-picture-none">
        <VideoCameraOutlined aria-hidden />
        <span>{status.lastFrameAt === null ? t('cameras.noPicture') : t('look.needed')}</span>
      </div>
    );
  }
  const takenMs = Date.parse(picture.at);
  const stale = isStale(camera, (now - takenMs) / 1000);
  const when = age(takenMs, now, language) ?? t('time.now');
  return (
    <div className={stale ? 'camera-picture camera-picture-stale' : 'camera-picture'}>
      <Picture
        url={picture.url}
        alt={t('stage.frameAlt', { camera: camera.name, time: fullTime(picture.at, language) })}
        width={status.width ?? 640}
        height={status.height ?? 360}
        {...(eager ? {} : { small: 640 })}
        eager={eager}
      />
      <time className="camera-age" dateTime={picture.at} title={fullTime(picture.at, language)}>
        {stale ? t('cameras.stale', { age: when }) : t('cameras.pictureAt', { age: when })}
      </time>
    </div>
  );
}
