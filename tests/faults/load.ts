/** Looks of several cameras over MQTT at QoS 1, kept by the client until the broker has them. */
import { encode } from 'cbor2';
import mqtt, { type MqttClient } from 'mqtt';
import { sha256 } from '../../services/evidence/keys.ts';
import type { Kitchen } from '../support/kitchen.ts';

export interface Load {
  /** Looks that the broker has confirmed, by camera code. */
  confirmed: Map<string, number>;
  /** Stops making new looks; resolves when every one made so far is confirmed. */
  finish(): Promise<void>;
}

/**
 * @param jpegsOf frames of the next look of a camera; no two looks may carry the same bytes
 * @param everyMs between two rounds; each round is one look a camera
 */
export async function startLoad(
  mqttUrl: string,
  kitchens: Kitchen[],
  jpegsOf: (kitchen: Kitchen, sequence: number) => Promise<Buffer[]>,
  everyMs: number,
): Promise<Load> {
  const client: MqttClient = await mqtt.connectAsync(mqttUrl, {
    clientId: 'faults-load',
    clean: false,
    reconnectPeriod: 200,
    protocolVersion: 4,
  });
  client.on('error', () => {});
  const confirmed = new Map<string, number>();
  const waiting = new Set<Promise<void>>();
  let sequence = 0;
  let stopped = false;

  const round = async (): Promise<void> => {
    sequence += 1;
    const seq = sequence;
    for (const kitchen of kitchens) {
      const jpegs = await jpegsOf(kitchen, seq);
      const start = Date.now() - 6000;
      const frames = jpegs.map((jpeg, i) => ({
        at: start + Math.round((i * 6000) / Math.max(1, jpegs.length - 1)),
        sha256: sha256(jpeg),
        jpeg: new Uint8Array(jpeg),
      }));
      const topic = `mk/v1/${kitchen.regionPath}/${kitchen.merchantCode}/${kitchen.gatewayCode}/look/${kitchen.cameraCode}`;
      const sent = client
        .publishAsync(topic, Buffer.from(encode({ v: 1, seq, frames })), { qos: 1 })
        .then(() => {
          confirmed.set(kitchen.cameraCode, (confirmed.get(kitchen.cameraCode) ?? 0) + 1);
          waiting.delete(sent);
        });
      waiting.add(sent);
    }
  };
  const rounds = (async () => {
    while (!stopped) {
      const next = new Promise((resolve) => setTimeout(resolve, everyMs));
      await round();
      await next;
    }
  })();
  return {
    confirmed,
    async finish() {
      stopped = true;
      await rounds;
      await Promise.all(waiting);
      await client.endAsync();
    },
  };
}
