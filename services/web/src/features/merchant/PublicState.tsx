import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError, ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { KitchenCard } from '../public/KitchenCard.tsx';
import '../public/public.css';
import type { PublicKitchen } from '../public/types.ts';

/** What anybody sees of this kitchen: the very answer that the public gets, drawn by the same piece. */
export function PublicState() {
  const { t } = useTranslation();
  const { merchant } = useCurrentSession().account;
  const code = merchant?.code ?? '';
  const asked = useQuery({
    queryKey: keys.publicKitchen(code),
    queryFn: ({ signal }) => ask<PublicKitchen>(`/public/kitchens/${encodeURIComponent(code)}`, { signal }),
    enabled: code !== '',
    refetchInterval: 60_000,
  });
  const closed = asked.error instanceof ApiError && asked.error.status === 404;
  return (
    <section aria-label={t('merchant.public')} className="public-preview">
      <h2>{t('merchant.public')}</h2>
      {closed ? (
        <>
          <p>
            <span className="tag">{t('merchant.publicClosed')}</span>
          </p>
          <p>{t('merchant.publicNothing')}</p>
        </>
      ) : asked.data !== undefined ? (
        <KitchenCard kitchen={asked.data} answeredMs={asked.dataUpdatedAt} whole />
      ) : asked.isError ? (
        <Failure what="public" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Bones lines={3} />
      )}
      <p className="quiet">{t('merchant.publicRule')}</p>
    </section>
  );
}
