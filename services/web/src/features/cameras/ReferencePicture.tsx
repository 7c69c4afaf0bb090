import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { Moment } from '../../ui/Times.tsx';

/** Where the camera shall look: the picture that somebody approved, and, for operators, approving what it shows now. */
export function ReferencePicture({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const why = useWhy();
  const { role } = useCurrentSession().account;
  const approve = useMutation({
    mutationFn: () => ask<Camera>(`/cameras/${encodeURIComponent(camera.id)}/reference`, { method: 'POST' }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.cameras }),
        client.invalidateQueries({ queryKey: keys.camera(camera.id) }),
      ]),
  });
  const { reference } = camera;
  return (
    <section className="reference" aria-label={t('reference.title')}>
      <h3>{t('reference.title')}</h3>
      {reference === null ? (
        <p>{t('reference.none')}</p>
      ) : (
        <div className="reference-approved">
          {reference.url !== null && (
            <Picture url={reference.url} alt={t('reference.alt')} width={320} height={180} small={640} />
          )}
          <p>
            {t('reference.by', { who: reference.approvedBy ?? '—' })}
            <br />
            <Moment at={reference.approvedAt} />
          </p>
        </div>
      )}
      {role === 'operator' && (
        <p className="reference-approve">
          <Button
            loading={approve.isPending}
            disabled={camera.picture === null}
            onClick={() => approve.mutate()}
          >
            {t('reference.approve')}
          </Button>
          <span className="coverage-hint">{t('reference.hint')}</span>
        </p>
      )}
      {approve.isError && (
        <p className="camera-fault-error" role="alert">
          {why(approve.error)}
        </p>
      )}
    </section>
  );
}
