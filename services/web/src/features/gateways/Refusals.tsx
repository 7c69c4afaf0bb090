import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import type { Gateway, GatewayPage } from '../../api/gateway-types.ts';
import { keys } from '../../api/keys.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Age } from '../../ui/Times.tsx';

/** A reason that this page does not know is shown by its code. */
const reasonText = (t: TFunction, reason: string): string =>
  t(`refusal.${reason}` as 'refusal.too_large', { defaultValue: reason });

/** What the gateway sent and was refused, by reason, fetched when somebody wants to know. */
export function Refusals({ gateway }: { gateway: Gateway }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const page = useQuery({
    queryKey: keys.gateway(gateway.id),
    queryFn: ({ signal }) => ask<GatewayPage>(`/gateways/${encodeURIComponent(gateway.id)}`, { signal }),
    enabled: open,
  });
  return (
    <details className="refusals" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {t('gateways.refusals')} <b className="num bad">{gateway.refused}</b>
      </summary>
      {page.data !== undefined ? (
        <div className="refusals-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('gateways.refusalReason')}</th>
                <th scope="col">{t('gateways.refusalCount')}</th>
                <th scope="col">{t('gateways.refusalLast')}</th>
                <th scope="col">{t('gateways.refusalDetail')}</th>
              </tr>
            </thead>
            <tbody>
              {page.data.refusals.map(({ reason, count, lastAt, lastDetail }) => (
                <tr key={reason}>
                  <td>{reasonText(t, reason)}</td>
                  <td className="num">{count}</td>
                  <td>
                    <Age at={lastAt} />
                  </td>
                  <td className="refusal-detail">{lastDetail}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : page.isError ? (
        <Failure what="gateways" error={page.error} onRetry={() => void page.refetch()} />
      ) : (
        <Bones lines={3} />
      )}
    </details>
  );
}
