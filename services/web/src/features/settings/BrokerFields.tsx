import { Checkbox, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/Field.tsx';
import { OrderLineState } from './OrderLineState.tsx';
import type { Webhook } from './types.ts';

export interface BrokerTyped {
  topicPrefix: string;
  username: string;
  password: string;
  /** What is kept is taken away. */
  forget: boolean;
  orders: boolean;
}

/** As a form begins: what is kept at the server is never read back into it. */
export const brokerTyped = (webhook: Webhook | undefined): BrokerTyped => ({
  topicPrefix: webhook?.topicPrefix ?? '',
  username: '',
  password: '',
  forget: false,
  orders: webhook?.orders != null,
});

/** What is said of the broker: what was typed. A login that was not typed stays as it is. */
export function brokerBody({ topicPrefix, username, password, forget, orders }: Partial<BrokerTyped>) {
  return {
    ...(topicPrefix !== undefined && { topicPrefix }),
    ...(orders !== undefined && { orders }),
    ...(forget === true
      ? { broker: null }
      : username
        ? { broker: { username, password: password ?? '' } }
        : {}),
  };
}

interface BrokerFieldsProps {
  webhook: Webhook | undefined;
  /** Orders belong to an account. */
  account: string | null;
  typed: BrokerTyped;
  onChange: (change: Partial<BrokerTyped>) => void;
}

/** A platform's own broker: topics, login, and whether its orders are heard there. */
export function BrokerFields({ webhook, account, typed, onChange }: BrokerFieldsProps) {
  const { t } = useTranslation();
  const kept = webhook?.brokerLogin === true;
  return (
    <fieldset className="settings-rows">
      <legend>{t('settings.platform.broker.title')}</legend>
      <Field id="platform-topic" label={t('settings.platform.topic')}>
        <Input
          id="platform-topic"
          value={typed.topicPrefix}
          autoCapitalize="none"
          onChange={({ target }) => onChange({ topicPrefix: target.value.trim() })}
        />
      </Field>
      <div className="fields settings-login">
        <Field id="platform-user" label={t('settings.platform.broker.username')}>
          <Input
            id="platform-user"
            value={typed.username}
            disabled={typed.forget}
            autoComplete="off"
            autoCapitalize="none"
            placeholder={kept ? t('settings.platform.broker.kept') : undefined}
            onChange={({ target }) => onChange({ username: target.value })}
          />
        </Field>
        <Field id="platform-password" label={t('settings.platform.broker.password')}>
          <Input
            id="platform-password"
            type="password"
            value={typed.password}
            disabled={typed.forget}
            autoComplete="new-password"
            placeholder={kept ? t('settings.platform.broker.kept') : undefined}
            onChange={({ target }) => onChange({ password: target.value })}
          />
        </Field>
      </div>
      <p className="settings-quiet">
        {t(kept ? 'settings.platform.broker.hintKept' : 'settings.platform.broker.hint')}
      </p>
      {kept && (
        <Checkbox
          checked={typed.forget}
          onChange={({ target }) => onChange({ forget: target.checked, username: '', password: '' })}
        >
          {t('settings.platform.broker.forget')}
        </Checkbox>
      )}
      <Checkbox
        checked={typed.orders}
        disabled={account === null && !typed.orders}
        onChange={({ target }) => onChange({ orders: target.checked })}
      >
        {t('settings.platform.broker.orders')}
      </Checkbox>
      <p className="settings-quiet">
        {t(
          account === null ? 'settings.platform.broker.needsAccount' : 'settings.platform.broker.ordersHint',
          {
            prefix: typed.topicPrefix === '' ? '…' : typed.topicPrefix,
          },
        )}
      </p>
      {webhook?.orders != null && (
        <p>
          <OrderLineState line={webhook.orders} />
        </p>
      )}
    </fieldset>
  );
}
