import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Zone } from '../api/camera-types.ts';
import { ask } from '../api/client.ts';
import { keys } from '../api/keys.ts';
import { ZONE_KINDS, type ZoneKind } from '../api/types.ts';
import { Choice } from './Choice.tsx';
import { useWhy } from './Failure.tsx';
import './new-zone.css';

interface NewZoneProps {
  /** Code. */
  merchant: string;
  /** Codes of the zones that it has. */
  taken: readonly string[];
  onMade?: (code: string) => void;
}

/** A further zone of a merchant: what it is for and, if it has one, its name. */
export function NewZone({ merchant, taken, onMade }: NewZoneProps) {
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
      await client.invalidateQueries({ queryKey: keys.zones(merchant) });
      setName('');
      onMade?.(zone.code);
    },
  });
  return (
    <fieldset className="new-zone" aria-label={t('newZone.add')}>
      <Choice
        label={t('newZone.kind')}
        value={kind}
        options={ZONE_KINDS.map((one) => ({ value: one, label: t(`zone.${one}`) }))}
        onChange={(value) => setKind(value as ZoneKind)}
      />
      <Input
        id={`${id}-name`}
        aria-label={t('newZone.name')}
        placeholder={t('newZone.name')}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button loading={add.isPending} onClick={() => add.mutate()}>
        {t('newZone.save')}
      </Button>
      {add.isError && (
        <p className="bad" role="alert">
          {why(add.error)}
        </p>
      )}
    </fieldset>
  );
}
