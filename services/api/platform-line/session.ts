/** One platform's line: a session at its broker that hears orders and answers them. */

import type { MqttClient } from 'mqtt';
import { said } from '../../domain/said.ts';
import { type BrokerAddress, connectTo } from '../../outbound/broker.ts';
import type { OpenSocket } from '../../outbound/socket.ts';
import type { OrderAnswer, OrderDelivery } from './take-order.ts';

const CONNECT_WITHIN_MS = 10_000;
/** Bytes of a message; an order needs a fraction. */
const MOST_BYTES = 32_768;

export interface LineSession {
  /** Why it is over; undefined: it goes on. */
  ended(): string | undefined;
  /** Waits for the order in hand; the broker keeps the session and what comes meanwhile. @param forget it keeps nothing */
  close(forget?: boolean): Promise<void>;
}

export interface LineOptions {
  open: OpenSocket;
  address: BrokerAddress;
  /** Topics begin with it. */
  prefix: string;
  /** Name of the session: the same for whichever process holds the line. */
  keptAs: string;
  /** @throws when the message must come again */
  take(delivery: OrderDelivery): Promise<OrderAnswer>;
}

/** Connects and subscribes. @throws Error in plain words */
export async function openLine(options: LineOptions): Promise<LineSession> {
  const { open, address, prefix, keptAs } = options;
  let over: string | undefined;
  const hear = hearing(options, (reason) => {
    over ??= reason;
  });
  const client = await connectTo(open, address, CONNECT_WITHIN_MS, { keptAs, prepare: hear.prepare });
  client.on('close', () => {
    over ??= 'the broker closed the connection';
  });
  const topic = `${prefix}/cmd`;
  try {
    const [granted] = await client.subscribeAsync(topic, { qos: 1 });
    if (granted === undefined || granted.qos > 2) throw new Error('refused');
  } catch {
    await client.endAsync(true);
    throw new Error(`the broker does not let us subscribe to ${topic}`);
  }
  return {
    ended: () => over,
    async close(forget = false) {
      over ??= 'closed';
      await hear.idle();
      if (forget && client.connected) await client.unsubscribeAsync(topic).catch(() => {});
      await client.endAsync(true);
    },
  };
}

/**
 * Orders are carried out one after the other, in the order in which they came. The answer is written to the connection before
 * the order's PUBACK: a broker that knows of the acknowledgement has the answer too, and an order whose answer was lost comes
 * again and is answered as the first time (its key says so).
 */
function hearing({ prefix, take }: LineOptions, fail: (reason: string) => void) {
  let inHand: Promise<void> = Promise.resolve();
  const answer = (client: MqttClient, said: OrderAnswer): void => {
    client.publish(`${prefix}/ack`, JSON.stringify(said), { qos: 1 }, () => {});
  };
  const one = async (client: MqttClient, delivery: OrderDelivery): Promise<void> => {
    if (delivery.payload.length > MOST_BYTES)
      return answer(client, { id: null, status: 413, problem: tooLarge(delivery.payload.length) });
    answer(client, await take(delivery));
  };
  return {
    idle: () => inHand,
    prepare(client: MqttClient): void {
      client.handleMessage = (packet, done) => {
        const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
        inHand = one(client, { payload, retained: packet.retain }).then(
          () => done(),
          (error: Error) => {
            // An error here means: go on, but send no PUBACK. The connection ends, so that it comes again on the next.
            fail(error.message);
            done(error);
            client.end(true);
          },
        );
      };
    },
  };
}

function tooLarge(bytes: number): Record<string, unknown> {
  const why = said('message_too_large', { bytes, most: MOST_BYTES });
  return {
    type: 'urn:mingzao:problem:too-large',
    title: 'The request is too large',
    status: 413,
    detail: `message: ${why.message}`,
    errors: [{ field: 'message', ...why }],
  };
}
