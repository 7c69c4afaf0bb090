/** The process as standalone runs it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../support/postgres.ts';

const MAIN = new URL('../../services/api/main.ts', import.meta.url);
const url = useTestDatabase('empty');
let folder = '';
let child: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mingzao-api-process-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Starts the process. @returns its address once it listens */
async function start(): Promise<{ base: string; process: ChildProcess; output: () => string }> {
  const port = await freePort();
  const started = fork(MAIN, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      DATABASE_URL: url(),
      MQTT_URL: 'mqtt://127.0.0.1:1',
      OBJECT_STORE_URL: pathToFileURL(folder).href,
      MINGZAO_SECRET_KEY: 'ab'.repeat(32),
      MINGZAO_PORT: String(port),
      MINGZAO_ADMIN_PASSWORD: 'admin password',
      MINGZAO_LOG_LEVEL: 'info',
    },
  });
  child = started;
  let text = '';
  await new Promise<void>((done, fail) => {
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
      if (text.includes('Server listening')) done();
    };
    started.stdout?.on('data', hear);
    started.stderr?.on('data', hear);
    started.once('exit', (code) => fail(new Error(`exit code ${code}: ${text}`)));
  });
  return { base: `http://127.0.0.1:${port}`, process: started, output: () => text };
}

async function openStream(base: string): Promise<void> {
  const answer = await fetch(`${base}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: 'admin password' }),
  });
  const { token } = (await answer.json()) as { token: string };
  const stream = await fetch(`${base}/api/v1/events`, { headers: { authorization: `Bearer ${token}` } });
  expect(stream.status).toBe(200);
}

test('migrates an empty database, makes the first account, serves, and stops within 5 s with a stream open', async () => {
  const api = await start();
  expect(api.output()).toContain('first account: user admin, password from MINGZAO_ADMIN_PASSWORD');
  expect(api.output()).not.toContain('admin password');
  const ready = await fetch(`${api.base}/readyz`);
  expect(await ready.json()).toMatchObject({ status: 'ok', checks: { queue: 'ok' } });
  await openStream(api.base);
  const startedAt = performance.now();
  api.process.kill('SIGTERM');
  const [code] = await once(api.process, 'exit');
  expect(code).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

test('ends when the process that started it is gone', async () => {
  const api = await start();
  await openStream(api.base);
  api.process.disconnect();
  const [code] = await once(api.process, 'exit');
  expect(code).toBe(0);
});
