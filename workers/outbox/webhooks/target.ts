import { claimOutbox, markDelivered, markFailed, type OutboxItem } from '../../../services/db/outbox.ts';
import { type Delivery, type RelayContext, type RelayTarget, relay } from '../relay.ts';
import { deliver } from './deliver.ts';

/** Events on their way to platforms. */
export function webhookTarget({ db, sealer, outbound, now }: RelayContext): RelayTarget<OutboxItem> {
  return {
    claim: (claimer, at, limits) => claimOutbox(db, claimer, at, limits),
    async send(item) {
      let secret: string;
      try {
        secret = sealer.open(item.secretSealed);
      } catch (error) {
        return { ok: false, status: null, error: (error as Error).message };
      }
      return await deliver(item, secret, now(), outbound);
    },
    delivered: (item, { status }) => markDelivered(db, item.id, status ?? 0, now()),
    failed: (item, { status, error }, nextAt) => markFailed(db, item.id, { status, error, nextAt }),
  };
}

/** Sends every event that is due now. */
export async function relayDue(context: RelayContext): Promise<Delivery[]> {
  return await relay(context, webhookTarget(context));
}
