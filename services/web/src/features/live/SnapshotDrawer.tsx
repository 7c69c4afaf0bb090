import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure, useWhy } from '../../ui/Failure.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { Moment } from '../../ui/Times.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { ReportFields } from '../report/ReportFields.tsx';
import { nameOf, useFindingKinds } from '../report/use-finding-kinds.ts';
import { newKey } from '../tasks/use-task-order.ts';

interface Snapshot {
  id: string;
  url: string;
  width: number;
  height: number;
  takenAt: string | null;
}

interface SnapshotDrawerProps {
  camera: Camera;
  /** The moment that was on the screen, on the server's clock; undefined: the last picture. */
  atMs: number | undefined;
  /** @param kind its name */
  onDone: (kind: string) => void;
  onClose: () => void;
}

/** 网上巡查: the picture is taken when this opens, so that what was seen is what is reported, however long the writing takes. */
export function SnapshotDrawer({ camera, atMs, onDone, onClose }: SnapshotDrawerProps) {
  const { t } = useTranslation();
  const phone = usePhone();
  const client = useQueryClient();
  const why = useWhy();
  const [key] = useState(newKey);
  const [kind, setKind] = useState('other');
  const [text, setText] = useState('');
  const [asked, setAsked] = useState(false);
  const at = atMs === undefined ? {} : { at: new Date(Math.round(atMs)).toISOString() };
  const body = { camera: camera.code, ...at };
  const photo = useQuery({
    queryKey: ['snapshot', key],
    queryFn: () => ask<Snapshot>('/report-photos/snapshot', { method: 'POST', body }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const kinds = useFindingKinds();
  const report = useMutation({
    mutationFn: (photoId: string) =>
      ask('/findings', {
        method: 'POST',
        headers: { 'idempotency-key': key },
        body: {
          source: 'online_inspection',
          kind,
          merchant: camera.merchant.code,
          zone: camera.zone.code,
          camera: camera.code,
          text: text.trim(),
          photos: [photoId],
        },
      }),
    onSuccess() {
      void client.invalidateQueries({ queryKey: keys.overview });
      void client.invalidateQueries({ queryKey: keys.findings });
      onDone(nameOf(kinds, kind));
    },
  });
  const missing = asked && text.trim() === '';
  return (
    <Drawer
      open
      onClose={onClose}
      size={phone ? '100%' : 480}
      title={t('deskReport.title')}
      closable={{ 'aria-label': t('cameras.close') }}
    >
      <form
        className="report-form"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (text.trim() !== '' && photo.data !== undefined) report.mutate(photo.data.id);
        }}
      >
        {photo.data !== undefined ? (
          <figure className="live-snapshot">
            <Picture
              url={photo.data.url}
              alt={t('wall.snapshotOf', { camera: camera.name })}
              width={photo.data.width}
              height={photo.data.height}
              eager
            />
            {photo.data.takenAt !== null && (
              <figcaption>
                {t('wall.takenAt')} <Moment at={photo.data.takenAt} />
              </figcaption>
            )}
          </figure>
        ) : photo.isError ? (
          <Failure what="cameras" error={photo.error} onRetry={() => void photo.refetch()} />
        ) : (
          <Bones lines={5} />
        )}
        <p>
          {t('deskReport.at', { merchant: camera.merchant.name, zone: camera.zone.name })} · {camera.name}
        </p>
        <ReportFields {...{ kinds, kind, text, missing }} onKind={setKind} onText={setText} />
        {report.isError && (
          <p className="bad" role="alert">
            {t('deskReport.failed', { why: why(report.error) })}
          </p>
        )}
        <Button
          size="large"
          type="primary"
          htmlType="submit"
          loading={report.isPending}
          disabled={photo.data === undefined}
        >
          {t('deskReport.send')}
        </Button>
      </form>
    </Drawer>
  );
}
