import { createHash } from 'node:crypto';
import { encode } from 'cbor2';
import { connectAsync, type MqttClient } from 'mqtt';
import { BURST_FRAMES } from '../../services/domain/schedule.ts';
import type { Target } from './target.ts';

const CONNECT_MS = 15_000;
/** Messages that may wait for their PUBACK; then the player waits, too. */
const IN_FLIGHT = 8;

/** Takes pictures one by one and sends them, as frames or in looks. */
export interface Sender {
  send(jpeg: Buffer, at: Date): Promise<void>;
  readonly frames: number;
  readonly looks: number;
  /** Waits for the last PUBACK. */
  close(): Promise<void>;
}

/** @throws Error in one line when the broker does not let us in */
export async function connectSender(target: Target, asLooks: boolean): Promise<Sender> {
  const client = await signIn(target);
  const waiting = new Set<Promise<unknown>>();
  let burst: { jpeg: Buffer; at: Date }[] = [];
  let frames = 0;
  let looks = 0;
  let failed: Error | undefined;
  client.on('error', (error) => {
    failed = error;
  });

  const publish = async (kind: string, payload: Buffer): Promise<void> => {
    if (failed !== undefined) throw new Error(`the broker: ${failed.message}`);
    while (waiting.size >= IN_FLIGHT) await Promise.race(waiting);
    const topic = `${target.prefix}/${kind}/${target.camera}`;
    const sent = client.publishAsync(topic, payload, { qos: 1 }).catch((error: Error) => {
      failed = error;
    });
    waiting.add(sent);
    void sent.finally(() => waiting.delete(sent));
  };
  const flush = async (): Promise<void> => {
    if (burst.length === 0) return;
    const payload = lookPayload(burst, looks);
    burst = [];
    looks += 1;
    await publish('look', payload);
  };
  return {
    get frames() {
      return frames;
    },
    get looks() {
      return looks;
    },
    async send(jpeg, at) {
      frames += 1;
      if (!asLooks) return await publish('frame', jpeg);
      burst.push({ jpeg, at });
      if (burst.length === BURST_FRAMES) await flush();
    },
    async close() {
      await flush();
      await Promise.all(waiting);
      await client.endAsync();
    },
  };
}

function lookPayload(burst: readonly { jpeg: Buffer; at: Date }[], seq: number): Buffer {
  const frames = burst.map(({ jpeg, at }) => ({
    at: at.getTime(),
    sha256: new Uint8Array(createHash('sha256').update(jpeg).digest()),
    jpeg: new Uint8Array(jpeg),
  }));
  return Buffer.from(encode({ v: 1, seq, frames }));
}

async function signIn(target: Target): Promise<MqttClient> {
  const { mqttUrl, username, password } = target;
  try {
    return await connectAsync(
      mqttUrl,
      {
        username,
        password,
        protocolVersion: 4,
        clientId: `replay-${process.pid}`,
        connectTimeout: CONNECT_MS,
        reconnectPeriod: 1_000,
      },
      false,
    );
  } catch (error) {
    throw new Error(`the broker at ${mqttUrl} does not let us in: ${(error as Error).message}`);
  }
}
