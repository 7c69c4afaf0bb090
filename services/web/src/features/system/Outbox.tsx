import { useTranslation } from 'react-i18next';
import { query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { usePages } from '../../api/use-pages.ts';
import { navigate, useRoute } from '../../app/router.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { DeadCauses } from './DeadCauses.tsx';
import { DeliveryCard } from './DeliveryCard.tsx';
import { DestinationCard } from './DestinationCard.tsx';
import { DELIVERY_STATES, type Delivery, type DeliveryPage, type DeliveryState } from './outbox-types.ts';
import { Reconciliations } from './Reconciliations.tsx';
import { OUTBOX_EVERY_MS, useDestinations } from './use-outbox.ts';
import './outbox.css';

const address = (state: DeliveryState | undefined, webhook: string | undefined, cause?: string): string =>
  `/system/outbox${query({ state, webhook, cause })}`;

const NONE = {
  dead: 'outbox.noneDead',
  set_aside: 'outbox.noneAside',
  pending: 'outbox.none',
  delivered: 'outbox.none',
} as const;

/** 外发: what leaves for platforms. Dead letters lie in plain sight until somebody sends them again or sets them aside. */
export function Outbox() {
  const { t } = useTranslation();
  const { search } = useRoute();
  const state = DELIVERY_STATES.find((one) => one === search.get('state'));
  const webhook = search.get('webhook') ?? undefined;
  const cause = search.get('cause') ?? undefined;
  const destinations = useDestinations();
  const list = usePages<Delivery>({
    key: keys.outbox,
    path: '/outbox',
    filter: { state, webhook, cause },
    limit: 30,
    refetchInterval: OUTBOX_EVERY_MS,
  });
  const counts = (list.data?.pages[0] as DeliveryPage | undefined)?.counts;
  const all = destinations.data?.items ?? [];
  return (
    <div className="outbox">
      {list.isRefetchError && <StaleStrip since={list.dataUpdatedAt} onRetry={() => void list.refetch()} />}
      <section aria-labelledby="outbox-destinations">
        <h2 id="outbox-destinations">{t('outbox.destinations')}</h2>
        {destinations.isPending ? (
          <Bones lines={4} />
        ) : destinations.isError && all.length === 0 ? (
          <Failure what="outbox" error={destinations.error} onRetry={() => void destinations.refetch()} />
        ) : all.length === 0 ? (
          <Note title={t('outbox.noDestination')}>
            <p>{t('outbox.noDestinationHint')}</p>
          </Note>
        ) : (
          <ul className="outbox-destinations">
            {all.map((one) => (
              <DestinationCard key={one.webhook.id} destination={one} />
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="outbox-deliveries">
        <h2 id="outbox-deliveries">{t('outbox.deliveries')}</h2>
        <fieldset className="chips" aria-label={t('filter.state')}>
          {([undefined, ...DELIVERY_STATES] as const).map((one) => (
            <button
              key={one ?? 'all'}
              type="button"
              className="chip"
              aria-pressed={one === state}
              onClick={() => navigate(address(one, webhook))}
            >
              {one === undefined ? t('filter.all') : t(`outbox.state.${one}`)}
              {one !== undefined && counts !== undefined && <span className="num">{counts[one]}</span>}
            </button>
          ))}
        </fieldset>
        {all.length > 1 && (
          <fieldset className="chips" aria-label={t('outbox.destination')}>
            {[undefined, ...all.map((one) => one.webhook)].map((one) => (
              <button
                key={one?.id ?? 'all'}
                type="button"
                className="chip"
                aria-pressed={one?.id === webhook}
                onClick={() => navigate(address(state, one?.id))}
              >
                {one?.name ?? t('outbox.everyDestination')}
              </button>
            ))}
          </fieldset>
        )}
        {(state === 'dead' || state === 'set_aside') && (
          <DeadCauses
            state={state}
            webhook={webhook}
            chosen={cause}
            address={(one) => address(state, webhook, one)}
          />
        )}
        {list.isPending ? (
          <Bones lines={6} />
        ) : list.isError && list.items.length === 0 ? (
          <Failure what="outbox" error={list.error} onRetry={() => void list.refetch()} />
        ) : list.items.length === 0 ? (
          <p className="outbox-none">{t(NONE[state ?? 'delivered'])}</p>
        ) : (
          <ul className="outbox-list">
            {list.items.map((delivery) => (
              <DeliveryCard key={delivery.id} delivery={delivery} />
            ))}
          </ul>
        )}
        <More list={list} />
      </section>
      <Reconciliations />
    </div>
  );
}
