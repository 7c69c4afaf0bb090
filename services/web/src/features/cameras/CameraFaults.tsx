import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { MERCHANT_ROLES, type Role } from '../../api/account-types.ts';
import type { Camera, CameraFault } from '../../api/camera-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Moment } from '../../ui/Times.tsx';
import { causeText } from './cause.ts';

const MAY_ACKNOWLEDGE: readonly Role[] = [
  'operator',
  'inspector',
  'station_head',
  'field_inspector',
  'cadre',
  ...MERCHANT_ROLES,
];

/** The open device tickets of a camera. They close by themselves; a person only says that somebody sees to it. */
export function CameraFaults({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const { role } = useCurrentSession().account;
  if (camera.faults.length === 0) return null;
  return (
    <section className="camera-faults" aria-label={t('cameras.faults')}>
      <h3>{t('cameras.faults')}</h3>
      <ul>
        {camera.faults.map((fault) => (
          <li key={fault.id}>
            <span className="tag tag-warn">{t(`fault.${fault.kind}`)}</span>
            <span>
              {causeText(t, fault.cause)}
              {fault.muted && ` · ${t('cameras.muted')}`}
            </span>
            <span className="camera-fault-since">
              {t('cameras.since')} <Moment at={fault.since} />
            </span>
            {fault.acknowledgedAt !== null ? (
              <span className="tag">{t('cameras.acknowledged')}</span>
            ) : (
              MAY_ACKNOWLEDGE.includes(role) && <Acknowledge fault={fault} camera={camera} />
            )}
          </li>
        ))}
      </ul>
      <p className="coverage-hint">{t('cameras.faultsHint')}</p>
    </section>
  );
}

function Acknowledge({ fault, camera }: { fault: CameraFault; camera: Camera }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const why = useWhy();
  const acknowledge = useMutation({
    mutationFn: () => ask(`/camera-faults/${fault.id}/acknowledge`, { method: 'POST' }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.cameras }),
        client.invalidateQueries({ queryKey: keys.camera(camera.id) }),
      ]),
  });
  return (
    <>
      <Button size="small" loading={acknowledge.isPending} onClick={() => acknowledge.mutate()}>
        {t('cameras.acknowledge')}
      </Button>
      {acknowledge.isError && (
        <span className="camera-fault-error" role="alert">
          {why(acknowledge.error)}
        </span>
      )}
    </>
  );
}
