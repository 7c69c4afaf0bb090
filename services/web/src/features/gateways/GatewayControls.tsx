import { Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Gateway } from '../../api/gateway-types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { SecretNote } from './SecretNote.tsx';
import { useGateways } from './use-gateways.ts';

/** What an operator may do to one gateway. */
export function GatewayControls({ gateway: { id, enabled, cameras } }: { gateway: Gateway }) {
  const { t } = useTranslation();
  const why = useWhy();
  const { change, newSecret, remove } = useGateways();
  const error = change.error ?? newSecret.error ?? remove.error;
  const stop = () => change.mutate({ id, body: { enabled: !enabled } });
  return (
    <div className="gateway-controls">
      <Popconfirm
        title={t('gateways.newSecretAsk')}
        okText={t('gateways.newSecret')}
        cancelText={t('gateways.cancel')}
        onConfirm={() => newSecret.mutate(id)}
      >
        <Button loading={newSecret.isPending}>{t('gateways.newSecret')}</Button>
      </Popconfirm>
      {enabled ? (
        <Popconfirm
          title={t('gateways.disableAsk')}
          okText={t('gateways.disable')}
          cancelText={t('gateways.cancel')}
          onConfirm={stop}
        >
          <Button loading={change.isPending}>{t('gateways.disable')}</Button>
        </Popconfirm>
      ) : (
        <Button loading={change.isPending} onClick={stop}>
          {t('gateways.enable')}
        </Button>
      )}
      {cameras === 0 && (
        <Popconfirm
          title={t('gateways.removeAsk')}
          okText={t('gateways.remove')}
          cancelText={t('gateways.cancel')}
          onConfirm={() => remove.mutate(id)}
        >
          <Button danger loading={remove.isPending}>
            {t('gateways.remove')}
          </Button>
        </Popconfirm>
      )}
      {error !== null && (
        <p className="bad" role="alert">
          {why(error)}
        </p>
      )}
      {newSecret.isSuccess && <SecretNote secret={newSecret.data} />}
    </div>
  );
}
