import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import type { CameraSearch } from '../../api/onboard-types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { AccountFields } from './AccountFields.tsx';
import { FoundList } from './FoundList.tsx';
import { PlaceFields } from './PlaceFields.tsx';

/** Milliseconds between two askings for what was found. */
const AGAIN_MS = 1_000;

/** ONVIF 搜索: a gateway asks the networks that are named here, and no others. */
export function SearchForm() {
  const { t } = useTranslation();
  const id = useId();
  const why = useWhy();
  const [place, setPlace] = useState({ merchant: '', zone: '' });
  const [networks, setNetworks] = useState('');
  const [account, setAccount] = useState({ user: '', password: '' });
  const begin = useMutation({
    mutationFn: () =>
      ask<CameraSearch>('/camera-searches', {
        method: 'POST',
        body: {
          merchant: place.merchant,
          networks: networks.split(/[\s,，;；]+/).filter(Boolean),
          ...(account.user !== '' && account),
        },
      }),
  });
  const searchId = begin.data?.id;
  const answer = useQuery({
    queryKey: ['camera-search', searchId],
    queryFn: ({ signal }) => ask<CameraSearch>(`/camera-searches/${searchId}`, { signal }),
    enabled: searchId !== undefined,
    refetchInterval: (query) => (query.state.data?.state === 'done' ? false : AGAIN_MS),
  });
  const search = answer.data;
  const searching =
    begin.isPending || (searchId !== undefined && search?.state !== 'done' && !answer.isError);
  const ready = place.merchant !== '' && place.zone !== '' && networks.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) begin.mutate();
  };
  return (
    <div className="onboard-main">
      <form className="onboard-step" onSubmit={submit} noValidate>
        <PlaceFields merchant={place.merchant} zone={place.zone} onChange={setPlace} />
        <div className="onboard-fields">
          <div className="onboard-field onboard-wide">
            <label htmlFor={`${id}-networks`}>{t('onboard.search.networks')}</label>
            <Input
              id={`${id}-networks`}
              autoComplete="off"
              placeholder="192.168.1.0/24"
              aria-describedby={`${id}-hint`}
              value={networks}
              onChange={(event) => setNetworks(event.target.value)}
            />
            <span id={`${id}-hint`} className="onboard-hint">
              {t('onboard.search.networksHint')}
            </span>
          </div>
          <AccountFields value={account} onChange={(change) => setAccount({ ...account, ...change })} />
        </div>
        {begin.isError && (
          <p className="bad" role="alert">
            {why(begin.error)}
          </p>
        )}
        <div className="onboard-actions">
          <Button type="primary" htmlType="submit" loading={searching} disabled={!ready}>
            {t('onboard.search.begin')}
          </Button>
        </div>
        <p role="status" className="onboard-hint">
          {searching
            ? t(search?.unheard ? 'onboard.probe.unheard' : 'onboard.search.running')
            : search === undefined
              ? ''
              : t('onboard.search.done', { asked: search.asked ?? 0, count: search.found.length })}
        </p>
      </form>
      {search?.state === 'done' && search.found.length > 0 && (
        <FoundList key={search.id} found={search.found} place={place} account={account} />
      )}
    </div>
  );
}
