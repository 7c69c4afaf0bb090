import { CheckCircleFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { steadyUrl } from '../../api/steady-url.ts';
import { navigate, useRoute } from '../../app/router.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { CameraTag } from '../cameras/CameraTag.tsx';
import { ConnectStep } from './ConnectStep.tsx';
import { DrawStep } from './DrawStep.tsx';
import { NoticeStep } from './NoticeStep.tsx';
import { PictureStep } from './PictureStep.tsx';
import { RulesStep } from './RulesStep.tsx';
import { isDone, NEEDED, STEPS, type Step, stepAddress } from './steps.ts';
import { useProbe } from './use-probe.ts';
import './lists.css';
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
    wanted ?? (camera === undefined ? 'connect' : (NEEDED.find((one) => !isDone(one, camera)) ?? 'draw'));
  const referenceUrl = camera?.reference?.url ?? null;
  const reference = referenceUrl === null ? undefined : steadyUrl(referenceUrl);
  // On a phone the steps are wider than the screen: the one that is open is brought into sight.
  const steps = useRef<HTMLOListElement>(null);
  const isThere = camera !== undefined;
  useEffect(() => {
    const here = isThere ? steps.current?.children[STEPS.indexOf(step)] : undefined;
    if (here instanceof HTMLElement) steps.current?.scrollTo({ left: here.offsetLeft - 48 });
  }, [step, isThere]);
  const begun = useRef(false);
  const now = search.get('test') === 'now';
  useEffect(() => {
    if (!now || begun.current || camera === undefined) return;
    begun.current = true;
    test.start({ merchant: camera.merchant.code, camera: camera.code });
  }, [now, camera, test.start]);
  // The address names the step from here on: what happens to the camera meanwhile does not turn the page.
  const isNamed = wanted !== undefined;
  useEffect(() => {
    if (isThere && !isNamed) navigate(stepAddress(id, step), { replace: true });
  }, [isThere, isNamed, id, step]);
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
  const url = test.probe?.picture?.url ?? reference;
  const picture = url === undefined ? undefined : { url, alt: t('onboard.probe.picture') };
  return (
    <div className="page onboard">
      <div className="page-head">
        <Link to="/cameras" className="back">
          ← {t('cameras.title')}
        </Link>
        <h1>{camera.name}</h1>
        <CameraTag state={camera.status.state} />
        <span className={camera.enabled && !camera.awaitsApproval ? 'tag tag-good' : 'tag tag-warn'}>
          {t(
            !camera.enabled
              ? 'onboard.switchedOff'
              : camera.awaitsApproval
                ? 'onboard.awaiting'
                : 'onboard.inService',
          )}
        </span>
        <span className="onboard-hint">
          {camera.merchant.name} · {t(`zone.${camera.zone.kind}`)} · {camera.code}
        </span>
      </div>
      <nav aria-label={t('onboard.steps')}>
        <ol className="steps" ref={steps}>
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
      {step === 'notice' && <NoticeStep camera={camera} />}
      {(step === 'draw' || step === 'rules') &&
        (picture === undefined ? (
          <section className="onboard-step">
            <p>{t('onboard.needPicture')}</p>
            <Link to={stepAddress(id, 'picture')}>{t('onboard.toPicture')} →</Link>
          </section>
        ) : step === 'draw' ? (
          <DrawStep camera={camera} picture={picture} />
        ) : (
          <RulesStep camera={camera} picture={picture} />
        ))}
    </div>
  );
}
