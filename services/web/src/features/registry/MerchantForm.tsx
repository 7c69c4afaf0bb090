import { Input, Select } from 'antd';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Merchant } from '../../api/registry-types.ts';
import { Field } from '../../ui/Field.tsx';
import { MerchantTypeChoice } from '../../ui/MerchantTypeChoice.tsx';
import { RegionChoice, useHomeRegion } from '../../ui/RegionChoice.tsx';
import { trimmed } from '../../ui/trimmed.ts';
import { useFields } from '../../ui/use-fields.ts';
import { FormEnd } from './FormEnd.tsx';
import { HoursField } from './HoursField.tsx';
import { useRegistry } from './use-registry.ts';

const LEVELS = ['A', 'B', 'C', 'D'] as const;

interface MerchantFormProps {
  /** undefined: a new one. */
  merchant: Merchant | undefined;
  onClose: () => void;
}

/** What is registered of a merchant; its code stays as it is. */
export function MerchantForm({ merchant, onClose }: MerchantFormProps) {
  const { t } = useTranslation();
  const home = useHomeRegion();
  const { save, remove, error } = useRegistry('merchants');
  const { typed, set, changed } = useFields(merchant, (one) => ({
    code: one?.code ?? '',
    name: one?.name ?? '',
    region: one === undefined ? home : one.region.code,
    type: one?.type ?? 'restaurant',
    level: one?.level ?? 'D',
    licenceNo: one?.licenceNo ?? '',
    address: one?.address ?? '',
    phone: one?.phone ?? '',
    openingHours: one?.openingHours ?? null,
  }));
  const complete = typed.code.trim() !== '' && typed.name.trim() !== '' && typed.region !== null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!complete) return;
    // What others registered meanwhile in the other fields stays.
    const { licenceNo, ...others } = trimmed(merchant === undefined ? typed : changed);
    const body = {
      ...others,
      ...(licenceNo !== undefined && { licenceNo: licenceNo === '' ? null : licenceNo }),
    };
    save.mutate({ id: merchant?.id, body }, { onSuccess: onClose });
  };
  const text = (key: 'name' | 'licenceNo' | 'address' | 'phone', inputMode?: 'tel') => (
    <Field id={`merchant-${key}`} label={t(`registry.${key}`)}>
      <Input
        id={`merchant-${key}`}
        value={typed[key]}
        maxLength={200}
        {...(inputMode && { inputMode })}
        onChange={({ target }) => set({ [key]: target.value })}
      />
    </Field>
  );
  return (
    <form className="registry-form" onSubmit={submit} noValidate>
      <div className="fields">
        {text('name')}
        <Field id="merchant-code" label={t('registry.code')} hint={t('registry.codeHint')}>
          <Input
            id="merchant-code"
            value={typed.code}
            disabled={merchant !== undefined}
            autoCapitalize="none"
            onChange={({ target }) => set({ code: target.value })}
          />
        </Field>
        <RegionChoice
          id="merchant-region"
          label={t('registry.region')}
          value={typed.region}
          unset={t('registry.chooseRegion')}
          onChange={(region) => set({ region })}
        />
        <MerchantTypeChoice
          id="merchant-type"
          label={t('registry.type')}
          value={typed.type}
          onChange={(type) => set({ type: type ?? typed.type })}
        />
        <Field id="merchant-level" label={t('registry.level')} hint={t('registry.levelHint')}>
          <Select
            id="merchant-level"
            value={typed.level}
            options={LEVELS.map((level) => ({ value: level, label: t('registry.levelOf', { level }) }))}
            onChange={(level) => set({ level })}
          />
        </Field>
        {text('licenceNo')}
        {text('address')}
        {text('phone', 'tel')}
      </div>
      <HoursField value={typed.openingHours} onChange={(openingHours) => set({ openingHours })} />
      <FormEnd
        error={error}
        complete={complete}
        saving={save.isPending}
        remove={
          merchant && {
            ask: t('registry.removeMerchantAsk'),
            running: remove.isPending,
            run: () => remove.mutate(merchant.id, { onSuccess: onClose }),
          }
        }
      />
    </form>
  );
}
