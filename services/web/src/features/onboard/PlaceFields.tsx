import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Zone } from '../../api/camera-types.ts';
import { ask, query } from '../../api/client.ts';
import { type Page, ZONE_KINDS, type ZoneKind } from '../../api/types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { MerchantPicker } from './MerchantPicker.tsx';

interface PlaceFieldsProps {
  /** Codes; empty: none is chosen. */
  merchant: string;
  zone: string;
  onChange: (place: { merchant: string; zone: string }) => void;
}

export function useZones(merchant: string) {
  return useQuery({
    queryKey: ['zones', merchant],
    queryFn: ({ signal }) => ask<Page<Zone>>(`/zones${query({ merchant, limit: 200 })}`, { signal }),
    enabled: merchant !== '',
  });
}

/** Merchant and zone; a zone that is not there yet is added beside it. */
export function PlaceFields({ merchant, zone, onChange }: PlaceFieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  const zones = useZones(merchant);
  const items = zones.data?.items ?? [];
  const [adding, setAdding] = useState(false);
  const showAdd = merchant !== '' && (adding || (zones.isSuccess && items.length === 0));
  return (
    <div className="onboard-fields">
      <div className="onboard-field onboard-wide">
        <label htmlFor={`${id}-merchant`}>{t('facts.merchant')}</label>
        <MerchantPicker
          id={`${id}-merchant`}
          value={merchant}
          onChange={(code) => {
            setAdding(false);
            onChange({ merchant: code, zone: '' });
          }}
        />
      </div>
      <div className="onboard-field onboard-wide">
        <label htmlFor={`${id}-zone`}>{t('facts.zone')}</label>
        <div className="onboard-with-button">
          <select
            id={`${id}-zone`}
            className="onboard-select"
            value={zone}
            disabled={merchant === ''}
            onChange={(event) => onChange({ merchant, zone: event.target.value })}
          >
            <option value="" disabled>
              {t('onboard.zoneHint')}
            </option>
            {items.map((one) => (
              <option key={one.id} value={one.code}>
                {t(`zone.${one.kind}`)} · {one.name}
              </option>
            ))}
          </select>
          <Button disabled={merchant === ''} aria-expanded={showAdd} onClick={() => setAdding(!adding)}>
            {t('onboard.addZone')}
          </Button>
        </div>
      </div>
      {showAdd && (
        <NewZone
          merchant={merchant}
          taken={items.map(({ code }) => code)}
          onMade={(code) => {
            setAdding(false);
            onChange({ merchant, zone: code });
          }}
        />
      )}
    </div>
  );
}

function NewZone({
  merchant,
  taken,
  onMade,
}: {
  merchant: string;
  taken: string[];
  onMade: (code: string) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const why = useWhy();
  const client = useQueryClient();
  const [kind, setKind] = useState<ZoneKind>('cooking');
  const [name, setName] = useState('');
  const add = useMutation({
    mutationFn: () => {
      const number = Array.from({ length: taken.length + 1 }, (_, i) => `z${i + 1}`);
      const code = number.find((one) => !taken.includes(one)) ?? `z${taken.length + 2}`;
      return ask<Zone>('/zones', {
        method: 'POST',
        body: { merchant, code, kind, name: name.trim() || t(`zone.${kind}`) },
      });
    },
    async onSuccess(zone) {
      await client.invalidateQueries({ queryKey: ['zones', merchant] });
      onMade(zone.code);
    },
  });
  return (
    <fieldset className="onboard-new-zone onboard-wide" aria-label={t('onboard.addZone')}>
      <select
        className="onboard-select"
        aria-label={t('onboard.zoneKind')}
        value={kind}
        onChange={(event) => setKind(event.target.value as ZoneKind)}
      >
        {ZONE_KINDS.map((one) => (
          <option key={one} value={one}>
            {t(`zone.${one}`)}
          </option>
        ))}
      </select>
      <Input
        id={`${id}-name`}
        aria-label={t('onboard.zoneName')}
        placeholder={t('onboard.zoneName')}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button loading={add.isPending} onClick={() => add.mutate()}>
        {t('onboard.saveZone')}
      </Button>
      {add.isError && (
        <p className="bad" role="alert">
          {why(add.error)}
        </p>
      )}
    </fieldset>
  );
}
