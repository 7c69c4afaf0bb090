import { useTranslation } from 'react-i18next';
import type { GatewaySecret } from '../../api/registry-types.ts';

/** What is written into the box; the password is not shown again. */
export function SecretNote({ secret }: { secret: GatewaySecret }) {
  const { t } = useTranslation();
  return (
    <div className="gateway-secret" role="alert">
      <p>{t('gateways.secretOnce')}</p>
      <dl>
        {(['mqttUrl', 'username', 'password', 'topicPrefix'] as const).map((key) => (
          <div key={key}>
            <dt>{t(`gateways.secret.${key}`)}</dt>
            <dd>
              <code>{secret[key]}</code>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
