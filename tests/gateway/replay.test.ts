import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { kitchenJpeg } from './support/pictures.ts';
import {
  addCamera,
  kitchenWithSecret,
  looksOf,
  type Running,
  SECRET,
  startRunning,
  until,
} from './support/running.ts';

describe('npm run replay', () => {
  const url = useTestDatabase();
  let running: Running;
  let kitchen: Kitchen;
  let camera: { id: string; code: string };
  let folder: string;

  beforeAll(async () => {
    running = await startRunning(url(), {
      overrides: { now: () => new Date() },
      seed: async (database) => {
        kitchen = await kitchenWithSecret(database);
      },
    });
    folder = join(running.folder, 'pictures');
    await mkdir(folder);
    for (let i = 0; i < 5; i += 1) await writeFile(join(folder, `${i}.jpg`), await kitchenJpeg(i));
  });
  afterAll(async () => {
    await running.stop();
  });
  beforeEach(async () => {
    camera = await addCamera(running, kitchen);
  });

  const replay = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((done) => {
      const { mqttUsername = '', mqttPassword = '' } = running.config;
      const env = {
        ...process.env,
        DATABASE_URL: url(),
        MQTT_URL: running.brokerUrl,
        MQTT_USERNAME: mqttUsername,
        MQTT_PASSWORD: mqttPassword,
      };
      execFile(process.execPath, ['tools/replay/main.ts', ...args], { env }, (error, stdout, stderr) => {
        done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });

  test('a folder of pictures arrives as raw frames', async () => {
    const { code, stdout, stderr } = await replay(folder, '--camera', camera.code, '--fps', '2');
    expect(stderr).toContain(`/frame/${camera.code}`);
    expect(stdout).toBe(`sent 5 pictures of ${camera.code}\n`);
    expect(code).toBe(0);
    const look = await until(async () => (await looksOf(running, camera.id))[0], 'a look');
    expect(look.frames.length).toBeGreaterThan(0);
  });

  test('as looks, signed in as the gateway', async () => {
    const account = ['--gateway', kitchen.gatewayCode, '--password', SECRET];
    const { stdout, stderr } = await replay(folder, '--camera', camera.code, '--looks', ...account);
    expect(stderr).not.toContain('refused');
    expect(stdout).toBe(`sent 5 pictures in 1 looks of ${camera.code}\n`);
    const look = await until(async () => (await looksOf(running, camera.id))[0], 'a look');
    expect(look.frames).toHaveLength(5);
    const times = look.frames.map((frame) => Date.parse(frame.at));
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(5_500);
  });

  test.each([
    [['nothing.mp4', '--camera', 'x'], 1, /no MQTT camera x; there are/],
    [['nothing.mp4'], 2, /--camera is needed/],
    [['nothing.mp4', '--camera', 'c', '--prefix', 'mk/v1/a/b/c'], 1, /no such file or folder: nothing.mp4/],
    [
      ['x', '--camera', 'c', '--prefix', 'mk/v1/a/b/c', '--gateway', 'g', '--password', 'p'],
      1,
      /does not let us in/,
    ],
  ])('%j ends with status %i and says why', async (args, status, words) => {
    const { code, stderr } = await replay(...args);
    expect(stderr).toMatch(words);
    expect(code).toBe(status);
  });
});
