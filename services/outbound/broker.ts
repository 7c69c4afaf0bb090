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

interface Session {
  client: MqttClient;
  /** How publishings that wait for their acknowledgement fail when the connection ends; the session itself listens, once. */
  waiting: Set<(error: Error) => void>;
}

export function createPlatformBrokers(open: OpenSocket): PlatformBrokers {
  const sessions = new Map<string, Promise<Session>>();
  const keyOf = ({ url, username = '', password = '' }: BrokerAddress) =>
    JSON.stringify([url, username, password]);
  const forget = async (key: string, session: Promise<Session>): Promise<void> => {
    if (sessions.get(key) === session) sessions.delete(key);
    const opened = await session.catch(() => undefined);
    await opened?.client.endAsync(true);
  };
  return {
    async publish(address, topic, payload, withinMs) {
      const key = keyOf(address);
      const session = sessions.get(key) ?? openSession(open, address, withinMs);
      sessions.set(key, session);
      try {
        await publishIn(await session, topic, payload, withinMs);
      } catch (error) {
        await forget(key, session);
        throw error;
      }
    },
    async close() {
      await Promise.all([...sessions].map(([key, session]) => forget(key, session)));
    },
  };
}

const closed = (): Error => new Error('the broker closed the connection');

async function openSession(open: OpenSocket, address: BrokerAddress, withinMs: number): Promise<Session> {
  const client = await connectTo(open, address, withinMs);
  const waiting: Session['waiting'] = new Set();
  client.once('close', () => {
    for (const fail of waiting) fail(closed());
  });
  return { client, waiting };
}

async function publishIn(
  { client, waiting }: Session,
  topic: string,
  payload: string,
  withinMs: number,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => reject(new Error(`no acknowledgement within ${withinMs / 1000} s`)),
    withinMs,
  );
  waiting.add(reject);
  try {
    // Without a connection MQTT.js would keep it and publish it whenever: late is for the relay to decide.
    if (client.connected)
      client.publish(topic, payload, { qos: 1 }, (error) => (error ? reject(error) : resolve()));
    else reject(closed());
    await promise;
  } finally {
    clearTimeout(timer);
    waiting.delete(reject);
  }
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
      client.once('close', () => end(closed()));
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
