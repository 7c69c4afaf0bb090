import { CameraOutlined, CloseOutlined, PictureOutlined } from '@ant-design/icons';
import { type ChangeEvent, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeptPhoto } from './store.ts';
import { MOST_PHOTOS } from './use-draft.ts';

interface PhotoFieldProps {
  photos: readonly KeptPhoto[];
  add: (files: readonly File[]) => Promise<void>;
  leaveOut: (key: string) => void;
  busy: boolean;
  unreadable: boolean;
  /** Absent: what a merchant has put right. */
  legend?: string;
  /** Taken now, not from those that the phone has. */
  cameraOnly?: boolean;
}

/** Photos from the phone's camera, or from those it has. */
export function PhotoField(props: PhotoFieldProps) {
  const { photos, add, leaveOut, busy, unreadable, legend, cameraOnly = false } = props;
  const { t } = useTranslation();
  const full = photos.length >= MOST_PHOTOS;
  const onChange = (event: ChangeEvent<HTMLInputElement>): void => {
    const files = [...(event.target.files ?? [])];
    event.target.value = '';
    void add(files);
  };
  return (
    <fieldset className="photo-field">
      <legend>{legend ?? t('merchant.photosWanted')}</legend>
      {photos.length > 0 && (
        <ul>
          {photos.map((photo, i) => (
            <Thumbnail key={photo.key} photo={photo} n={i + 1} onLeaveOut={() => leaveOut(photo.key)} />
          ))}
        </ul>
      )}
      {!full && (
        <div className="photo-field-buttons">
          <label className="big-link">
            <CameraOutlined aria-hidden /> {t(busy ? 'merchant.preparing' : 'merchant.camera')}
            <input
              className="hidden"
              type="file"
              accept="image/jpeg,image/png,image/webp"
              capture="environment"
              onChange={onChange}
            />
          </label>
          {!cameraOnly && (
            <label className="big-link">
              <PictureOutlined aria-hidden /> {t('merchant.album')}
              <input
                className="hidden"
                type="file"
                accept="image/jpeg,image/png,image/webp"
                multiple
                onChange={onChange}
              />
            </label>
          )}
        </div>
      )}
      {unreadable && (
        <p className="bad" role="alert">
          {t('merchant.unreadable')}
        </p>
      )}
    </fieldset>
  );
}

function Thumbnail({ photo, n, onLeaveOut }: { photo: KeptPhoto; n: number; onLeaveOut: () => void }) {
  const { t } = useTranslation();
  return (
    <li>
      <KeptPicture photo={photo} n={n} />
      <button type="button" aria-label={t('merchant.leaveOut', { n })} onClick={onLeaveOut}>
        <CloseOutlined aria-hidden />
      </button>
    </li>
  );
}

/** A photo that this phone keeps, small. */
export function KeptPicture({ photo, n }: { photo: KeptPhoto; n: number }) {
  const { t } = useTranslation();
  const url = useMemo(
    () => URL.createObjectURL(new Blob([photo.bytes], { type: 'image/jpeg' })),
    [photo.bytes],
  );
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return <img src={url} alt={t('order.photo', { n })} width={96} height={96} />;
}
