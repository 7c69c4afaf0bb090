import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useRegions } from '../../api/use-regions.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import { RegionChoice, useHomeRegion } from '../../ui/RegionChoice.tsx';
import { TemplateForm } from './TemplateForm.tsx';
import { TypeForm } from './TypeForm.tsx';
import type { Templates } from './types.ts';
import { useDocumentTypes, useMayWrite } from './use-settings.ts';

/** 文书模板: text with named fields, by type and region; the region's own, else that of the region above. */
export function TemplatesPage() {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const { account } = useCurrentSession();
  const home = useHomeRegion();
  const regions = useRegions();
  const types = useDocumentTypes();
  const [chosen, setChosen] = useState<string>();
  const [region, setRegion] = useState<string | null>(home);
  const list = useQuery({
    queryKey: keys.templates,
    queryFn: ({ signal }) => ask<Templates>('/document-templates', { signal }),
  });
  if (list.isError) return <Failure what="policy" error={list.error} onRetry={() => void list.refetch()} />;
  if (list.data === undefined || types.data === undefined) return <Bones lines={8} />;
  const type = chosen ?? types.data.items[0]?.code ?? '';
  const path = regions.find(({ code }) => code === region)?.path ?? null;
  const own = list.data.items.find((one) => one.type === type && one.region === path);
  const above = list.data.items
    .filter(
      (one) =>
        one.type === type &&
        one.region !== path &&
        (one.region === null || path?.startsWith(`${one.region}.`) === true),
    )
    .toSorted((a, b) => (b.region?.length ?? -1) - (a.region?.length ?? -1))[0];
  return (
    <div className="settings-list">
      <div className="fields">
        <Field id="template-type" label={t('settings.template.type')}>
          <Select
            id="template-type"
            value={type}
            options={types.data.items.map(({ code, name, enabled }) => ({
              value: code,
              label: enabled ? name : `${name}（${t('settings.off')}）`,
            }))}
            onChange={setChosen}
          />
        </Field>
        <RegionChoice id="template-region" value={region} onChange={setRegion} />
      </div>
      <TemplateForm
        key={`${type} ${path}`}
        type={type}
        region={region}
        own={own}
        above={above}
        fields={list.data.fields}
        readOnly={!mayWrite}
      />
      {mayWrite && account.region === null && (
        <details className="sheet settings-card">
          <summary>{t('settings.template.types')}</summary>
          <TypeForm key={type} type={types.data.items.find(({ code }) => code === type)} />
          <h2 className="settings-heading">{t('settings.template.newType')}</h2>
          <TypeForm type={undefined} />
        </details>
      )}
    </div>
  );
}
