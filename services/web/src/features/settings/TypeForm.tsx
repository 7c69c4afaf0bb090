import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import type { DocumentType } from './use-settings.ts';

/** A type of document: what it is called, what stands before its numbers. Of all regions at once. */
export function TypeForm({ type }: { type: DocumentType | undefined }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const [code, setCode] = useState(type?.code ?? '');
  const [name, setName] = useState(type?.name ?? '');
  const [series, setSeries] = useState(type?.series ?? '');
  const [enabled, setEnabled] = useState(type?.enabled ?? true);
  const [toMerchant, setToMerchant] = useState(type?.toMerchant ?? false);
  const save = useMutation({
    mutationFn: () =>
      ask<DocumentType>(`/document-types/${encodeURIComponent(code)}`, {
        method: 'PUT',
        body: { name, series, enabled, toMerchant },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.documentTypes }),
  });
  const complete = /^[a-z][a-z0-9_]{0,31}$/.test(code) && name.trim() !== '' && series.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (complete) save.mutate();
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
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field id={`type-series-${code}`} label={t('settings.template.series')}>
        <Input
          id={`type-series-${code}`}
          value={series}
          maxLength={20}
          onChange={(event) => setSeries(event.target.value)}
        />
      </Field>
      <Checkbox checked={enabled} onChange={(event) => setEnabled(event.target.checked)}>
        {t('settings.template.enabled')}
      </Checkbox>
      <Checkbox checked={toMerchant} onChange={(event) => setToMerchant(event.target.checked)}>
        {t('settings.template.toMerchant')}
      </Checkbox>
      <Button htmlType="submit" disabled={!complete} loading={save.isPending}>
        {t('settings.template.saveType')}
      </Button>
      <span role="status" className={save.isError ? 'bad' : 'good'}>
        {save.isError ? why(save.error) : save.isSuccess ? t('settings.saved') : ''}
      </span>
    </form>
  );
}
