import { Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Merchant } from '../../api/registry-types.ts';
import { Field } from '../../ui/Field.tsx';
import { MerchantTypeChoice } from '../../ui/MerchantTypeChoice.tsx';
import { RegionChoice, useHomeRegion } from '../../ui/RegionChoice.tsx';
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
  const [typed, setTyped] = useState({
    code: merchant?.code ?? '',
    name: merchant?.name ?? '',
    region: merchant?.region.code ?? home,
    type: merchant?.type ?? 'restaurant',
    level: merchant?.level ?? 'D',
    licenceNo: merchant?.licenceNo ?? '',
    address: merchant?.address ?? '',
    phone: merchant?.phone ?? '',
    openingHours: merchant?.openingHours ?? null,
  });
  const set = (change: Partial<typeof typed>) => setTyped({ ...typed, ...change });
  const complete = typed.code.trim() !== '' && typed.name.trim() !== '' && typed.region !== null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!complete) return;
    const { code, licenceNo, name, address, phone, ...others } = typed;
    save.mutate(
      {
        id: merchant?.id,
        body: {
          ...others,
          ...(merchant === undefined && { code: code.trim() }),
          name: name.trim(),
          licenceNo: licenceNo.trim() === '' ? null : licenceNo.trim(),
          address: address.trim(),
          phone: phone.trim(),
        },
      },
      { onSuccess: onClose },
    );
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
