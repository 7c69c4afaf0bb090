import { Button } from 'antd';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { CAMERA_STATES, type CameraState } from '../../api/types.ts';
import { usePages } from '../../api/use-pages.ts';
import { navigate, useRoute } from '../../app/router.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { LiveGate } from '../live/LiveGate.tsx';
import { CameraCard } from './CameraCard.tsx';
import { CameraDrawer } from './CameraDrawer.tsx';
import { causeText } from './cause.ts';
import './cameras.css';

const AddCameras = lazy(async () => ({ default: (await import('../onboard/AddCameras.tsx')).AddCameras }));
const CameraSetup = lazy(async () => ({ default: (await import('../onboard/CameraSetup.tsx')).CameraSetup }));

/** Milliseconds between new pictures. */
const PICTURES_MS = 15_000;

/** What the list is cut down to: a state, or the cameras with an open device ticket. */
type Cut = CameraState | 'faulty' | 'awaiting' | undefined;

/** What the operator's page asks for besides the state: why, and only those that are in use. */
interface Narrowed {
  cause: string | undefined;
  enabled: 'true' | undefined;
}

const filterOf = (cut: Cut) => (cut === 'faulty' || cut === 'awaiting' ? { [cut]: 'true' } : { state: cut });

const addressOf = (cut: Cut, id?: string, narrowed?: Narrowed): string => {
  const filter = query({ ...filterOf(cut), cause: narrowed?.cause, enabled: narrowed?.enabled });
  return `/cameras${id === undefined ? '' : `/${encodeURIComponent(id)}`}${filter}`;
};

/** The list; for operators also the page that adds cameras (`/cameras/new`) and the one that sets one up (`/cameras/ID/setup`). */
export function CamerasPage() {
  const { segments } = useRoute();
  const { role } = useCurrentSession().account;
  const [, id, page] = segments;
  if (role === 'operator' && id === 'new') return <AddCameras />;
  if (role === 'operator' && id !== undefined && page === 'setup') return <CameraSetup key={id} id={id} />;
  return <CameraList />;
}

function CameraList() {
  const { t } = useTranslation();
  const { segments, search } = useRoute();
  const { role } = useCurrentSession().account;
  const cut: Cut =
    (['faulty', 'awaiting'] as const).find((one) => search.get(one) === 'true') ??
    CAMERA_STATES.find((known) => known === search.get('state'));
  const cuts = role === 'operator' ? (['faulty', 'awaiting'] as const) : (['faulty'] as const);
  const narrowed: Narrowed = {
    cause: search.get('cause') ?? undefined,
    enabled: search.get('enabled') === 'true' ? 'true' : undefined,
  };
  const list = usePages<Camera>({
    key: keys.cameras,
    path: '/cameras',
    filter: { ...filterOf(cut), ...narrowed },
    refetchInterval: PICTURES_MS,
  });
  const opened = segments[1];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('cameras.title')}</h1>
        <fieldset className="chips" aria-label={t('filter.state')}>
          {[undefined, ...cuts, ...CAMERA_STATES].map((one) => (
            <button
              key={one ?? 'all'}
              type="button"
              className="chip"
              aria-pressed={one === cut}
              onClick={() => navigate(addressOf(one))}
            >
              {one === undefined
                ? t('filter.all')
                : one === 'faulty'
                  ? t('cameras.faulty')
                  : one === 'awaiting'
                    ? t('onboard.waitingOnly')
                    : t(`cameraState.${one}`)}
            </button>
          ))}
        </fieldset>
        {narrowed.cause !== undefined && (
          <button type="button" className="chip" aria-pressed onClick={() => navigate(addressOf(cut))}>
            {causeText(t, narrowed.cause)} ×
          </button>
        )}
        {role === 'operator' && (
          <Button type="primary" onClick={() => navigate('/cameras/new')}>
            {t('onboard.add')}
          </Button>
        )}
      </div>
      <LiveGate />
      {list.isRefetchError && <StaleStrip since={list.dataUpdatedAt} onRetry={() => void list.refetch()} />}
      {list.isPending ? (
        <Bones lines={8} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="cameras" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t(cut === undefined ? 'cameras.empty' : 'cameras.emptyFiltered')}>
          {cut === undefined && <p>{t('cameras.emptyHint')}</p>}
        </Note>
      ) : (
        <ul className="camera-grid">
          {list.items.map((camera) => (
            <CameraCard
              key={camera.id}
              camera={camera}
              address={
                cut === 'awaiting'
                  ? `/cameras/${camera.id}/setup?test=now`
                  : addressOf(cut, camera.id, narrowed)
              }
            />
          ))}
        </ul>
      )}
      <More list={list} />
      <CameraDrawer
        id={opened}
        known={list.items.find((camera) => camera.id === opened)}
        onClose={() => navigate(addressOf(cut, undefined, narrowed))}
      />
    </div>
  );
}
