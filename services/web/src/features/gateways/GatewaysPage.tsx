import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Gateway } from '../../api/gateway-types.ts';
import { keys } from '../../api/keys.ts';
import { usePages } from '../../api/use-pages.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { GatewayCard } from './GatewayCard.tsx';
import { NewGateway } from './NewGateway.tsx';
import './gateways.css';

/** Milliseconds: refusals and last signs of life are not told live. */
const EVERY_MS = 15_000;

export function GatewaysPage() {
  const { t } = useTranslation();
  // services/domain/rights.ts, registry.write.
  const mayWrite = useCurrentSession().account.role === 'operator';
  const [adding, setAdding] = useState(false);
  const list = usePages<Gateway>({ key: keys.gateways, path: '/gateways', refetchInterval: EVERY_MS });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('gateways.title')}</h1>
        {mayWrite && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {t('gateways.add')}
          </Button>
        )}
      </div>
      {list.isRefetchError && <StaleStrip since={list.dataUpdatedAt} onRetry={() => void list.refetch()} />}
      {list.isPending ? (
        <Bones lines={6} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="gateways" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t('gateways.empty')}>
          <p>{t('gateways.emptyHint')}</p>
        </Note>
      ) : (
        <ul className="gateways">
          {list.items.map((gateway) => (
            <GatewayCard key={gateway.id} gateway={gateway} mayWrite={mayWrite} />
          ))}
        </ul>
      )}
      <More list={list} />
      {adding && <NewGateway onClose={() => setAdding(false)} />}
    </div>
  );
}
