/** Sessions at the platforms' own brokers: one an address for what is published, opened when the first event is to be sent. */
import { randomUUID } from 'node:crypto';
import { MqttClient } from 'mqtt';
import { OutboundError } from './request.ts';
import type { OpenSocket } from './socket.ts';

export interface BrokerAddress {
  /** mqtt:// or mqtts:// */
  url: string;
  username: string | undefined;
  password: string | undefined;
}

export interface PlatformBrokers {
  /** Publishes with QoS 1. @returns when the broker acknowledged (PUBACK) @throws Error in plain words when it did not in time */
  publish(address: BrokerAddress, topic: string, payload: string, withinMs: number): Promise<void>;
  close(): Promise<void>;
}

const PORTS: Record<string, number> = { 'mqtt:': 1883, 'mqtts:': 8883 };

export function createPlatformBrokers(open: OpenSocket): PlatformBrokers {
  const sessions = new Map<string, Promise<MqttClient>>();
  const keyOf = ({ url, username = '', password = '' }: BrokerAddress) =>
    JSON.stringify([url, username, password]);
  const forget = async (key: string, session: Promise<MqttClient>): Promise<void> => {
    if (sessions.get(key) === session) sessions.delete(key);
    const client = await session.catch(() => undefined);
    await client?.endAsync(true);
  };
  return {
    async publish(address, topic, payload, withinMs) {
      const key = keyOf(address);
      const session = sessions.get(key) ?? connectTo(open, address, withinMs);
      sessions.set(key, session);
      let timer: NodeJS.Timeout | undefined;
      try {
        const client = await session;
        await new Promise<void>((done, fail) => {
          timer = setTimeout(
            () => fail(new Error(`no acknowledgement within ${withinMs / 1000} s`)),
            withinMs,
          );
          client.once('close', () => fail(new Error('the broker closed the connection')));
          // Without a connection MQTT.js would keep it and publish it whenever: late is for the relay to decide.
          if (!client.connected) return fail(new Error('the broker closed the connection'));
          client.publish(topic, payload, { qos: 1 }, (error) => (error ? fail(error) : done()));
        });
      } catch (error) {
        await forget(key, session);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      await Promise.all([...sessions].map(([key, session]) => forget(key, session)));
    },
  };
}

/** Of a session: a name that stays makes the broker keep what comes while nobody is there. */
export interface SessionOptions {
  /** Absent: a new session each time. */
  keptAs?: string;
  /** Before anything arrives, so that nothing that was kept is missed. */
  prepare?: (client: MqttClient) => void;
}

/** One attempt: the caller decides when the next is made. @throws Error in plain words */
export async function connectTo(
  open: OpenSocket,
  address: BrokerAddress,
  withinMs: number,
  { keptAs, prepare }: SessionOptions = {},
): Promise<MqttClient> {
  const url = new URL(address.url);
  const port = Number(url.port) || (PORTS[url.protocol] ?? 0);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (port === 0) throw new OutboundError('refused', 'this is not an mqtt or mqtts address');
  const socket = open({ host, port, tls: url.protocol === 'mqtts:' });
  const client = new MqttClient(() => socket, {
    clean: keptAs === undefined,
    clientId: keptAs ?? `mingzao-${randomUUID()}`,
    protocolVersion: 4,
    reconnectPeriod: 0,
    connectTimeout: withinMs,
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
  });
  // Deliveries in parallel listen for the end of the connection, one each.
  client.setMaxListeners(0);
  prepare?.(client);
  try {
    await new Promise<void>((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`no answer within ${withinMs / 1000} s`)), withinMs);
      const end = (error?: Error): void => {
        clearTimeout(timer);
        if (error === undefined) done();
        else fail(error);
      };
      client.once('connect', () => end());
      client.once('error', (error) => end(plain(error)));
      client.once('close', () => end(new Error('the broker closed the connection')));
    });
  } catch (error) {
    await client.endAsync(true);
    throw error;
  }
  // What goes wrong later shows in the publishing that it breaks.
  client.on('error', () => {});
  return client;
}

function plain(error: Error & { code?: number | string }): Error {
  if (error instanceof OutboundError) return error;
  if (typeof error.code === 'string') return new Error(`cannot be reached: ${error.code}`);
  return new Error(`the broker refuses: ${error.message}`);
}
