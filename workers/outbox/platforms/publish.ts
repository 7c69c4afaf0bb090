import type { OutboxItem } from '../../../services/db/outbox.ts';
import type { PlatformBrokers } from '../../../services/outbound/broker.ts';
import { type Delivery, SEND_WITHIN_MS } from '../relay.ts';
import { bodyOf } from '../webhooks/deliver.ts';

/** What is kept sealed for a platform's broker. */
interface BrokerLogin {
  username?: string;
  password?: string;
}

/** Publishes one event on `<prefix>/event/<type>`; delivered means acknowledged by the broker. Never throws. */
export async function publishEvent(
  item: OutboxItem,
  login: string | null,
  brokers: PlatformBrokers,
): Promise<Delivery> {
  const { username, password } = JSON.parse(login ?? '{}') as BrokerLogin;
  try {
    await brokers.publish(
      { url: item.url, username, password },
      `${item.topicPrefix}/event/${item.type}`,
      bodyOf(item),
      SEND_WITHIN_MS / 2,
    );
    return { ok: true, status: null, error: '' };
  } catch (error) {
    return { ok: false, status: null, error: (error as Error).message };
  }
}
