import { useQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { MERCHANT_ROLES } from '../../api/account-types.ts';
import type { Camera } from '../../api/camera-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { Age, Moment } from '../../ui/Times.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { CameraFaults } from './CameraFaults.tsx';
import { CameraPicture } from './CameraPicture.tsx';
import { CameraPrecision } from './CameraPrecision.tsx';
import { CameraTag } from './CameraTag.tsx';
import { CoverageToday } from './CoverageToday.tsx';
import { causeText } from './cause.ts';
import { ReferencePicture } from './ReferencePicture.tsx';
import '../../ui/facts.css';

interface CameraDrawerProps {
  id: string | undefined;
  /** The camera as the list knows it; the API is asked when the list does not hold it. */
  known: Camera | undefined;
  onClose: () => void;
}

export function CameraDrawer({ id, known, onClose }: CameraDrawerProps) {
  const { t } = useTranslation();
  const phone = usePhone();
  const asked = useQuery({
    queryKey: keys.camera(id ?? ''),
    queryFn: ({ signal }) => ask<Camera>(`/cameras/${encodeURIComponent(id ?? '')}`, { signal }),
    enabled: id !== undefined && known === undefined,
  });
  const camera = known ?? asked.data;
  return (
    <Drawer
      open={id !== undefined}
      onClose={onClose}
      title={camera?.name ?? t('cameras.details')}
      size={phone ? '100%' : 560}
      closable={{ 'aria-label': t('cameras.close') }}
      destroyOnHidden
    >
      {camera !== undefined ? (
        <Details camera={camera} />
      ) : asked.isError ? (
        <Failure what="cameras" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Bones lines={8} />
      )}
    </Drawer>
  );
}

function Details({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const { status } = camera;
  const { role } = useCurrentSession().account;
  return (
    <div className="camera-details">
      <CameraPicture camera={camera} eager />
      <dl className="facts">
        <dt>{t('tasks.state')}</dt>
        <dd>
          <CameraTag state={status.state} />{' '}
          {status.stateSince !== null && (
            <>
              {t('cameras.since')} <Moment at={status.stateSince} />
            </>
          )}
        </dd>
        {status.cause !== '' && (
          <>
            <dt>{t('cameras.cause')}</dt>
            <dd>{causeText(t, status.cause)}</dd>
          </>
        )}
        <dt>{t('facts.merchant')}</dt>
        <dd>{camera.merchant.name}</dd>
        <dt>{t('facts.zone')}</dt>
        <dd>
          {t(`zone.${camera.zone.kind}`)} · {camera.zone.name}
        </dd>
        <dt>{t('cameras.code')}</dt>
        <dd>{camera.code}</dd>
        <dt>{t('cameras.lastFrame')}</dt>
        <dd>{status.lastFrameAt === null ? '—' : <Age at={status.lastFrameAt} />}</dd>
        <dt>{t('cameras.source')}</dt>
        <dd>{camera.source.toUpperCase()}</dd>
        <dt>{t('cameras.resolution')}</dt>
        <dd className="num">
          {status.width === null ? '—' : `${status.width} × ${status.height}`}
          {status.codec !== null && ` · ${status.codec.toUpperCase()}`}
        </dd>
        <dt>{t('cameras.interval')}</dt>
        <dd className="num">{t('cameras.seconds', { count: camera.lookIntervalS })}</dd>
      </dl>
      {role === 'operator' && (
        <p>
          <Link to={`/cameras/${camera.id}/setup`}>{t('onboard.setUp')} →</Link>
        </p>
      )}
      <CameraFaults camera={camera} />
      <CoverageToday code={camera.code} />
      <ReferencePicture camera={camera} />
      {!MERCHANT_ROLES.includes(role) && role !== 'cadre' && <CameraPrecision code={camera.code} />}
      <p>
        <Link to={`/findings?state=all&camera=${encodeURIComponent(camera.code)}`}>
          {t('cameras.findings')}
        </Link>
      </p>
    </div>
  );
}
