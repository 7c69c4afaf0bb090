import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { navigate } from '../../app/router.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { AddressFields } from './AddressFields.tsx';
import { NO_ADDRESS, rtspUrl } from './rtsp-address.ts';
import { StreamResult } from './StreamResult.tsx';
import { stepAddress } from './steps.ts';
import type { ProbeState } from './use-probe.ts';
import '../../ui/facts.css';

/** 连接: where the pictures come from, tested, and another address when that is wrong. */
export function ConnectStep({ camera, test }: { camera: Camera; test: ProbeState }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const [changing, setChanging] = useState(false);
  const [address, setAddress] = useState(NO_ADDRESS);
  const place = { merchant: camera.merchant.code, camera: camera.code };
  const main = rtspUrl(address, address.path);
  const sub = address.subPath.trim() === '' ? null : rtspUrl(address, address.subPath);
  const save = useMutation({
    mutationFn: () =>
      ask<Camera>(`/cameras/${camera.id}`, { method: 'PATCH', body: { rtspUrl: main, rtspSubUrl: sub } }),
    onSuccess(changed) {
      client.setQueryData(keys.camera(camera.id), changed);
      setChanging(false);
      setAddress(NO_ADDRESS);
      test.start(place);
    },
  });
  const enable = useMutation({
    mutationFn: () => ask<Camera>(`/cameras/${camera.id}`, { method: 'PATCH', body: { enabled: true } }),
    onSuccess: (changed) => client.setQueryData(keys.camera(camera.id), changed),
  });
  const fine = test.probe?.main?.ok === true;
  return (
    <section className="onboard-step" aria-label={t('onboard.step.connect')}>
      <dl className="facts">
        <dt>{t('onboard.how')}</dt>
        <dd>{t(`onboard.source.${camera.source}`)}</dd>
        {camera.source === 'rtsp' ? (
          <>
            <dt>{t('onboard.main')}</dt>
            <dd>{camera.rtspHost ?? '—'}</dd>
            <dt>{t('onboard.sub')}</dt>
            <dd>{camera.rtspSubHost === null ? t('onboard.noSub') : t('onboard.hasSub')}</dd>
          </>
        ) : (
          <>
            <dt>{t('onboard.gateway')}</dt>
            <dd>{camera.gateway?.name}</dd>
          </>
        )}
      </dl>
      {!camera.enabled && (
        <div className="onboard-declined onboard-off" role="note">
          <span>{t('onboard.off')}</span>
          <Button loading={enable.isPending} onClick={() => enable.mutate()}>
            {t('onboard.enable')}
          </Button>
        </div>
      )}
      {!changing && (
        <div className="onboard-actions">
          <Button
            type={fine ? 'default' : 'primary'}
            loading={test.testing}
            onClick={() => test.start(place)}
          >
            {t('onboard.test')}
          </Button>
          {camera.source === 'rtsp' && (
            <Button onClick={() => setChanging(true)}>{t('onboard.changeAddress')}</Button>
          )}
          {fine && (
            <Button type="primary" onClick={() => navigate(stepAddress(camera.id, 'picture'))}>
              {t('onboard.toPicture')}
            </Button>
          )}
        </div>
      )}
      {changing && (
        <form
          className="onboard-change"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <p className="onboard-hint">{t('onboard.changeHint')}</p>
          <AddressFields value={address} onChange={setAddress} />
          {save.isError && (
            <p className="bad" role="alert">
              {why(save.error)}
            </p>
          )}
          <div className="onboard-actions">
            <Button
              disabled={address.host.trim() === ''}
              loading={test.testing}
              onClick={() => test.start({ ...place, rtspUrl: main, rtspSubUrl: sub })}
            >
              {t('onboard.test')}
            </Button>
            <Button
              type="primary"
              htmlType="submit"
              disabled={address.host.trim() === ''}
              loading={save.isPending}
            >
              {t('onboard.saveAddress')}
            </Button>
            <Button onClick={() => setChanging(false)}>{t('onboard.cancel')}</Button>
          </div>
        </form>
      )}
      <StreamResult state={test} />
    </section>
  );
}
