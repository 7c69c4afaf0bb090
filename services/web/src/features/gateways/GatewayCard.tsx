import { useTranslation } from 'react-i18next';
import type { Gateway } from '../../api/gateway-types.ts';
import type { GatewayState } from '../../api/types.ts';
import { Age } from '../../ui/Times.tsx';
import { GatewayControls } from './GatewayControls.tsx';
import { Refusals } from './Refusals.tsx';

const TONE: Record<GatewayState, string> = { online: 'tag-good', offline: 'tag-bad', unknown: '' };

export function GatewayCard({ gateway, mayWrite }: { gateway: Gateway; mayWrite: boolean }) {
  const { t } = useTranslation();
  return (
    <li className="sheet gateway">
      <div className="gateway-head">
        <h2>{gateway.name}</h2>
        <span className={`tag tag-dot ${TONE[gateway.state]}`}>{t(`gatewayState.${gateway.state}`)}</span>
        {!gateway.enabled && <span className="tag">{t('gateways.disabled')}</span>}
      </div>
      <dl className="gateway-facts">
        <div>
          <dt>{t('gateways.lastSeen')}</dt>
          <dd>{gateway.lastSeenAt === null ? t('gateways.never') : <Age at={gateway.lastSeenAt} />}</dd>
        </div>
        <div>
          <dt>{t('nav.cameras')}</dt>
          <dd className="num">{gateway.cameras}</dd>
        </div>
        <div>
          <dt>{t('gateways.merchant')}</dt>
          <dd>{gateway.merchant?.name ?? t('gateways.shared')}</dd>
        </div>
        <div>
          <dt>{t('gateways.region')}</dt>
          <dd>{gateway.region.name}</dd>
        </div>
        <div>
          <dt>{t('gateways.code')}</dt>
          <dd>{gateway.code}</dd>
        </div>
      </dl>
      {gateway.refused === 0 ? (
        <p className="gateway-calm">{t('gateways.noRefusals')}</p>
      ) : (
        <Refusals gateway={gateway} />
      )}
      {mayWrite && <GatewayControls gateway={gateway} />}
    </li>
  );
}
