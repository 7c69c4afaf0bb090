import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { encodeVideo } from '../../services/media/encode.ts';
import { numberedPictures, SMALL, testFolder } from '../support/media.ts';
import { testRtspServer } from '../support/rtsp-server.ts';

const SESSIONS = 24;

test(`${SESSIONS} sessions in one process: all get packets, decode, and the process ends by itself`, async () => {
  const file = join(testFolder(), 'camera.mp4');
  await encodeVideo(file, numberedPictures(20, SMALL), { framesPerS: 10, gopS: 1, seconds: 60 });
  const server = await testRtspServer({ mounts: { '/kitchen': file } });
  // The pool's size is read when the process starts, so the sessions live in a process of their own.
  const script = resolve(import.meta.dirname, '../support/many-sessions.ts');
  const child = spawn(process.execPath, [script, server.url('/kitchen'), String(SESSIONS)], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '128', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  const report = JSON.parse(out) as { capacity: number; decoded: number; sessions: { packets: number }[] };
  expect(report.capacity).toBe(50);
  expect(report.sessions).toHaveLength(SESSIONS);
  expect(Math.min(...report.sessions.map(({ packets }) => packets))).toBeGreaterThanOrEqual(15);
  expect(report.decoded).toBe(SESSIONS);
});
