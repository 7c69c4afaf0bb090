import { CheckCircleFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Camera } from '../../api/types.ts';
import { useRoute } from '../../app/router.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { CameraTag } from '../cameras/CameraTag.tsx';
import { ConnectStep } from './ConnectStep.tsx';
import { PictureStep } from './PictureStep.tsx';
import { isDone, STEPS, type Step, stepAddress } from './steps.ts';
import { useProbe } from './use-probe.ts';
import './onboard.css';

/** The camera's state changes by itself while it is set up. */
const EVERY_MS = 5_000;

/** One camera from its address to service, step by step; each step has an address of its own. */
export function CameraSetup({ id }: { id: string }) {
  const { t } = useTranslation();
  const { search } = useRoute();
  const test = useProbe();
  const asked = useQuery({
    queryKey: keys.camera(id),
    queryFn: ({ signal }) => ask<Camera>(`/cameras/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: EVERY_MS,
  });
  const camera = asked.data;
  const wanted = STEPS.find((step) => step === search.get('step'));
  const step: Step =
    wanted ?? (camera === undefined ? 'connect' : (STEPS.find((one) => !isDone(one, camera)) ?? 'connect'));
  const begun = useRef(false);
  const now = search.get('test') === 'now';
  useEffect(() => {
    if (!now || begun.current || camera === undefined) return;
    begun.current = true;
    test.start({ merchant: camera.merchant.code, camera: camera.code });
  }, [now, camera, test.start]);
  if (camera === undefined) {
    return (
      <div className="page onboard">
        {asked.isError ? (
          <Failure what="cameras" error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Bones lines={10} />
        )}
      </div>
    );
  }
  return (
    <div className="page onboard">
      <div className="page-head">
        <Link to="/cameras" className="back">
          ← {t('cameras.title')}
        </Link>
        <h1>{camera.name}</h1>
        <CameraTag state={camera.status.state} />
        <span className={camera.awaitsApproval ? 'tag tag-warn' : 'tag tag-good'}>
          {t(camera.awaitsApproval ? 'onboard.awaiting' : 'onboard.inService')}
        </span>
        <span className="onboard-hint">
          {camera.merchant.name} · {t(`zone.${camera.zone.kind}`)} · {camera.code}
        </span>
      </div>
      <nav aria-label={t('onboard.steps')}>
        <ol className="steps">
          {STEPS.map((one, i) => (
            <li key={one}>
              <Link
                to={stepAddress(id, one)}
                className="step"
                aria-current={one === step ? 'step' : undefined}
              >
                <span className={isDone(one, camera) ? 'step-mark step-done' : 'step-mark'}>
                  {isDone(one, camera) ? <CheckCircleFilled aria-label={t('onboard.done')} /> : i + 1}
                </span>
                {t(`onboard.step.${one}`)}
              </Link>
            </li>
          ))}
        </ol>
      </nav>
      {step === 'connect' && <ConnectStep camera={camera} test={test} />}
      {step === 'picture' && <PictureStep camera={camera} test={test} />}
    </div>
  );
}
