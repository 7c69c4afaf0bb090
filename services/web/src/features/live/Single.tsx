import { CameraOutlined, CloseOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { CameraTag } from '../cameras/CameraTag.tsx';
import { causeText } from '../cameras/cause.ts';
import { LivePicture } from './LivePicture.tsx';
import { SnapshotDrawer } from './SnapshotDrawer.tsx';
import { LiveVideo } from './video/LiveVideo.tsx';
import type { Play } from './video/live-state.ts';
import { playLive } from './video/play-live.ts';

interface SingleProps {
  camera: Camera;
  answeredMs: number;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
}

/** Keys belong to what is written in; Enter and the space bar stay with the buttons. */
const isTaken = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [role="dialog"]') !== null;

/** One camera large. ← → the wall's next one, S a snapshot, Esc back to the wall. */
export function Single({ camera, answeredMs, onStep, onClose }: SingleProps) {
  const { t } = useTranslation();
  const { role } = useCurrentSession().account;
  // The moment that was on the screen, where there is video; else the last picture is taken.
  const [snapping, setSnapping] = useState<{ atMs: number | undefined }>();
  const moment = useRef<(() => number | undefined) | undefined>(undefined);
  const shoot = (): void => setSnapping({ atMs: moment.current?.() });
  const [reported, setReported] = useState('');
  const maySnap = role !== 'director';
  const snap = maySnap && camera.picture !== null;
  const keys = useRef<Record<string, () => void>>({});
  useEffect(() => {
    keys.current = {
      arrowleft: () => onStep(-1),
      arrowright: () => onStep(1),
      escape: onClose,
      ...(snap && { s: shoot }),
    };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || isTaken(event)) return;
      const act = keys.current[event.key.toLowerCase()];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  const { id } = camera;
  const hasSub = camera.rtspSubHost !== null;
  const play = useCallback<Play>((video, onState) => playLive(video, { id, hasSub }, onState), [id, hasSub]);
  const { state, cause } = camera.status;
  return (
    <section className="live-single" aria-label={camera.name}>
      <div className="live-single-head">
        <h2>
          {camera.merchant.name} · {camera.name}
        </h2>
        <CameraTag state={state} />
        {state !== 'online' && cause !== '' && <span className="bad">{causeText(t, cause)}</span>}
        <span className="live-said" role="status">
          {reported}
        </span>
        <span className="live-single-tools">
          <Button icon={<LeftOutlined />} aria-label={t('wall.before')} onClick={() => onStep(-1)} />
          <Button icon={<RightOutlined />} aria-label={t('wall.next')} onClick={() => onStep(1)} />
          {maySnap && (
            <Button type="primary" icon={<CameraOutlined />} disabled={!snap} onClick={shoot}>
              {t('wall.snapshot')} <kbd aria-hidden>S</kbd>
            </Button>
          )}
          <Button icon={<CloseOutlined />} onClick={onClose}>
            {t('wall.back')}
          </Button>
        </span>
      </div>
      {camera.source === 'rtsp' ? (
        <LiveVideo key={camera.id} camera={camera} answeredMs={answeredMs} play={play} moment={moment} />
      ) : (
        <LivePicture key={camera.id} camera={camera} answeredMs={answeredMs} />
      )}
      {snapping !== undefined && (
        <SnapshotDrawer
          camera={camera}
          atMs={snapping.atMs}
          onClose={() => setSnapping(undefined)}
          onDone={(kind) => {
            setSnapping(undefined);
            setReported(t('deskReport.done', { kind }));
          }}
        />
      )}
    </section>
  );
}
