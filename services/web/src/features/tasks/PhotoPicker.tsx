import { CameraOutlined, CloseOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Picture } from '../../ui/Picture.tsx';
import { MOST_PHOTOS, type usePhotos } from './use-photos.ts';

/** The photos of the answer that is being written; more can be added, each can be left out. */
export function PhotoPicker({ photos, busy, problem, add, leaveOut }: ReturnType<typeof usePhotos>) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="photo-picker">
      {photos.length > 0 && (
        <ul className="photo-row">
          {photos.map((photo, i) => (
            <li key={photo.id}>
              <Picture
                url={photo.url}
                alt={t('order.photo', { n: i + 1 })}
                width={photo.width}
                height={photo.height}
                eager
              />
              <button type="button" aria-label={t('order.leaveOut')} onClick={() => leaveOut(photo.id)}>
                <CloseOutlined />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={input}
        type="file"
        accept="image/jpeg"
        multiple
        hidden
        aria-label={t('order.addPhoto')}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          void add(files);
        }}
      />
      <Button
        icon={<CameraOutlined />}
        loading={busy}
        disabled={photos.length >= MOST_PHOTOS}
        onClick={() => input.current?.click()}
      >
        {t(busy ? 'order.uploading' : 'order.addPhoto')}
      </Button>
      {problem !== '' && (
        <p className="bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
