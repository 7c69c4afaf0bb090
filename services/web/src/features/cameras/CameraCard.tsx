import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { Link } from '../../ui/Link.tsx';
import { Age } from '../../ui/Times.tsx';
import { CameraPicture } from './CameraPicture.tsx';
import { CameraTag } from './CameraTag.tsx';
import { causeText } from './cause.ts';

/** The gravest thing first: what the camera cannot see, and since when. Its state says already that it is offline or frozen. */
function FaultLine({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const shown = camera.faults.filter(({ kind }) => kind !== camera.status.state);
  const first = shown[0];
  if (first === undefined) return null;
  return (
    <p className="camera-fault">
      {shown.map((fault) => (
        <span key={fault.id} className="tag tag-warn">
          {t(`fault.${fault.kind}`)}
        </span>
      ))}
      <span className="camera-fault-since">
        {t('cameras.since')} <Age at={first.since} />
      </span>
    </p>
  );
}

export function CameraCard({ camera, address }: { camera: Camera; address: string }) {
  const { t } = useTranslation();
  const { status } = camera;
  return (
    <li className="camera">
      <Link to={address} className="camera-link">
        <CameraPicture camera={camera} />
        <div className="camera-text">
          <div className="camera-title">
            <b>{camera.name}</b>
            <CameraTag state={status.state} />
            {camera.awaitsApproval && <span className="tag tag-warn">{t('onboard.awaiting')}</span>}
          </div>
          <p className="camera-where">
            {camera.merchant.name} · {t(`zone.${camera.zone.kind}`)}
          </p>
          <FaultLine camera={camera} />
          <p className={`camera-cause camera-cause-${status.state}`}>
            {status.state !== 'online' && status.cause !== '' && <span>{causeText(t, status.cause)}</span>}
            {status.state !== 'online' && status.stateSince !== null && (
              <span>
                {t('cameras.since')} <Age at={status.stateSince} />
              </span>
            )}
          </p>
        </div>
      </Link>
    </li>
  );
}
