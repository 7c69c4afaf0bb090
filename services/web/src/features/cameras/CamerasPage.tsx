import { useTranslation } from 'react-i18next';
import { query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { CAMERA_STATES, type Camera, type CameraState } from '../../api/types.ts';
import { usePages } from '../../api/use-pages.ts';
import { navigate, useRoute } from '../../app/router.ts';
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

/** Milliseconds between new pictures. */
const PICTURES_MS = 15_000;

/** What the list is cut down to: a state, or the cameras with an open device ticket. */
type Cut = CameraState | 'faulty' | undefined;

/** What the operator's page asks for besides the state: why, and only those that are in use. */
interface Narrowed {
  cause: string | undefined;
  enabled: 'true' | undefined;
}

const addressOf = (cut: Cut, id?: string, narrowed?: Narrowed): string => {
  const filter = query({
    ...(cut === 'faulty' ? { faulty: 'true' } : { state: cut }),
    cause: narrowed?.cause,
    enabled: narrowed?.enabled,
  });
  return `/cameras${id === undefined ? '' : `/${encodeURIComponent(id)}`}${filter}`;
};

export function CamerasPage() {
  const { t } = useTranslation();
  const { segments, search } = useRoute();
  const cut: Cut =
    search.get('faulty') === 'true' ? 'faulty' : CAMERA_STATES.find((known) => known === search.get('state'));
  const narrowed: Narrowed = {
    cause: search.get('cause') ?? undefined,
    enabled: search.get('enabled') === 'true' ? 'true' : undefined,
  };
  const list = usePages<Camera>({
    key: keys.cameras,
    path: '/cameras',
    filter: { ...(cut === 'faulty' ? { faulty: 'true' } : { state: cut }), ...narrowed },
    refetchInterval: PICTURES_MS,
  });
  const opened = segments[1];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('cameras.title')}</h1>
        <fieldset className="chips" aria-label={t('filter.state')}>
          {([undefined, 'faulty', ...CAMERA_STATES] as const).map((one) => (
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
                  : t(`cameraState.${one}`)}
            </button>
          ))}
        </fieldset>
        {narrowed.cause !== undefined && (
          <button type="button" className="chip" aria-pressed onClick={() => navigate(addressOf(cut))}>
            {causeText(t, narrowed.cause)} ×
          </button>
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
            <CameraCard key={camera.id} camera={camera} address={addressOf(cut, camera.id, narrowed)} />
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
