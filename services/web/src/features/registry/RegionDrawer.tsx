import { Drawer, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { REGION_LEVELS, type Region, type RegionLevel } from '../../api/registry-types.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Field } from '../../ui/Field.tsx';
import { RegionChoice } from '../../ui/RegionChoice.tsx';
import { trimmed } from '../../ui/trimmed.ts';
import { useFields } from '../../ui/use-fields.ts';
import { usePhone } from '../../ui/use-media.ts';
import { FormEnd } from './FormEnd.tsx';
import { useRegistry } from './use-registry.ts';

/** Offered first; any IANA name may be typed. */
const ZONES = ['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Hong_Kong', 'Asia/Macau', 'Asia/Taipei'];
const USUAL_ZONE = 'Asia/Shanghai';

interface RegionDrawerProps {
  /** undefined: a new one. */
  region: Region | undefined;
  /** Where a new one begins to lie. */
  parent: Region | null;
  onClose: () => void;
}

/** One region; its code and its place in the tree stay once they are chosen. */
export function RegionDrawer({ region, parent, onClose }: RegionDrawerProps) {
  const { t } = useTranslation();
  const phone = usePhone();
  const everywhere = useCurrentSession().account.region === null;
  const { save, remove, error } = useRegistry('regions');
  const [above, setAbove] = useState<string | null>(parent?.code ?? null);
  const { typed, set, changed } = useFields(region, (one) => ({
    code: one?.code ?? '',
    name: one?.name ?? '',
    level: one?.level ?? below(parent),
    timeZone: one?.timeZone ?? parent?.timeZone ?? USUAL_ZONE,
  }));
  const complete =
    typed.code.trim() !== '' &&
    typed.name.trim() !== '' &&
    (region !== undefined || everywhere || above !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!complete) return;
    // What others registered meanwhile in the other fields stays.
    const body = region === undefined ? { ...trimmed(typed), parent: above } : trimmed(changed);
    save.mutate({ id: region?.id, body }, { onSuccess: onClose });
  };
  return (
    <Drawer
      open
      onClose={onClose}
      title={region?.name ?? t('registry.addRegion')}
      size={phone ? '100%' : 480}
    >
      <form className="registry-form" onSubmit={submit} noValidate>
        <Field id="region-name" label={t('registry.name')}>
          <Input
            id="region-name"
            value={typed.name}
            maxLength={200}
            onChange={({ target }) => set({ name: target.value })}
          />
        </Field>
        <Field id="region-code" label={t('registry.code')} hint={t('registry.codeHint')}>
          <Input
            id="region-code"
            value={typed.code}
            disabled={region !== undefined}
            autoCapitalize="none"
            onChange={({ target }) => set({ code: target.value })}
          />
        </Field>
        {region === undefined && (
          <RegionChoice
            id="region-parent"
            label={t('registry.parent')}
            value={above}
            onChange={setAbove}
            {...(everywhere ? { everywhere: t('registry.top') } : { unset: t('registry.chooseRegion') })}
          />
        )}
        <Field id="region-level" label={t('registry.levelOfRegion')}>
          <Select
            id="region-level"
            value={typed.level}
            options={REGION_LEVELS.map((value) => ({ value, label: t(`regionLevel.${value}`) }))}
            onChange={(level: RegionLevel) => set({ level })}
          />
        </Field>
        <Field id="region-zone" label={t('registry.timeZone')} hint={t('registry.timeZoneHint')}>
          <Input
            id="region-zone"
            list="region-zones"
            value={typed.timeZone}
            autoCapitalize="none"
            onChange={({ target }) => set({ timeZone: target.value })}
          />
          <datalist id="region-zones">
            {ZONES.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </Field>
        <FormEnd
          error={error}
          complete={complete}
          saving={save.isPending}
          remove={
            region && {
              ask: t('registry.removeRegionAsk'),
              running: remove.isPending,
              run: () => remove.mutate(region.id, { onSuccess: onClose }),
            }
          }
        />
      </form>
    </Drawer>
  );
}

/** What usually lies below a region. */
function below(parent: Region | null): RegionLevel {
  if (parent === null) return 'county';
  return REGION_LEVELS[REGION_LEVELS.indexOf(parent.level) + 1] ?? 'grid';
}
