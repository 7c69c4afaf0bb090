import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask, isConflict } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { Field } from '../../ui/Field.tsx';
import { MerchantTypeChoice } from '../../ui/MerchantTypeChoice.tsx';
import { RegionChoice, useHomeRegion } from '../../ui/RegionChoice.tsx';
import { useDraft } from '../../ui/use-draft.ts';
import { type NamedKind, useFindingKinds } from '../report/use-finding-kinds.ts';
import { SettingsDrawer } from './SettingsDrawer.tsx';
import { type Checklist, type ChecklistItem, PERIODS, type Period } from './types.ts';

interface ChecklistDrawerProps {
  /** undefined: a new one. */
  checklist: Checklist | undefined;
  readOnly: boolean;
  onClose: () => void;
}

const EMPTY: ChecklistItem = { code: '', text: '', textEn: '', kinds: [], faults: false };

/** One checklist; saved as its next version. Records that are there keep theirs. */
export function ChecklistDrawer({ checklist, readOnly, onClose }: ChecklistDrawerProps) {
  const { t } = useTranslation();
  const home = useHomeRegion();
  const kinds = useFindingKinds();
  const client = useQueryClient();
  const isNew = checklist === undefined;
  const draft = useDraft(
    checklist,
    (one) => String(one?.version),
    (one) => ({
      region: one === undefined ? home : one.region,
      merchantType: one?.merchantType ?? null,
      period: one?.period ?? ('day' as Period),
      title: one?.title ?? '',
      titleEn: one?.titleEn ?? '',
      items: one?.items ?? [EMPTY],
    }),
  );
  const { typed, set, began } = draft;
  const { region, merchantType, period, title, titleEn, items } = typed;
  const save = useMutation({
    mutationFn: () =>
      ask<Checklist>('/checklists', { method: 'POST', body: { ...typed, after: began?.version ?? null } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.checklists });
      onClose();
    },
    onError: (error) => isConflict(error) && client.invalidateQueries({ queryKey: keys.checklists }),
  });
  const meanwhile = draft.meanwhile(() => save.reset());
  return (
    <SettingsDrawer
      title={checklist?.title ?? t('settings.checklist.add')}
      width={760}
      readOnly={readOnly}
      error={save.error}
      meanwhile={meanwhile}
      onSubmit={() => meanwhile === undefined && save.mutate()}
      onClose={onClose}
      actions={
        <Button type="primary" htmlType="submit" disabled={meanwhile !== undefined} loading={save.isPending}>
          {t('settings.saveVersion')}
        </Button>
      }
    >
      <div className="fields">
        <RegionChoice
          id="checklist-region"
          value={region}
          disabled={readOnly || !isNew}
          onChange={(code) => set({ region: code })}
        />
        <MerchantTypeChoice
          id="checklist-type"
          label={t('settings.checklist.type')}
          every={t('settings.checklist.everyType')}
          value={merchantType}
          disabled={readOnly || !isNew}
          onChange={(type) => set({ merchantType: type })}
        />
        <Field id="checklist-period" label={t('settings.checklist.periodLabel')}>
          <Select
            id="checklist-period"
            value={period}
            disabled={readOnly || !isNew}
            options={PERIODS.map((value) => ({ value, label: t(`settings.checklist.period.${value}`) }))}
            onChange={(value) => set({ period: value })}
          />
        </Field>
        <Field id="checklist-title" label={t('settings.checklist.title')}>
          <Input
            id="checklist-title"
            value={title}
            disabled={readOnly}
            onChange={(event) => set({ title: event.target.value })}
          />
        </Field>
        <Field id="checklist-title-en" label={t('settings.checklist.titleEn')}>
          <Input
            id="checklist-title-en"
            value={titleEn}
            disabled={readOnly}
            onChange={(event) => set({ titleEn: event.target.value })}
          />
        </Field>
      </div>
      <ol className="settings-items">
        {items.map((item, index) => (
          <Item
            key={`${String(index)}-${items.length}`}
            item={item}
            number={index + 1}
            kinds={kinds}
            readOnly={readOnly}
            onChange={(change) =>
              set({ items: items.map((one, i) => (i === index ? { ...one, ...change } : one)) })
            }
            onRemove={() => set({ items: items.filter((_, i) => i !== index) })}
          />
        ))}
      </ol>
      {!readOnly && (
        <p>
          <Button size="small" onClick={() => set({ items: [...items, EMPTY] })}>
            {t('settings.checklist.addItem')}
          </Button>
        </p>
      )}
    </SettingsDrawer>
  );
}

interface ItemProps {
  item: ChecklistItem;
  number: number;
  kinds: readonly NamedKind[];
  readOnly: boolean;
  onChange: (change: Partial<ChecklistItem>) => void;
  onRemove: () => void;
}

function Item({ item, number, kinds, readOnly, onChange, onRemove }: ItemProps) {
  const { t } = useTranslation();
  const id = (part: string): string => `checklist-${number}-${part}`;
  return (
    <li>
      <div className="fields">
        <Field id={id('code')} label={t('settings.checklist.code')}>
          <Input
            id={id('code')}
            value={item.code}
            disabled={readOnly}
            autoCapitalize="none"
            onChange={(event) => onChange({ code: event.target.value })}
          />
        </Field>
        <Field id={id('text')} label={t('settings.checklist.text')}>
          <Input
            id={id('text')}
            value={item.text}
            disabled={readOnly}
            onChange={(event) => onChange({ text: event.target.value })}
          />
        </Field>
        <Field id={id('text-en')} label={t('settings.checklist.textEn')}>
          <Input
            id={id('text-en')}
            value={item.textEn}
            disabled={readOnly}
            onChange={(event) => onChange({ textEn: event.target.value })}
          />
        </Field>
        <Field id={id('kinds')} label={t('settings.checklist.kinds')}>
          <Select
            id={id('kinds')}
            mode="multiple"
            value={item.kinds}
            disabled={readOnly}
            options={kinds.map(({ code, name }) => ({ value: code, label: name }))}
            onChange={(chosen: string[]) => onChange({ kinds: chosen })}
          />
        </Field>
        <Checkbox
          checked={item.faults}
          disabled={readOnly}
          onChange={(event) => onChange({ faults: event.target.checked })}
        >
          {t('settings.checklist.faults')}
        </Checkbox>
        {!readOnly && (
          <Button type="text" aria-label={t('settings.removeRow', { name: number })} onClick={onRemove}>
            ×
          </Button>
        )}
      </div>
    </li>
  );
}
