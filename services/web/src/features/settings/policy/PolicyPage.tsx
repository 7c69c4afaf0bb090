import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask, query } from '../../../api/client.ts';
import { keys } from '../../../api/keys.ts';
import { useRegions } from '../../../api/use-regions.ts';
import { navigate, useRoute } from '../../../app/router.ts';
import { useCurrentSession } from '../../../app/session-context.ts';
import { Bones } from '../../../ui/Bones.tsx';
import { Failure } from '../../../ui/Failure.tsx';
import { Field } from '../../../ui/Field.tsx';
import { useCalendars, useDocumentTypes, useMayWrite } from '../use-settings.ts';
import type { InheritedPolicy, Measured } from './document.ts';
import { PolicyForm } from './PolicyForm.tsx';
import './policy.css';

const EVERYWHERE = '*';

/** 辖区政策: what is judgement and therefore data, region by region. */
export function PolicyPage() {
  const { t } = useTranslation();
  const { search } = useRoute();
  const { account } = useCurrentSession();
  const mayWrite = useMayWrite();
  const regions = useRegions();
  const everywhere = account.region === null;
  const chosen = search.get('region') ?? (everywhere ? EVERYWHERE : (account.region?.code ?? EVERYWHERE));
  const region = chosen === EVERYWHERE ? undefined : chosen;
  const asked = useQuery({
    queryKey: [...keys.policies, 'inherited', chosen],
    queryFn: ({ signal }) => ask<InheritedPolicy>(`/policies/inherited${query({ region })}`, { signal }),
    staleTime: 60_000,
  });
  const effective = useQuery({
    queryKey: [...keys.policies, 'effective', chosen],
    queryFn: ({ signal }) =>
      ask<{ measured: Measured[] }>(`/policies/effective${query({ region })}`, { signal }),
    enabled: region !== undefined,
  });
  const [saved, setSaved] = useState<{ region: string; version: number }>();
  const calendars = useCalendars();
  const types = useDocumentTypes();
  return (
    <div className="policy">
      <div className="fields">
        <Field id="policy-region" label={t('settings.region')}>
          <Select
            id="policy-region"
            value={chosen}
            showSearch={{ optionFilterProp: 'label' }}
            options={[
              ...(everywhere ? [{ value: EVERYWHERE, label: t('settings.everywhere') }] : []),
              ...regions.map(({ code, name, path }) => ({
                value: code,
                label: `${'　'.repeat(path.split('.').length - 1)}${name}`,
              })),
            ]}
            onChange={(code: string) => navigate(`/settings${query({ region: code })}`)}
          />
        </Field>
      </div>
      {asked.isError ? (
        <Failure what="policy" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : asked.data === undefined ? (
        <Bones lines={10} />
      ) : (
        <PolicyForm
          key={chosen}
          asked={asked.data}
          measured={effective.data?.measured ?? []}
          calendars={calendars.data?.items ?? []}
          types={(types.data?.items ?? []).filter(({ enabled }) => enabled)}
          readOnly={!mayWrite}
          saved={saved?.region === chosen ? saved.version : undefined}
          onSaved={(version) => setSaved(version === undefined ? undefined : { region: chosen, version })}
        />
      )}
    </div>
  );
}
