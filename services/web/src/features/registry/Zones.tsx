import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Zone } from '../../api/camera-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useZones } from '../../api/use-zones.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure, useWhy } from '../../ui/Failure.tsx';
import { NewZone } from '../../ui/NewZone.tsx';
import { trimmed } from '../../ui/trimmed.ts';
import { useFields } from '../../ui/use-fields.ts';
import { useMayRegister } from './use-registry.ts';

/** 功能区 of a merchant: rules differ by what a zone is for. */
export function Zones({ merchant }: { merchant: string }) {
  const { t } = useTranslation();
  const mayWrite = useMayRegister();
  const zones = useZones(merchant);
  return (
    <section className="registry-zones" aria-label={t('registry.zones')}>
      <h3>{t('registry.zones')}</h3>
      {zones.isError ? (
        <Failure what="registry" error={zones.error} onRetry={() => void zones.refetch()} />
      ) : zones.isPending ? (
        <Bones lines={2} />
      ) : (
        <>
          {zones.data.length === 0 && <p className="registry-quiet">{t('registry.noZones')}</p>}
          <ul>
            {zones.data.map((zone) => (
              <ZoneRow key={zone.id} zone={zone} merchant={merchant} mayWrite={mayWrite} />
            ))}
          </ul>
          {mayWrite && <NewZone merchant={merchant} taken={zones.data.map(({ code }) => code)} />}
        </>
      )}
    </section>
  );
}

function ZoneRow({ zone, merchant, mayWrite }: { zone: Zone; merchant: string; mayWrite: boolean }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const { typed, set, changed } = useFields(zone, (one) => ({ name: one.name }));
  const onSuccess = () => client.invalidateQueries({ queryKey: keys.zones(merchant) });
  const rename = useMutation({
    mutationFn: () => ask<Zone>(`/zones/${zone.id}`, { method: 'PATCH', body: trimmed(changed) }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: () => ask<null>(`/zones/${zone.id}`, { method: 'DELETE' }),
    onSuccess,
  });
  const error = rename.error ?? remove.error;
  return (
    <li className="registry-zone">
      <span className="tag">{t(`zone.${zone.kind}`)}</span>
      {mayWrite ? (
        <>
          <Input
            aria-label={t('registry.zoneName', { name: zone.name })}
            value={typed.name}
            maxLength={200}
            onChange={({ target }) => set({ name: target.value })}
          />
          <Button
            disabled={typed.name.trim() === '' || typed.name.trim() === zone.name}
            loading={rename.isPending}
            onClick={() => rename.mutate()}
          >
            {t('registry.rename')}
          </Button>
          <Popconfirm
            title={t('registry.removeZoneAsk')}
            okText={t('registry.remove')}
            cancelText={t('registry.keep')}
            onConfirm={() => remove.mutate()}
          >
            <Button type="text" danger aria-label={t('registry.removeZone', { name: zone.name })}>
              {t('registry.remove')}
            </Button>
          </Popconfirm>
        </>
      ) : (
        <span>{zone.name}</span>
      )}
      {error !== null && (
        <p className="bad" role="alert">
          {why(error)}
        </p>
      )}
    </li>
  );
}
