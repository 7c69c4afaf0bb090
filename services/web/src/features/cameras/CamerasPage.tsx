import { Button, Input } from 'antd';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { MERCHANT_ROLES } from '../../api/account-types.ts';
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
import { RegionFilter } from '../../ui/RegionFilter.tsx';
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

/** What else narrows the list: why (from the operator's page), only those in use, where, and a part of the name or code. */
interface Narrowed {
  cause?: string | undefined;
  enabled?: 'true' | undefined;
  /** Codes. */
  region?: string | undefined;
  merchant?: string | undefined;
  search?: string | undefined;
}

const filterOf = (cut: Cut) => (cut === 'faulty' || cut === 'awaiting' ? { [cut]: 'true' } : { state: cut });

const addressOf = (cut: Cut, narrowed: Narrowed, id?: string): string =>
  `/cameras${id === undefined ? '' : `/${encodeURIComponent(id)}`}${query({ ...filterOf(cut), ...narrowed })}`;

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
    region: search.get('region') ?? undefined,
    merchant: search.get('merchant') ?? undefined,
    search: search.get('search') ?? undefined,
  };
  const narrow = (change: Narrowed) =>
    navigate(addressOf(cut, { ...narrowed, ...change }), { replace: true });
  const any = cut !== undefined || Object.values(narrowed).some((value) => value !== undefined);
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
              onClick={() => navigate(addressOf(one, { ...narrowed, cause: undefined }))}
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
          <button type="button" className="chip" aria-pressed onClick={() => narrow({ cause: undefined })}>
            {causeText(t, narrowed.cause)} ×
          </button>
        )}
        {narrowed.merchant !== undefined && (
          <button type="button" className="chip" aria-pressed onClick={() => narrow({ merchant: undefined })}>
            {t('taskFilter.merchant', { code: narrowed.merchant })} ×
          </button>
        )}
        {!MERCHANT_ROLES.includes(role) && (
          <>
            <RegionFilter value={narrowed.region} onChange={(region) => narrow({ region })} />
            <Input.Search
              allowClear
              className="cameras-search"
              defaultValue={narrowed.search ?? ''}
              placeholder={t('cameras.search')}
              aria-label={t('cameras.search')}
              onSearch={(text) => narrow({ search: text.trim() || undefined })}
            />
          </>
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
        <Note title={t(any ? 'cameras.emptyFiltered' : 'cameras.empty')}>
          {!any && <p>{t('cameras.emptyHint')}</p>}
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
                  : addressOf(cut, narrowed, camera.id)
              }
            />
          ))}
        </ul>
      )}
      <More list={list} />
      <CameraDrawer
        id={opened}
        known={list.items.find((camera) => camera.id === opened)}
        onClose={() => navigate(addressOf(cut, narrowed))}
      />
    </div>
  );
}
