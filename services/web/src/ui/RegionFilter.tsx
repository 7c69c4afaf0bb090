import { useTranslation } from 'react-i18next';
import { useRegions } from '../api/use-regions.ts';
import { Choice } from './Choice.tsx';

/** Not a code: codes are letters, digits and hyphens. */
const ALL = '*';

interface RegionFilterProps {
  /** Code; undefined: all. */
  value: string | undefined;
  onChange: (region: string | undefined) => void;
}

/** Cuts a list down to a region; nothing where there is but one. */
export function RegionFilter({ value, onChange }: RegionFilterProps) {
  const { t } = useTranslation();
  const regions = useRegions();
  if (regions.length < 2) return null;
  return (
    <Choice
      label={t('regionFilter.label')}
      value={value ?? ''}
      options={[
        ...(value === undefined ? [] : [{ value: ALL, label: t('regionFilter.all') }]),
        ...regions.map(({ code, name }) => ({ value: code, label: name })),
      ]}
      onChange={(code) => onChange(code === ALL ? undefined : code)}
    />
  );
}
