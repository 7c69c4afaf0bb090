import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { DemoCamera } from './county.ts';
import { emptyScene, peopleScene, photograph } from './scenes.ts';

const LOOP_S = 40;
/** A password that was just made is known to the broker a moment later: boxes simply try again. */
const TRIES = 20;
const RETRY_MS = 250;

/** One gateway box of the demo: its connection and the cameras behind it. */
export interface DemoGateway {
  stop(): Promise<void>;
}

async function connect(url: string, options: IClientOptions): Promise<MqttClient> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await mqtt.connectAsync(url, options);
    } catch (error) {
      if (attempt === TRIES) throw error;
      await sleep(RETRY_MS);
    }
  }
}

async function framesOf(camera: DemoCamera): Promise<Buffer[]> {
  const { behaviour } = camera;
  if (behaviour.kind === 'people' || behaviour.kind === 'freezes') {
    return await peopleScene(photograph(behaviour.photo), behaviour.from, behaviour.to, LOOP_S);
  }
  return await emptyScene(LOOP_S);
}

/**
 * Connects as a cheap gateway box does and pushes one JPEG a second and camera. A camera that freezes sends its last
 * picture for ever; one that goes offline takes its gateway with it: the connection just breaks, and the broker speaks the will.
 */
export async function startGateway(options: {
  mqttUrl: string;
  username: string;
  password: string;
  /** mk/v1/{region}/{merchant}/{gateway} */
  prefix: string;
  cameras: DemoCamera[];
  say: (line: string) => void;
}): Promise<DemoGateway> {
  const { prefix, cameras, say } = options;
  const sequence = Date.now();
  const client = await connect(options.mqttUrl, {
    clientId: `${options.username}-demo`,
    username: options.username,
    password: options.password,
    will: {
      topic: `${prefix}/death`,
      payload: Buffer.from(JSON.stringify({ seq: sequence })),
      qos: 1,
      retain: false,
    },
  });
  await client.publishAsync(
    `${prefix}/birth`,
    JSON.stringify({ seq: sequence, cameras: cameras.map(({ code }) => code) }),
    { qos: 1 },
  );
  const streams = await Promise.all(
    cameras.map(async (camera) => ({ camera, frames: await framesOf(camera) })),
  );
  let second = 0;
  const timer = setInterval(() => {
    for (const { camera, frames } of streams) {
      const { behaviour } = camera;
      let at = second;
      if (behaviour.kind === 'freezes') at = Math.min(at, behaviour.afterS);
      if (behaviour.kind === 'goes_offline' && second >= behaviour.afterS) {
        clearInterval(timer);
        say(`${camera.name} (${camera.code}) loses its line now`);
        client.options.reconnectPeriod = 0;
        client.stream.destroy();
        return;
      }
      const frame = frames[at % frames.length];
      if (frame) client.publish(`${prefix}/frame/${camera.code}`, frame, { qos: 1 });
    }
    second += 1;
  }, 1000);
  return {
    async stop() {
      clearInterval(timer);
      if (client.connected)
        await client.publishAsync(`${prefix}/death`, JSON.stringify({ seq: sequence }), { qos: 1 });
      await client.endAsync(true);
    },
  };
}
