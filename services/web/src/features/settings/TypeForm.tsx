import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask, isConflict } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import { Meanwhile } from '../../ui/Meanwhile.tsx';
import { useDraft } from '../../ui/use-draft.ts';
import type { DocumentType } from './use-settings.ts';

/** A type of document: what it is called, what stands before its numbers. Of all regions at once. */
export function TypeForm({ type }: { type: DocumentType | undefined }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const [code, setCode] = useState(type?.code ?? '');
  const draft = useDraft(
    type,
    (one) => String(one?.version),
    (one) => ({
      name: one?.name ?? '',
      series: one?.series ?? '',
      enabled: one?.enabled ?? true,
      toMerchant: one?.toMerchant ?? false,
    }),
  );
  const { typed, set, began } = draft;
  const { name, series, enabled, toMerchant } = typed;
  const save = useMutation({
    mutationFn: () =>
      ask<DocumentType>(`/document-types/${encodeURIComponent(code)}`, {
        method: 'PUT',
        body: { ...typed, after: began?.version ?? null },
      }),
    onSuccess(saved) {
      if (type === undefined) {
        setCode('');
        draft.reset();
      } else draft.saved(saved);
      return client.invalidateQueries({ queryKey: keys.documentTypes });
    },
    onError: (error) => isConflict(error) && client.invalidateQueries({ queryKey: keys.documentTypes }),
  });
  const meanwhile = draft.meanwhile(() => save.reset());
  const complete = /^[a-z][a-z0-9_]{0,31}$/.test(code) && name.trim() !== '' && series.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (complete && meanwhile === undefined) save.mutate();
  };
  return (
    <form className="fields" onSubmit={submit}>
      {type === undefined && (
        <Field id="type-code" label={t('settings.template.typeCode')}>
          <Input
            id="type-code"
            value={code}
            autoCapitalize="none"
            onChange={(event) => setCode(event.target.value)}
          />
        </Field>
      )}
      <Field id={`type-name-${code}`} label={t('settings.template.typeName')}>
        <Input
          id={`type-name-${code}`}
          value={name}
          maxLength={40}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field id={`type-series-${code}`} label={t('settings.template.series')}>
        <Input
          id={`type-series-${code}`}
          value={series}
          maxLength={20}
          onChange={(event) => set({ series: event.target.value })}
        />
      </Field>
      <Checkbox checked={enabled} onChange={(event) => set({ enabled: event.target.checked })}>
        {t('settings.template.enabled')}
      </Checkbox>
      <Checkbox checked={toMerchant} onChange={(event) => set({ toMerchant: event.target.checked })}>
        {t('settings.template.toMerchant')}
      </Checkbox>
      {meanwhile !== undefined && <Meanwhile {...meanwhile} />}
      <Button htmlType="submit" disabled={!complete || meanwhile !== undefined} loading={save.isPending}>
        {t('settings.template.saveType')}
      </Button>
      <span role="status" className={save.isError ? 'bad' : 'good'}>
        {meanwhile !== undefined
          ? ''
          : save.isError
            ? why(save.error)
            : save.isSuccess
              ? t('settings.saved')
              : ''}
      </span>
    </form>
  );
}
