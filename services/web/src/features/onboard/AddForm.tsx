import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askAll } from '../../api/ask-all.ts';
import type { Camera } from '../../api/camera-types.ts';
import { ApiError, ask } from '../../api/client.ts';
import type { Gateway } from '../../api/gateway-types.ts';
import { keys } from '../../api/keys.ts';
import { navigate } from '../../app/router.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { AddressFields } from './AddressFields.tsx';
import { PlaceFields } from './PlaceFields.tsx';
import { type AddressParts, NO_ADDRESS, nextHost, nextNumbered, rtspUrl } from './rtsp-address.ts';
import { StreamResult } from './StreamResult.tsx';
import { useProbe } from './use-probe.ts';

interface Typed {
  merchant: string;
  zone: string;
  name: string;
  code: string;
  source: 'rtsp' | 'mqtt';
  gateway: string;
  address: AddressParts;
}

const EMPTY: Typed = {
  merchant: '',
  zone: '',
  name: '',
  code: '',
  source: 'rtsp',
  gateway: '',
  address: NO_ADDRESS,
};

/** What is missing or wrong in what was typed, by field; the API says the rest. */
function missingIn({ merchant, zone, name, code, source, gateway, address }: Typed): string[] {
  return [
    ...(merchant === '' ? ['merchant'] : []),
    ...(zone === '' ? ['zone'] : []),
    ...(name.trim() === '' ? ['name'] : []),
    ...(/^[a-z0-9][a-z0-9-]{0,63}$/.test(code) ? [] : ['code']),
    ...(source === 'rtsp' && address.host.trim() === '' ? ['host'] : []),
    ...(source === 'mqtt' && gateway === '' ? ['gateway'] : []),
  ];
}

/** One camera by hand. What stays the same from camera to camera stays in the form for the next. */
export function AddForm() {
  const { t } = useTranslation();
  const id = useId();
  const why = useWhy();
  const client = useQueryClient();
  const [typed, setTyped] = useState(EMPTY);
  const [asked, setAsked] = useState(false);
  const [added, setAdded] = useState<Camera[]>([]);
  const test = useProbe();
  const set = (change: Partial<Typed>) => setTyped({ ...typed, ...change });
  const { source, address, merchant } = typed;
  const gateways = useQuery({
    queryKey: [...keys.gateways, 'of', merchant],
    queryFn: ({ signal }) => askAll<Gateway>('/gateways', { serves: merchant }, signal),
    enabled: source === 'mqtt' && merchant !== '',
  });
  const main = rtspUrl(address, address.path);
  const sub = address.subPath.trim() === '' ? null : rtspUrl(address, address.subPath);
  const add = useMutation({
    mutationFn: (_next: boolean) =>
      ask<Camera>('/cameras', {
        method: 'POST',
        body: {
          code: typed.code,
          merchant,
          zone: typed.zone,
          name: typed.name.trim(),
          source,
          ...(source === 'rtsp' ? { rtspUrl: main, rtspSubUrl: sub } : { gateway: typed.gateway }),
        },
      }),
    onSuccess(camera, next) {
      void client.invalidateQueries({ queryKey: keys.cameras });
      void client.invalidateQueries({ queryKey: keys.overview });
      if (!next) return navigate(`/cameras/${camera.id}/setup?test=now`);
      setAdded([camera, ...added]);
      setAsked(false);
      test.forget();
      setTyped({
        ...typed,
        name: nextNumbered(typed.name),
        code: nextNumbered(typed.code),
        address: { ...address, host: nextHost(address.host) },
      });
    },
  });
  const missing = asked ? missingIn(typed) : [];
  const submit = (event: FormEvent, next: boolean) => {
    event.preventDefault();
    setAsked(true);
    if (missingIn(typed).length === 0 && !add.isPending) add.mutate(next);
  };
  const wrong = (field: string) =>
    missing.includes(field) ? (
      <p className="bad onboard-wide">{t(`onboard.missing.${field as 'name'}`)}</p>
    ) : null;
  return (
    <form className="onboard-form" onSubmit={(event) => submit(event, false)} noValidate>
      <div className="onboard-main">
        <section aria-labelledby={`${id}-where`}>
          <h2 id={`${id}-where`}>{t('onboard.where')}</h2>
          <PlaceFields
            merchant={merchant}
            zone={typed.zone}
            onChange={(place) =>
              set({
                ...place,
                ...(place.merchant !== merchant && { code: `${place.merchant}-cam1`, gateway: '' }),
              })
            }
          />
          {wrong('merchant') ?? wrong('zone')}
          <div className="onboard-fields">
            <div className="onboard-field">
              <label htmlFor={`${id}-name`}>{t('onboard.name')}</label>
              <Input
                id={`${id}-name`}
                placeholder={t('onboard.nameHint')}
                maxLength={200}
                value={typed.name}
                onChange={(event) => set({ name: event.target.value })}
              />
            </div>
            <div className="onboard-field">
              <label htmlFor={`${id}-code`}>{t('onboard.code')}</label>
              <Input
                id={`${id}-code`}
                autoCapitalize="none"
                maxLength={64}
                value={typed.code}
                onChange={(event) => set({ code: event.target.value.trim().toLowerCase() })}
              />
            </div>
          </div>
          {wrong('name')}
          {wrong('code')}
        </section>
        <section aria-labelledby={`${id}-how`}>
          <h2 id={`${id}-how`}>{t('onboard.how')}</h2>
          <fieldset className="chips" aria-label={t('onboard.how')}>
            {(['rtsp', 'mqtt'] as const).map((one) => (
              <button
                key={one}
                type="button"
                className="chip"
                aria-pressed={one === source}
                onClick={() => set({ source: one })}
              >
                {t(`onboard.source.${one}`)}
              </button>
            ))}
          </fieldset>
          {source === 'rtsp' ? (
            <>
              <AddressFields value={address} onChange={(next) => set({ address: next })} />
              {wrong('host')}
            </>
          ) : (
            <div className="onboard-fields">
              <div className="onboard-field onboard-wide">
                <label htmlFor={`${id}-gateway`}>{t('onboard.gateway')}</label>
                <select
                  id={`${id}-gateway`}
                  className="onboard-select"
                  value={typed.gateway}
                  onChange={(event) => set({ gateway: event.target.value })}
                >
                  <option value="" disabled>
                    {t('onboard.gatewayHint')}
                  </option>
                  {gateways.data?.map((one) => (
                    <option key={one.id} value={one.code}>
                      {one.name}（{one.code}）
                    </option>
                  ))}
                </select>
                {gateways.isError && <span className="bad">{why(gateways.error)}</span>}
                {gateways.data?.length === 0 && <span className="bad">{t('onboard.noGateway')}</span>}
                <span className="onboard-hint">{t('onboard.topicHint', { code: typed.code || '…' })}</span>
              </div>
              {wrong('gateway')}
            </div>
          )}
        </section>
      </div>
      <aside className="onboard-aside" aria-label={t('onboard.test')}>
        {source === 'rtsp' && (
          <>
            <h2>{t('onboard.test')}</h2>
            <p className="onboard-hint">{t('onboard.testHint')}</p>
            <Button
              disabled={merchant === '' || address.host.trim() === ''}
              loading={test.testing}
              onClick={() => test.start({ merchant, rtspUrl: main, rtspSubUrl: sub })}
            >
              {t('onboard.test')}
            </Button>
            <StreamResult state={test} />
          </>
        )}
        {add.isError && (
          <p className="bad" role="alert">
            {add.error instanceof ApiError && add.error.status === 409
              ? t('onboard.codeTaken')
              : why(add.error)}
          </p>
        )}
        <div className="onboard-actions">
          <Button type="primary" size="large" htmlType="submit" loading={add.isPending && !add.variables}>
            {t('onboard.addAndSetUp')}
          </Button>
          <Button
            size="large"
            loading={add.isPending && add.variables}
            onClick={(event) => submit(event, true)}
          >
            {t('onboard.addAndNext')}
          </Button>
        </div>
        {added.length > 0 && (
          <section className="onboard-added" role="status">
            <h2>{t('onboard.added', { count: added.length })}</h2>
            <ul>
              {added.map((camera) => (
                <li key={camera.id}>
                  <Link to={`/cameras/${camera.id}/setup?test=now`}>{camera.name}</Link>
                  <span className="onboard-hint">{camera.code}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </aside>
    </form>
  );
}
