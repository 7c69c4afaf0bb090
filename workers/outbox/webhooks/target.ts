import {
  claimOutbox,
  markDelivered,
  markFailed,
  markReplayed,
  type OutboxItem,
} from '../../../services/db/outbox.ts';
import type { PlatformBrokers } from '../../../services/outbound/broker.ts';
import { publishEvent } from '../platforms/publish.ts';
import { type Delivery, type RelayContext, type RelayTarget, relay } from '../relay.ts';
import { deliver } from './deliver.ts';

export interface EventContext extends RelayContext {
  brokers: PlatformBrokers;
}

/** Events on their way to platforms, by webhook or to the platform's own broker. */
export function webhookTarget(context: EventContext): RelayTarget<OutboxItem> {
  const { db, sealer, outbound, brokers, now } = context;
  return {
    claim: (claimer, at, limits) => claimOutbox(db, claimer, at, limits),
    async send(item) {
      try {
        const open = (sealed: Buffer | null) => (sealed === null ? null : sealer.open(sealed));
        if (item.channel === 'mqtt') return await publishEvent(item, open(item.brokerSealed), brokers);
        return await deliver(item, sealer.open(item.secretSealed), now(), outbound);
      } catch (error) {
        return { ok: false, status: null, error: (error as Error).message };
      }
    },
    async delivered(item, { status }) {
      if (item.replayId === null) await markDelivered(db, item.id, status, now());
      else await markReplayed(db, item, status, now());
    },
    failed: (item, { status, error }, nextAt) => markFailed(db, item.id, { status, error, nextAt }),
  };
}

/** Sends every event that is due now. */
export async function relayDue(context: EventContext): Promise<Delivery[]> {
  return await relay(context, webhookTarget(context));
}
