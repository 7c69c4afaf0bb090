import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { ask, query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { CameraNotice, NoticeKind } from '../../api/onboard-types.ts';
import { preparePhoto } from '../../offline/photo.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { Moment } from '../../ui/Times.tsx';

/** 告知: a sign is up, and staff knows; who saw to it, when, with a photo if there is one. */
export function NoticeStep({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const path = `/cameras/${camera.id}/notices`;
  const asked = useQuery({
    queryKey: ['camera-notices', camera.id],
    queryFn: ({ signal }) => ask<{ items: CameraNotice[] }>(path, { signal }),
  });
  const items = asked.data?.items ?? [];
  return (
    <section className="onboard-step" aria-label={t('onboard.step.notice')}>
      <p>{t('onboard.notice.intro')}</p>
      <div className="notice-kinds">
        {(['sign', 'staff'] as const).map((kind) => (
          <NoticeForm key={kind} camera={camera} kind={kind} last={items.find((one) => one.kind === kind)} />
        ))}
      </div>
    </section>
  );
}

interface NoticeFormProps {
  camera: Camera;
  kind: NoticeKind;
  last: CameraNotice | undefined;
}

function NoticeForm({ camera, kind, last }: NoticeFormProps) {
  const { t } = useTranslation();
  const id = useId();
  const why = useWhy();
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const [photo, setPhoto] = useState<File>();
  const record = useMutation({
    mutationFn: async () =>
      ask<{ items: CameraNotice[] }>(
        `/cameras/${camera.id}/notices${query({ kind, note: note.trim() || undefined })}`,
        {
          method: 'POST',
          ...(photo !== undefined && {
            body: new Blob([await preparePhoto(photo)], { type: 'image/jpeg' }),
          }),
        },
      ),
    onSuccess(data) {
      client.setQueryData(['camera-notices', camera.id], data);
      void client.invalidateQueries({ queryKey: keys.camera(camera.id) });
      setNote('');
      setPhoto(undefined);
    },
  });
  return (
    <form
      className="notice-form"
      aria-label={t(`onboard.notice.${kind}`)}
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate();
      }}
    >
      <h3>{t(`onboard.notice.${kind}`)}</h3>
      {last === undefined ? (
        <p className="tag tag-warn">{t('onboard.notice.never')}</p>
      ) : (
        <div className="notice-last">
          {last.photo !== null && (
            <Picture url={last.photo} alt={t('onboard.notice.photoAlt')} width={160} height={120} />
          )}
          <p>
            <span className="tag tag-good">{t('onboard.notice.done')}</span> {last.recordedBy} ·{' '}
            <Moment at={last.recordedAt} />
            {last.note !== '' && <span className="onboard-hint"> {last.note}</span>}
          </p>
        </div>
      )}
      <label htmlFor={`${id}-note`}>{t('onboard.note')}</label>
      <Input
        id={`${id}-note`}
        maxLength={500}
        placeholder={t(`onboard.notice.${kind}Hint`)}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <label htmlFor={`${id}-photo`}>{t('onboard.notice.photo')}</label>
      <input
        id={`${id}-photo`}
        key={photo === undefined ? 'none' : 'one'}
        type="file"
        accept="image/*"
        capture="environment"
        onChange={(event) => setPhoto(event.target.files?.[0])}
      />
      {photo !== undefined && <span className="onboard-hint">{photo.name}</span>}
      {record.isError && (
        <p className="bad" role="alert">
          {why(record.error)}
        </p>
      )}
      <Button type={last === undefined ? 'primary' : 'default'} htmlType="submit" loading={record.isPending}>
        {t(last === undefined ? 'onboard.notice.record' : 'onboard.notice.again')}
      </Button>
    </form>
  );
}
