import { Button, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { usePages } from '../../api/use-pages.ts';
import { navigate, useRoute } from '../../app/router.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { AuditEntry } from './AuditEntry.tsx';
import { type AuditRow, ENTITIES } from './audit-types.ts';
import { DONE, entityText } from './audit-words.ts';
import { HistoryState } from './HistoryState.tsx';
import './audit.css';

const FIELDS = ['by', 'what', 'entity', 'entityId', 'from', 'to'] as const;
type Filter = Partial<Record<(typeof FIELDS)[number], string>>;

const DAY_MS = 86_400_000;

/** Days as they are typed, in the browser's zone → the times that are asked for; the last day counts whole. */
function asked({ from, to, ...rest }: Filter): Filter {
  const start = (day: string): number => new Date(`${day}T00:00`).getTime();
  return {
    ...rest,
    ...(from !== undefined && { from: new Date(start(from)).toISOString() }),
    ...(to !== undefined && { to: new Date(start(to) + DAY_MS).toISOString() }),
  };
}

/** 审计: who did what to which thing, when and why, and each field before and after. */
export function Audit() {
  const { t } = useTranslation();
  const { search } = useRoute();
  const filter: Filter = Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = search.get(field);
      return value === null || value === '' ? [] : [[field, value]];
    }),
  );
  const list = usePages<AuditRow>({ key: keys.audit, path: '/audit', filter: asked(filter), limit: 40 });
  return (
    <div className="audit">
      <HistoryState />
      <FilterForm key={search.toString()} filter={filter} />
      {list.isPending ? (
        <Bones lines={8} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="audit" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t('audit.none')} />
      ) : (
        <ol className="audit-list" aria-label={t('system.tabs.audit')}>
          {list.items.map((row) => (
            <AuditEntry key={row.id} row={row} />
          ))}
        </ol>
      )}
      <More list={list} />
    </div>
  );
}

function FilterForm({ filter }: { filter: Filter }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(filter);
  const set = (field: keyof Filter, value: string | undefined) =>
    setTyped({ ...typed, [field]: value === '' ? undefined : value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    navigate(`/system/audit${query(typed)}`);
  };
  return (
    <form className="fields" onSubmit={submit} aria-label={t('audit.search')}>
      <Field id="audit-by" label={t('audit.by')}>
        <Input
          id="audit-by"
          value={typed.by ?? ''}
          autoCapitalize="none"
          onChange={(event) => set('by', event.target.value.trim())}
        />
      </Field>
      <Field id="audit-what" label={t('audit.what')}>
        <Select
          id="audit-what"
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={typed.what ?? null}
          options={DONE.map((value) => ({ value, label: t(`audit.done.${value}`) }))}
          onChange={(value: string | null) => set('what', value ?? undefined)}
        />
      </Field>
      <Field id="audit-entity" label={t('audit.thing')}>
        <Select
          id="audit-entity"
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={typed.entity ?? null}
          options={ENTITIES.map((value) => ({ value, label: entityText(t, value) }))}
          onChange={(value: string | null) => set('entity', value ?? undefined)}
        />
      </Field>
      <Field id="audit-from" label={t('audit.from')}>
        <Input
          id="audit-from"
          type="date"
          value={typed.from ?? ''}
          onChange={(event) => set('from', event.target.value)}
        />
      </Field>
      <Field id="audit-to" label={t('audit.to')}>
        <Input
          id="audit-to"
          type="date"
          value={typed.to ?? ''}
          onChange={(event) => set('to', event.target.value)}
        />
      </Field>
      <div className="audit-buttons">
        <Button type="primary" htmlType="submit">
          {t('audit.find')}
        </Button>
        <Button onClick={() => navigate('/system/audit')}>{t('audit.clear')}</Button>
        <Button href={`/api/v1/audit/export${query(asked(filter))}`}>{t('audit.export')}</Button>
      </div>
    </form>
  );
}
