import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { onLiveStage, playing, type Watcher, watch } from './live-stage.ts';
import { cameraVideo } from './media-video.ts';
import { cpuMs, memoryMb } from './server-process.ts';

const SETTLE_MS = 3_000;

/**
 * `npm run -s bench -- live [--seconds 20] [--viewers 0,1,4,16]`: what watching one 1080p camera live costs, CPU of the gateway and of the
 * API as the kernel counts it, with so many viewers. Needs GStreamer.
 */
export async function benchLive(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '20' },
      viewers: { type: 'string', default: '0,1,4,16' },
    },
  });
  const seconds = Number(values.seconds);
  const counts = values.viewers.split(',').map(Number);
  const videos = async (folder: string) => {
    const file = join(folder, 'camera.mp4');
    await cameraVideo(file, 1920, 1080, 60 + counts.length * (seconds + 10));
    return { '/camera': file };
  };
  const cameras = [{ main: '/camera' }];
  await onLiveStage({ videos, cameras, viewers: Math.max(...counts) }, async (stage) => {
    const url = `${stage.url}/api/v1/cameras/c-1/video`;
    await playing(url, stage.token(0), 10_000);
    for (const count of counts) {
      const watchers = Array.from({ length: count }, (_, i) => watch(url, stage.token(i)));
      process.stdout.write(`${await costs(stage, count, watchers, seconds)}\n`);
      for (const watcher of watchers) watcher.leave();
    }
  });
}

/**
 * `npm run -s bench -- live-wall [--seconds 20] [--viewers 0,1,10] [--cameras 16]`: the same for a wall, each camera with 1080p as its main
 * stream and 640×360 beside it; at last with one more viewer who takes nothing. Needs GStreamer.
 */
export async function benchLiveWall(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '20' },
      viewers: { type: 'string', default: '0,1,10' },
      cameras: { type: 'string', default: '16' },
    },
  });
  const seconds = Number(values.seconds);
  const counts = values.viewers.split(',').map(Number);
  const count = Number(values.cameras);
  const most = Math.max(...counts);
  const videos = async (folder: string) => {
    const length = 120 + (counts.length + 1) * (seconds + 10);
    await cameraVideo(join(folder, 'main.mp4'), 1920, 1080, length);
    await cameraVideo(join(folder, 'sub.mp4'), 640, 360, length);
    return { '/main': join(folder, 'main.mp4'), '/sub': join(folder, 'sub.mp4') };
  };
  const cameras = Array.from({ length: count }, () => ({ main: '/main', sub: '/sub' }));
  await onLiveStage({ videos, cameras, viewers: most + 4 }, async (stage) => {
    const codes = stage.cameras.map(({ code }) => code).join(',');
    const url = `${stage.url}/api/v1/live/wall-video?cameras=${codes}`;
    await playing(url, stage.token(0), count * 100_000);
    for (const viewers of counts) {
      const watchers = Array.from({ length: viewers }, (_, i) => watch(url, stage.token(i)));
      process.stdout.write(`${await costs(stage, viewers, watchers, seconds)}\n`);
      if (viewers === most) {
        watchers.push(watch(url, stage.token(most), false));
        process.stdout.write(`${await costs(stage, viewers, watchers, seconds)}, one more takes nothing\n`);
      }
      for (const watcher of watchers) watcher.leave();
    }
  });
}

/** CPU, bytes and memory while they watch. */
async function costs(
  { gateway, api }: Parameters<Parameters<typeof onLiveStage>[1]>[0],
  count: number,
  watchers: readonly Watcher[],
  seconds: number,
): Promise<string> {
  await new Promise((done) => setTimeout(done, SETTLE_MS));
  const [before, bytesBefore] = [[gateway, api].map(cpuMs), sum(watchers)];
  await new Promise((done) => setTimeout(done, seconds * 1000));
  const took = [gateway, api].map(cpuMs).map((now, i) => (now - (before[i] ?? 0)) / seconds / 10);
  const megabits = ((sum(watchers) - bytesBefore) * 8) / seconds / 1e6;
  const [ofGateway = 0, ofApi = 0] = took;
  return (
    `${String(count).padStart(3)} viewers: gateway ${ofGateway.toFixed(1)} %, API ${ofApi.toFixed(1)} % of a core; ` +
    `${megabits.toFixed(1)} Mbit/s; memory ${memoryMb(gateway)} and ${memoryMb(api)} MB`
  );
}

const sum = (watchers: readonly Watcher[]): number => watchers.reduce((all, { bytes }) => all + bytes, 0);
