import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from './Field.tsx';
import { MERCHANT_TYPES, merchantType } from './merchant-type.ts';

const EVERY = '';

interface MerchantTypeChoiceProps {
  id: string;
  label: string;
  /** null: every type, where `every` says so. */
  value: string | null;
  /** What stands for every type; without it one must be chosen. */
  every?: string;
  disabled?: boolean;
  onChange: (type: string | null) => void;
}

/** 业态, in words; a type of the bureau's own stays among the others. */
export function MerchantTypeChoice({
  id,
  label,
  value,
  every,
  disabled = false,
  onChange,
}: MerchantTypeChoiceProps) {
  const { t } = useTranslation();
  const own = value !== null && !MERCHANT_TYPES.some((one) => one === value) ? [value] : [];
  return (
    <Field id={id} label={label}>
      <Select
        id={id}
        value={value ?? EVERY}
        disabled={disabled}
        showSearch={{ optionFilterProp: 'label' }}
        options={[
          ...(every === undefined ? [] : [{ value: EVERY, label: every }]),
          ...[...own, ...MERCHANT_TYPES].map((type) => ({ value: type, label: merchantType(t, type) })),
        ]}
        onChange={(type: string) => onChange(type === EVERY ? null : type)}
      />
    </Field>
  );
}
