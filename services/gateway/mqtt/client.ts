import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type MqttClient } from 'mqtt';
import { SUBSCRIPTIONS } from '../../domain/topics.ts';
import { Stopped } from '../keep-trying.ts';

/** Seconds. A broker that is gone without a word is noticed after one and a half times this. */
const KEEPALIVE_S = 30;
const RECONNECT_MS = 1_000;
/** Milliseconds for saying good-bye. */
const END_MS = 500;
/** Messages and bytes in hand before the next is taken off the wire: bounds memory, the broker keeps the rest. */
const IN_HAND = 256;
const IN_HAND_BYTES = 48 * 1024 * 1024;
/** After a connection, what was not acknowledged on the last one comes again, not always marked as a repetition. */
const REPEATS_FOR_MS = 60_000;

/** One message as it came. */
export interface Delivery {
  topic: string;
  payload: Buffer;
  /** It may have come before. */
  maybeRepeated: boolean;
  /** The broker kept it and sends it at each subscribing (OASIS MQTT 3.1.1 §3.3.1.3): it may be of any time. */
  retained: boolean;
}

export interface BrokerClient {
  readonly connected: boolean;
  /** Connected and subscribed. */
  readonly ready: boolean;
  /** Messages that were acknowledged (or needed it not) since the start. */
  readonly settled: number;
  /** Takes no more messages, waits for those in hand to be done or given up, and leaves; the broker keeps the session. */
  close(): Promise<void>;
}

/** MQTT.js takes an error from `handleMessage` for "go on, but send no PUBACK": it is sent here, later. */
const NOT_YET = new Error('acknowledged later');

/** PUBACK: type 4, two bytes packet identifier (OASIS MQTT 3.1.1 §3.4). */
function puback(messageId: number): Buffer {
  return Buffer.from([0x40, 0x02, messageId >> 8, messageId & 0xff]);
}

/**
 * Mingzao's session at the broker. `take` resolves when the message may be acknowledged and rejects when it may not.
 *
 * MQTT.js hands over one message at a time and waits for it, so that a slow camera would hold up all others. Here the
 * next one is taken at once, and each is acknowledged when its own work is done, on the connection it came by: packet
 * identifiers mean nothing on another one.
 */
export function connectToBroker(options: {
  url: string;
  username: string | undefined;
  password: string | undefined;
  clientId: string;
  /** Several gateway processes share the messages ($share/mingzao/…); else this one hears everything. */
  shared: boolean;
  take(delivery: Delivery): Promise<void>;
  /** Subscribed: from now on the broker keeps what comes. Again after each connection. */
  onReady(): void;
  log(line: string): void;
}): BrokerClient {
  let closing = false;
  let inHand = 0;
  let inHandBytes = 0;
  let connectedAt = 0;
  let settled = 0;
  let ready = false;
  let resume: (() => void) | undefined;
  let drained: (() => void) | undefined;
  const client: MqttClient = connect(options.url, {
    clientId: options.clientId,
    clean: false,
    protocolVersion: 4,
    keepalive: KEEPALIVE_S,
    reconnectPeriod: RECONNECT_MS,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
  });

  client.handleMessage = (packet, done) => {
    if (closing) return done(NOT_YET);
    const { stream } = client;
    const { qos, messageId } = packet;
    const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
    const bytes = payload.length;
    inHand += 1;
    inHandBytes += bytes;
    const release = (): void => {
      inHand -= 1;
      inHandBytes -= bytes;
      if (inHand === 0) drained?.();
      const go = resume;
      resume = undefined;
      go?.();
    };
    const maybeRepeated = packet.dup || performance.now() - connectedAt < REPEATS_FOR_MS;
    options.take({ topic: packet.topic, payload, maybeRepeated, retained: packet.retain }).then(
      () => {
        settled += 1;
        const sameConnection = client.stream === stream && !stream.destroyed;
        if (qos === 1 && messageId !== undefined && sameConnection) stream.write(puback(messageId));
        release();
      },
      (error: Error) => {
        if (!(error instanceof Stopped)) options.log(`not acknowledged: ${error.message}`);
        release();
      },
    );
    if (inHand < IN_HAND && inHandBytes < IN_HAND_BYTES) done(NOT_YET);
    else resume = () => done(NOT_YET);
  };
  client.on('connect', () => {
    connectedAt = performance.now();
    subscribe(
      client,
      options.shared,
      () => {
        ready = true;
        options.onReady();
      },
      options.log,
    );
  });
  client.on('error', (error) => options.log(`broker: ${error.message}`));
  client.on('close', () => {
    ready = false;
    resume = undefined;
  });
  return {
    get connected() {
      return client.connected;
    },
    get ready() {
      return ready;
    },
    get settled() {
      return settled;
    },
    async close() {
      closing = true;
      if (inHand > 0) {
        await new Promise<void>((done) => {
          drained = done;
        });
      }
      // A broker that is gone answers nothing: do not wait for it.
      await Promise.race([client.endAsync(), sleep(END_MS, undefined, { ref: false })]);
      await client.endAsync(true);
    },
  };
}

/**
 * Plain subscriptions unless told otherwise: Mosquitto 2.0.11 (Debian 12) forgets the shared subscriptions of a session that it
 * kept over a restart, and with them every message until the next connection.
 */
function subscribe(
  client: MqttClient,
  shared: boolean,
  onReady: () => void,
  log: (line: string) => void,
): void {
  const ask = (topics: readonly string[], done: (granted: boolean) => void): void => {
    const wanted = Object.fromEntries(topics.map((topic) => [topic, { qos: 1 as const }]));
    client.subscribe(wanted, (error, granted) => {
      done(!error && granted?.every((one) => one.qos !== 128) === true);
    });
  };
  const refused = (): void => log('the broker does not let Mingzao subscribe: check its account and rights');
  const shareable = SUBSCRIPTIONS.shared.map((topic) => (shared ? `$share/mingzao/${topic}` : topic));
  ask(SUBSCRIPTIONS.plain, (granted) => {
    if (!granted) return refused();
    ask(shareable, (sharedToo) => (sharedToo ? onReady() : refused()));
  });
}
