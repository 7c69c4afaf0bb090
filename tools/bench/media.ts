import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withKeyframe } from '../../services/media/keyframe.ts';
import type { MediaPacket } from '../../services/media/packet.ts';
import { openRtspSession } from '../../services/media/rtsp/session.ts';
import type { Picture } from '../../services/media/video-picture.ts';
import { gstreamerMissing, startRtspServer } from '../rtsp-server/start.ts';
import type { SessionCost, SessionTask } from './media-session.ts';
import { cameraVideo } from './media-video.ts';

const SIZES = { '1080p': [1920, 1080], '720p': [1280, 720] } as const;
type Size = keyof typeof SIZES;
const KEYFRAME_ROUNDS = 60;
/** What is taken from a decoded keyframe. */
const PRODUCTS: Readonly<Record<string, (picture: Picture) => Promise<unknown>>> = {
  'decode + luma': (picture: Picture) => picture.luma(),
  'decode + RGB': (picture: Picture) => picture.raw(),
  'decode + JPEG': (picture: Picture) => picture.jpeg(),
};

/**
 * `npm run bench -- media [--seconds 20] [--sessions 4]`: what pulling cameras costs. Prints CPU milliseconds a keyframe at
 * 720p and 1080p, then CPU share and memory of one 1080p session and their ratio to decoding everything. Needs GStreamer.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { seconds: { type: 'string', default: '20' }, sessions: { type: 'string', default: '4' } },
  });
  const missing = gstreamerMissing();
  if (missing !== null) throw new Error(missing);
  const seconds = Number(values.seconds);
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-bench-'));
  try {
    for (const [size, [width, height]] of Object.entries(SIZES)) {
      await cameraVideo(join(folder, `${size}.mp4`), width, height, seconds + 60);
    }
    const mounts = { '/1080p': join(folder, '1080p.mp4'), '/720p': join(folder, '720p.mp4') };
    const server = await startRtspServer({ mounts });
    try {
      for (const size of ['720p', '1080p'] as const) await printKeyframes(size, server.url(`/${size}`));
      await printSessions({ url: server.url('/1080p'), sessions: Number(values.sessions), seconds });
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function printKeyframes(size: Size, url: string): Promise<void> {
  const key = await firstKeyframe(url);
  console.log(`keyframe ${size} (${Math.round(key.data.length / 1024)} KB), CPU milliseconds:`);
  for (const [name, take] of Object.entries(PRODUCTS)) {
    await withKeyframe(key, take);
    const before = process.cpuUsage();
    for (let i = 0; i < KEYFRAME_ROUNDS; i += 1) await withKeyframe(key, take);
    const { user, system } = process.cpuUsage(before);
    console.log(`  ${name.padEnd(16)} ${((user + system) / 1000 / KEYFRAME_ROUNDS).toFixed(1)}`);
  }
}

async function printSessions(task: Omit<SessionTask, 'mode'>): Promise<void> {
  const costs = {
    packets: await sessionCost({ ...task, mode: 'packets' }),
    keyframes: await sessionCost({ ...task, mode: 'keyframes' }),
    everything: await sessionCost({ ...task, mode: 'everything' }),
  };
  const share = ({ cpuMs, wallMs }: SessionCost): number => (cpuMs / wallMs / task.sessions) * 100;
  const megabits = (costs.packets.bytes * 8) / task.sessions / 1e6 / (costs.packets.wallMs / 1000);
  console.log(`one 1080p session of ${task.sessions}, ${task.seconds} s, ${megabits.toFixed(1)} Mbit/s:`);
  const names = {
    packets: 'packets only',
    keyframes: '+ keyframe each 10 s',
    everything: 'decoding all',
  } as const;
  for (const mode of ['packets', 'keyframes', 'everything'] as const) {
    const cost = costs[mode];
    const memoryMb = cost.memoryBytes / task.sessions / 1e6;
    console.log(
      `  ${names[mode].padEnd(22)} ${share(cost).toFixed(2)} % of a core, ${memoryMb.toFixed(1)} MB without its ring`,
    );
  }
  const ratio = share(costs.everything) / share(costs.keyframes);
  console.log(`  decoding everything costs ${ratio.toFixed(1)} × of looking at keyframes`);
}

async function sessionCost(task: SessionTask): Promise<SessionCost> {
  const script = join(import.meta.dirname, 'media-session.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(task)], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '128' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the measured process ended with ${code}`);
  return JSON.parse(Buffer.concat(chunks).toString()) as SessionCost;
}

async function firstKeyframe(url: string): Promise<MediaPacket> {
  const { promise, resolve } = Promise.withResolvers<MediaPacket>();
  const session = await openRtspSession({ url, onPacket: resolve });
  try {
    return await promise;
  } finally {
    await session.close();
  }
}
