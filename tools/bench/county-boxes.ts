/** The boxes of a county: each holds its connection and sends its cameras' looks, one after the other through the interval. */
import { createHash } from 'node:crypto';
import { encode } from 'cbor2';
import mqtt, { type MqttClient } from 'mqtt';
import sharp from 'sharp';
import { emptyScene, peopleScene, photograph } from '../demo/scenes.ts';

/** Pictures of each scene; every one is sent with a comment of its own, so that no two looks have the same bytes. */
const SCENE_S = 12;
const SIZE = { width: 640, height: 360 };
/** Frames of a look that saw something, and milliseconds between them. */
const BURST = { frames: 5, apartMs: 1500 };

export interface Box {
  username: string;
  password: string;
  prefix: string;
  cameras: string[];
}

export interface Sent {
  looks: number;
  frames: number;
  bytes: number;
  /** Milliseconds from sending to the broker's acknowledgement, which is given when the look is kept. */
  acknowledgedMs: number[];
  /** Looks that the broker had not acknowledged at the end. */
  open: number;
}

export interface CountyBoxes {
  /** What was sent since it was last asked. */
  take(): Sent;
  stop(): Promise<void>;
}

/** What a camera shows next: mostly the empty kitchen, now and then people, as a burst when they are new. */
export interface Traffic {
  /** Seconds between the looks of one camera. */
  everyS: number;
  /** Share of looks whose picture changed since the last: people at work. */
  moving: number;
  /** Share of looks that are bursts, as after something suspicious. */
  bursts: number;
}

export async function openCountyBoxes(
  mqttUrl: string,
  boxes: readonly Box[],
  traffic: Traffic,
  random: () => number,
): Promise<CountyBoxes> {
  const scenes = await countyScenes();
  const clients = await Promise.all(
    boxes.map(async ({ username, password, prefix, cameras }) => {
      const client = await mqtt.connectAsync(mqttUrl, { clientId: username, username, password });
      client.on('error', () => {});
      await client.publishAsync(`${prefix}/birth`, JSON.stringify({ seq: Date.now(), cameras }), { qos: 1 });
      return client;
    }),
  );
  let sent: Sent = empty();
  let open = 0;
  let count = 0;
  const look = (client: MqttClient, prefix: string, camera: string): void => {
    count += 1;
    const scene = random() < traffic.moving ? scenes.people : scenes.empty;
    const many = random() < traffic.bursts ? BURST.frames : 1;
    const now = Date.now();
    const frames = Array.from({ length: many }, (_, i) => {
      const picture = scene[(count * 7 + i) % scene.length] ?? Buffer.alloc(0);
      const jpeg = withComment(picture, `${count}.${i}`);
      const at = now - (many - 1 - i) * BURST.apartMs;
      return { at, sha256: createHash('sha256').update(jpeg).digest('hex'), jpeg: new Uint8Array(jpeg) };
    });
    const message = Buffer.from(encode({ v: 1, seq: count, frames }));
    sent.looks += 1;
    sent.frames += many;
    sent.bytes += message.length;
    open += 1;
    client.publish(`${prefix}/look/${camera}`, message, { qos: 1 }, () => {
      open -= 1;
      sent.acknowledgedMs.push(Date.now() - now);
    });
  };
  // Cameras take turns: as many a tick as keep the interval.
  const turns = boxes.flatMap((box, i) =>
    box.cameras.map((camera) => ({ client: clients[i], prefix: box.prefix, camera })),
  );
  const began = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1000 / traffic.everyS) * turns.length);
    for (; done < due; done += 1) {
      const turn = turns[done % turns.length];
      if (turn?.client !== undefined) look(turn.client, turn.prefix, turn.camera);
    }
  }, 20);
  return {
    take() {
      const taken = { ...sent, open };
      sent = empty();
      return taken;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(clients.map((client) => client.endAsync(true)));
    },
  };
}

function empty(): Sent {
  return { looks: 0, frames: 0, bytes: 0, acknowledgedMs: [], open: 0 };
}

async function countyScenes(): Promise<{ empty: Buffer[]; people: Buffer[] }> {
  const small = async (jpegs: readonly Buffer[]): Promise<Buffer[]> =>
    Promise.all(
      jpegs.map(async (jpeg) => sharp(jpeg).resize(SIZE.width, SIZE.height).jpeg({ quality: 82 }).toBuffer()),
    );
  const views = [
    peopleScene(
      photograph(5),
      { left: 0.1, top: 0, width: 0.86 },
      { left: 0.14, top: 0.02, width: 0.8 },
      SCENE_S,
    ),
    peopleScene(
      photograph(6),
      { left: 0, top: 0.06, width: 0.9 },
      { left: 0.08, top: 0.08, width: 0.86 },
      SCENE_S,
    ),
    peopleScene(
      photograph(3),
      { left: 0.1, top: 0, width: 0.9 },
      { left: 0.14, top: 0.02, width: 0.84 },
      SCENE_S,
    ),
  ];
  return {
    empty: await small(await emptyScene(SCENE_S)),
    people: await small((await Promise.all(views)).flat()),
  };
}

/** A JPEG with a comment segment (COM) behind its first marker. */
function withComment(jpeg: Buffer, text: string): Buffer {
  const head = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, Buffer.from(text, 'latin1'), jpeg.subarray(2)]);
}
