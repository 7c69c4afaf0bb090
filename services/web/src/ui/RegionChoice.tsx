import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRegions } from '../api/use-regions.ts';
import { useCurrentSession } from '../app/session-context.ts';
import { Field } from './Field.tsx';

const EVERYWHERE = '*';

interface RegionChoiceProps {
  id: string;
  label?: string;
  /** Code; null: everywhere. */
  value: string | null;
  disabled?: boolean;
  /** Said when nothing is chosen, where a region must be chosen; then nobody may choose everywhere. */
  unset?: string;
  /** What stands for null instead of the usual words. */
  everywhere?: string;
  onChange: (code: string | null) => void;
}

/** A region of the account's scope; everywhere only for those who have all regions. */
export function RegionChoice({
  id,
  label,
  value,
  disabled = false,
  unset,
  everywhere,
  onChange,
}: RegionChoiceProps) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const regions = useRegions();
  return (
    <Field id={id} label={label ?? t('settings.region')}>
      <Select
        id={id}
        value={value ?? (unset === undefined ? EVERYWHERE : null)}
        placeholder={unset}
        disabled={disabled}
        showSearch={{ optionFilterProp: 'label' }}
        options={[
          ...(unset === undefined && (account.region === null || value === null)
            ? [{ value: EVERYWHERE, label: everywhere ?? t('settings.everywhere') }]
            : []),
          ...regions.map(({ code, name, path }) => ({
            value: code,
            label: `${'　'.repeat(path.split('.').length - 1)}${name}`,
          })),
        ]}
        onChange={(code: string) => onChange(code === EVERYWHERE ? null : code)}
      />
    </Field>
  );
}

/** Where a new thing of this account begins: its own region, or everywhere. */
export function useHomeRegion(): string | null {
  return useCurrentSession().account.region?.code ?? null;
}
