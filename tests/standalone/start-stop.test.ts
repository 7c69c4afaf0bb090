import { existsSync } from 'node:fs';
import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allGone, makeFolder, readPids, startStandalone } from './support/standalone.ts';

const READY = /^ready (http:\/\/127\.0\.0\.1:\d+)$/;
/** Each test makes a database and eight processes; other tests run at the same time. */
const SLOW = { timeout: 90_000 };

describe('standalone', SLOW, () => {
  test('serves, stops on SIGTERM without leaving a process, and continues at the second start', async () => {
    const folder = await makeFolder();
    for (const start of [1, 2]) {
      const standalone = startStandalone(folder);
      const [, url] = await standalone.line(READY);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      await standalone.line(new RegExp(`^start number ${start}$`));
      const pids = standalone.pids();
      expect(Object.keys(pids).sort()).toEqual(
        [
          'api',
          'broker',
          'deadlines',
          'detection-1',
          'detection-2',
          'edge',
          'gateway',
          'outbox',
          'postgres',
          'redaction',
          'retention',
        ].sort(),
      );
      const asked = performance.now();
      standalone.signal('SIGTERM');
      expect(await standalone.ended).toBe(0);
      expect(performance.now() - asked).toBeLessThan(10_000);
      await allGone(pids);
      expect(existsSync(join(folder, 'standalone.json'))).toBe(false);
    }
  });

  test('gives the children its own broker, the gateway enough threads, and keeps secrets for the owner only', async () => {
    const folder = await makeFolder();
    const standalone = startStandalone(folder);
    expect(
      await standalone.line(/^\[gateway\] up .* mqtt=mqtt:\/\/127\.0\.0\.1:\d+ threads=128$/),
    ).toBeTruthy();
    expect(await standalone.line(/^\[outbox\] up .* threads=default$/)).toBeTruthy();
    await standalone.line(READY);
    for (const name of ['secret.key', 'mqtt.password', 'postgres.password']) {
      expect([name, ((await stat(join(folder, name))).mode & 0o777).toString(8)]).toEqual([name, '600']);
    }
    standalone.signal('SIGTERM');
    await standalone.ended;
  });

  test('stops in order when Ctrl-C goes to the whole terminal', async () => {
    const standalone = startStandalone(await makeFolder());
    await standalone.line(READY);
    const pids = standalone.pids();
    const { postgres: _, ...children } = pids;
    for (const name of Object.keys(children)) await standalone.line(new RegExp(`^\\[${name}\\] up `));
    process.kill(-standalone.pid, 'SIGINT');
    expect(await standalone.ended).toBe(0);
    // Had the children got the terminal's signal, they would say SIGINT.
    expect(standalone.lines.filter((line) => /stopping: SIGTERM/.test(line))).toHaveLength(
      Object.keys(children).length,
    );
    await allGone(pids);
  });

  test('stops while it is still starting', async () => {
    const folder = await makeFolder();
    const standalone = startStandalone(folder);
    await standalone.line(/^start number 1$/);
    standalone.signal('SIGTERM');
    expect(await standalone.ended).toBe(0);
    expect(existsSync(join(folder, 'postgres/postmaster.pid'))).toBe(false);
  });

  test('kills a child that does not stop, and still ends within 10 s', async () => {
    const standalone = startStandalone(await makeFolder(), { STUBBORN: 'outbox' });
    await standalone.line(READY);
    await standalone.line(/^\[outbox\] up /);
    const pids = standalone.pids();
    const asked = performance.now();
    standalone.signal('SIGTERM');
    await standalone.line(/^\[outbox\] did not stop within 6 s: killed$/);
    expect(await standalone.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(10_000);
    await allGone(pids);
  });

  test('starts again a child that was killed', async () => {
    const standalone = startStandalone(await makeFolder());
    await standalone.line(READY);
    const [, first] = await standalone.line(/^\[outbox\] up pid=(\d+)/);
    const before = Number(first);
    const from = standalone.lines.length;
    process.kill(before, 'SIGKILL');
    await standalone.line(/^\[outbox\] ended \(SIGKILL\), starts again in 0.2 s$/, from);
    const [, after] = await standalone.line(/^\[outbox\] up pid=(\d+)/, from);
    expect(Number(after)).not.toBe(before);
    standalone.signal('SIGTERM');
    expect(await standalone.ended).toBe(0);
  });

  test('starts the database again, on the same port, when it was killed', async () => {
    const standalone = startStandalone(await makeFolder());
    const [, url] = await standalone.line(READY);
    process.kill(standalone.pids().postgres ?? 0, 'SIGKILL');
    await standalone.line(/^\[postgres\] ended by itself/);
    while ((await fetch(`${url}/readyz`)).status !== 200) await new Promise((done) => setTimeout(done, 50));
    standalone.signal('SIGTERM');
    expect(await standalone.ended).toBe(0);
  });
});

describe('after a SIGKILL of standalone', SLOW, () => {
  test('the children end by themselves, and the next start continues', async () => {
    const folder = await makeFolder();
    const first = startStandalone(folder, { MINGZAO_PORT: '0' });
    const [, url] = await first.line(READY);
    const pids = readPids(folder);
    first.signal('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    // The same port on purpose: the next start has to wait for the old API to let go of it.
    const second = startStandalone(folder, { MINGZAO_PORT: new URL(String(url)).port });
    await second.line(/^start number 2$/);
    expect((await second.line(READY))[1]).toBe(url);
    await allGone(pids);
    second.signal('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  test('a child that hangs is ended too', async () => {
    const folder = await makeFolder();
    const standalone = startStandalone(folder, { STUCK: 'detection-1' });
    await standalone.line(READY);
    await standalone.line(/^\[detection-1\] up /);
    const pids = readPids(folder);
    standalone.signal('SIGKILL');
    await allGone(pids);
  });
});

describe.skipIf(process.getuid?.() !== 0)('as root', SLOW, () => {
  test('runs in a folder that only root may enter', async () => {
    const folder = await makeFolder();
    await chmod(folder, 0o700);
    const standalone = startStandalone(folder);
    await standalone.line(READY);
    standalone.signal('SIGTERM');
    expect(await standalone.ended).toBe(0);
    expect(await readdir(folder)).toContain('postgres');
  });
});
