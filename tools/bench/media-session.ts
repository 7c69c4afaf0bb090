/**
 * Process of media.ts: `media-session.ts JSON` holds RTSP sessions for some seconds and prints what they cost as JSON. A
 * process of its own, since the thread pool's size is fixed when a process starts and memory is to be measured alone.
 */
import type { Frame } from 'node-av/lib';
import { withKeyframe } from '../../services/media/keyframe.ts';
import type { MediaPacket } from '../../services/media/packet.ts';
import { PacketRing } from '../../services/media/ring.ts';
import { openRtspSession } from '../../services/media/rtsp/session.ts';
import { StreamDecoder } from '../../services/media/stream-decoder.ts';

export interface SessionTask {
  url: string;
  sessions: number;
  seconds: number;
  /** `packets`: into the ring only; `keyframes`: and one keyframe to luma every 10 s; `everything`: decode each picture. */
  mode: 'packets' | 'keyframes' | 'everything';
}

/** Of all sessions together. */
export interface SessionCost {
  cpuMs: number;
  wallMs: number;
  packets: number;
  bytes: number;
  /** Growth of resident memory by the sessions, bytes, without the packets in the rings. */
  memoryBytes: number;
}

const LOOK_EVERY_MS = 10_000;
const RING = { maxMs: 30_000, maxBytes: 64e6 };

const task = JSON.parse(process.argv[2] ?? '{}') as SessionTask;

// The first decoder and the first session load code that all share.
const warm = await openCamera();
await warm.close();

const rssBefore = process.memoryUsage().rss;
const cameras = await Promise.all(Array.from({ length: task.sessions }, openCamera));
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const packetsBefore = cameras.reduce((sum, { session }) => sum + session.stats.packets, 0);
const looking = setInterval(() => {
  for (const camera of cameras) camera.look();
}, LOOK_EVERY_MS);
for (const camera of cameras) camera.look();
await new Promise((resolve) => setTimeout(resolve, task.seconds * 1000));
clearInterval(looking);
const cpu = process.cpuUsage(cpuBefore);
const ringBytes = cameras.reduce((sum, { ring }) => sum + ring.bytes, 0);
const cost: SessionCost = {
  cpuMs: (cpu.user + cpu.system) / 1000,
  wallMs: performance.now() - startedAt,
  packets: cameras.reduce((sum, { session }) => sum + session.stats.packets, 0) - packetsBefore,
  bytes: cameras.reduce((sum, { session }) => sum + session.stats.bytes, 0),
  memoryBytes: process.memoryUsage().rss - rssBefore - ringBytes,
};
await Promise.all(cameras.map((camera) => camera.close()));
console.log(JSON.stringify(cost));

/** One camera; resolves when its first keyframe is there. */
async function openCamera() {
  const ring = new PacketRing(RING);
  const online = Promise.withResolvers<void>();
  const all = task.mode === 'everything' ? decodeEverything() : null;
  const session = await openRtspSession({
    url: task.url,
    onPacket: (packet) => {
      ring.push(packet);
      all?.put(packet);
      online.resolve();
    },
  });
  await online.promise;
  return {
    session,
    ring,
    look: (): void => {
      const key = task.mode === 'keyframes' ? ring.latestKeyframe() : null;
      if (key !== null) void withKeyframe(key, (picture) => picture.luma());
    },
    close: async (): Promise<void> => {
      await session.close();
      await all?.end();
    },
  };
}

/** Decodes each packet, one after the other. */
function decodeEverything() {
  let decoder: StreamDecoder | null = null;
  let last: Promise<void> = Promise.resolve();
  const free = (frames: readonly Frame[]): void => {
    for (const frame of frames) frame.free();
  };
  return {
    put: (packet: MediaPacket): void => {
      last = last.then(async () => {
        decoder ??= new StreamDecoder(packet.config);
        free(await decoder.decode(packet));
      });
    },
    end: async (): Promise<void> => {
      await last;
      decoder?.free();
    },
  };
}
