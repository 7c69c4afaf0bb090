import mqtt, { type MqttClient } from 'mqtt';
import { emptyScene, peopleScene, photograph } from '../demo/scenes.ts';

/** Seconds of each scene; it repeats. */
const LOOP_S = 40;
/** A password that was just made is known to the broker a moment later: boxes simply try again. */
const TRIES = 40;
const RETRY_MS = 250;

export type Scene = 'people' | 'empty';

/** The box in the kitchens: pushes one JPEG a second and camera, as a cheap gateway does. */
export interface Kitchens {
  /** People with bare heads, from photographs, or the empty kitchen. */
  show(camera: string, scene: Scene): void;
  stop(): Promise<void>;
}

/** Photograph and part of it that each camera shows. */
const VIEWS = [
  { photo: 5, from: { left: 0.1, top: 0, width: 0.86 }, to: { left: 0.14, top: 0.02, width: 0.8 } },
  { photo: 6, from: { left: 0, top: 0.06, width: 0.9 }, to: { left: 0.08, top: 0.08, width: 0.86 } },
  { photo: 3, from: { left: 0.1, top: 0, width: 0.9 }, to: { left: 0.14, top: 0.02, width: 0.84 } },
] as const;

async function connect(url: string, username: string, password: string): Promise<MqttClient> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await mqtt.connectAsync(url, { clientId: `${username}-story`, username, password });
    } catch (error) {
      if (attempt === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

export async function openKitchens(options: {
  mqttUrl: string;
  username: string;
  password: string;
  /** mk/v1/{region}/{merchant}/{gateway} */
  prefix: string;
  cameras: readonly string[];
}): Promise<Kitchens> {
  const { prefix, cameras } = options;
  const empty = await emptyScene(LOOP_S);
  const streams = new Map<string, { people: Buffer[]; shown: Scene }>();
  for (const [index, code] of cameras.entries()) {
    const view = VIEWS[index % VIEWS.length];
    if (view === undefined) continue;
    const people = await peopleScene(photograph(view.photo), view.from, view.to, LOOP_S);
    streams.set(code, { people, shown: 'people' });
  }
  const client = await connect(options.mqttUrl, options.username, options.password);
  client.on('error', () => {});
  const seq = Date.now();
  await client.publishAsync(`${prefix}/birth`, JSON.stringify({ seq, cameras }), { qos: 1 });
  let second = 0;
  const timer = setInterval(() => {
    for (const [code, { people, shown }] of streams) {
      const frame = (shown === 'people' ? people : empty)[second % LOOP_S];
      if (frame) client.publish(`${prefix}/frame/${code}`, frame, { qos: 1 });
    }
    second += 1;
  }, 1000);
  return {
    show(camera, scene) {
      const stream = streams.get(camera);
      if (stream !== undefined) stream.shown = scene;
    },
    async stop() {
      clearInterval(timer);
      if (client.connected) await client.publishAsync(`${prefix}/death`, JSON.stringify({ seq }), { qos: 1 });
      await client.endAsync(true);
    },
  };
}
