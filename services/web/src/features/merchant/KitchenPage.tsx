import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { keys } from '../../api/keys.ts';
import { usePages } from '../../api/use-pages.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { More } from '../../ui/More.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { Moment } from '../../ui/Times.tsx';
import { CameraTag } from '../cameras/CameraTag.tsx';
import { causeText } from '../cameras/cause.ts';
import { helpFor } from './camera-help.ts';
import './merchant.css';
import { NotSent } from '../../offline/NotSent.tsx';
import { useSending } from '../../offline/use-outbox.ts';
import { PublicState } from './PublicState.tsx';

/** The merchant's own kitchen: what the public sees of it, which cameras see, and what to check when one does not. */
export function KitchenPage() {
  const { t } = useTranslation();
  useSending();
  const list = usePages<Camera>({ key: keys.cameras, path: '/cameras', refetchInterval: 60_000 });
  return (
    <div className="page merchant">
      <div className="page-head">
        <h1>{t('nav.kitchen')}</h1>
      </div>
      {list.isRefetchError && <StaleStrip since={list.dataUpdatedAt} onRetry={() => void list.refetch()} />}
      <NotSent />
      <PublicState />
      <section aria-label={t('merchant.cameras')}>
        <h2>{t('merchant.cameras')}</h2>
        <p className="quiet">{t('merchant.neverViolation')}</p>
        {list.isPending ? (
          <Bones lines={6} />
        ) : list.isError && list.items.length === 0 ? (
          <Failure what="cameras" error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <ul className="kitchen-cameras">
            {list.items.map((camera) => (
              <CameraLine key={camera.id} camera={camera} />
            ))}
          </ul>
        )}
        <More list={list} />
      </section>
    </div>
  );
}

function CameraLine({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const { status, faults } = camera;
  const fault = faults[0];
  const cause = fault?.cause ?? status.cause;
  const help = status.state === 'online' && fault === undefined ? null : helpFor(fault?.kind, status);
  return (
    <li className="kitchen-camera">
      <p>
        <b>{camera.name}</b> <CameraTag state={status.state} />
        {fault !== undefined && fault.kind !== 'offline' && (
          <span className="tag tag-warn">{t(`fault.${fault.kind}`)}</span>
        )}
      </p>
      {cause !== '' && <p>{causeText(t, cause)}</p>}
      {status.lastFrameAt !== null && (
        <p className="quiet">
          {t('merchant.lastPicture')} <Moment at={status.lastFrameAt} />
        </p>
      )}
      {help !== null && (
        <details className="camera-help">
          <summary>{t('merchant.whatToCheck')}</summary>
          <ol>
            {help.map((step) => (
              <li key={step}>{t(`merchant.check.${step}`)}</li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}
