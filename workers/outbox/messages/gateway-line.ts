/** The relay's own session at the broker: commands to gateways, and their answers. Opened when the first is to be sent. */
import { randomUUID } from 'node:crypto';
import { connect, type MqttClient } from 'mqtt';
import { type GatewayPlace, parseTopic, prefixOf } from '../../../services/domain/topics.ts';

export interface Acknowledgement {
  ok: boolean;
  /** In the gateway's words. */
  error: string;
}

export interface GatewayLine {
  /**
   * Publishes a command (QoS 1) and waits for the gateway's answer on its `ack` topic.
   * @returns undefined when none came in time @throws Error when the broker cannot be reached
   */
  command(
    gateway: GatewayPlace,
    id: string,
    payload: object,
    withinMs: number,
  ): Promise<Acknowledgement | undefined>;
  close(): Promise<void>;
}

interface LineOptions {
  url: string;
  username: string | undefined;
  password: string | undefined;
  log(line: string): void;
}

const ACKS = ['mk/v1/+/+/+/ack', 'mk/v1/+/+/+/ack/+'];
const CONNECT_WITHIN_MS = 5_000;

export function createGatewayLine(options: LineOptions): GatewayLine {
  const waiting = new Map<string, (answer: Acknowledgement) => void>();
  let opened: Promise<MqttClient> | undefined;

  const open = async (): Promise<MqttClient> => {
    const client = connect(options.url, {
      // Clean: an answer that is missed is given again to the command that is sent again.
      clean: true,
      clientId: `mingzao-relay-${randomUUID()}`,
      protocolVersion: 4,
      ...(options.username === undefined ? {} : { username: options.username }),
      ...(options.password === undefined ? {} : { password: options.password }),
    });
    client.on('error', (error) => options.log(`broker: ${error.message}`));
    client.on('message', (topic, payload) => take(waiting, topic, payload));
    const ready = new Promise<void>((done) => {
      client.on('connect', () => client.subscribe(ACKS, { qos: 1 }, (error) => error === null && done()));
    });
    await within(ready, CONNECT_WITHIN_MS, 'the broker cannot be reached').catch(async (error: unknown) => {
      await client.endAsync(true);
      throw error;
    });
    return client;
  };

  return {
    async command(gateway, id, payload, withinMs) {
      opened ??= open();
      const client = await opened.catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      const prefix = prefixOf(gateway);
      const key = `${prefix} ${id}`;
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<Acknowledgement | undefined>((done, fail) => {
          waiting.set(key, done);
          timer = setTimeout(() => done(undefined), withinMs);
          // Without a broker MQTT.js would keep it and publish it whenever: late is for the relay to decide.
          if (!client.connected) return fail(new Error('the broker cannot be reached'));
          client.publish(`${prefix}/cmd`, JSON.stringify(payload), { qos: 1 }, (error) => {
            if (error) fail(error);
          });
        });
      } finally {
        clearTimeout(timer);
        waiting.delete(key);
      }
    },
    async close() {
      const client = await opened?.catch(() => undefined);
      await client?.endAsync(true);
    },
  };
}

/** `{id, ok?, error?}`; who answers is known by the topic, which the broker guards. */
function take(
  waiting: ReadonlyMap<string, (answer: Acknowledgement) => void>,
  topic: string,
  payload: Buffer,
): void {
  const place = parseTopic(topic);
  if (place?.kind !== 'ack') return;
  let answer: { id?: unknown; ok?: unknown; error?: unknown };
  try {
    answer = JSON.parse(payload.toString('utf8')) as typeof answer;
  } catch {
    return;
  }
  if (typeof answer !== 'object' || answer === null || typeof answer.id !== 'string') return;
  waiting.get(`${prefixOf(place)} ${answer.id}`)?.({
    ok: answer.ok !== false,
    error: typeof answer.error === 'string' ? answer.error.slice(0, 200) : '',
  });
}

async function within<T>(work: Promise<T>, ms: number, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(otherwise)), ms);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
