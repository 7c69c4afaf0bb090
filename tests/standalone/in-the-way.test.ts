/** What can be in the way of a start is said in plain words, with what to do, and exit code 1. */
import { chown } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { chooseAccount } from '../../services/standalone/postgres-account.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { makeFolder, REAL_MAIN, startStandalone } from './support/standalone.ts';

const READY = /^ready (http:.*)$/;
const NOBODY = 65_534;

async function takePort(): Promise<number> {
  const server: Server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return address && typeof address === 'object' ? address.port : 0;
}

/** Others run at the same time on few cores. */
const SLOW = { timeout: 90_000 };

describe('a start', SLOW, () => {
  test.each(['MINGZAO_PORT', 'MINGZAO_MQTT_PORT', 'MINGZAO_PG_PORT'])(
    'says which port is taken: %s',
    async (variable) => {
      const port = await takePort();
      const standalone = startStandalone(
        await makeFolder(),
        { [variable]: String(port) },
        { main: REAL_MAIN },
      );
      await standalone.line(
        new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 .* is taken .*${variable}=${port + 1}`),
      );
      expect(await standalone.ended).toBe(1);
    },
  );

  test('names every wrong variable at once', async () => {
    const env = { MINGZAO_PORT: '80a', DATABASE_URL: 'mysql://me:secret@db' };
    const standalone = startStandalone(await makeFolder(), env, { main: REAL_MAIN });
    expect(await standalone.ended).toBe(1);
    const said = standalone.lines.join('\n');
    expect(said).toContain('MINGZAO_PORT is "80a": should be a whole number from 0 to 65535');
    expect(said).toContain('DATABASE_URL is "mysql://me:***@db"');
    expect(said).not.toContain('secret');
  });

  test('leaves a running one on the same folder alone', async () => {
    const folder = await makeFolder();
    const first = startStandalone(folder);
    const [, url] = await first.line(READY);
    const second = startStandalone(folder);
    await second.line(new RegExp(`already runs on .*pid ${first.pid}.*MINGZAO_DATA_DIR`));
    expect(await second.ended).toBe(1);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);
  });

  test('as root with no way to another account says so', async () => {
    const unusable = { kind: 'nobody', ownerId: 1, wrap: (): [string, string[]] => ['false', []] } as const;
    await expect(chooseAccount('postgres', true, [unusable])).rejects.toThrow(
      /refuses to run as root.*DATABASE_URL/,
    );
  });
});

describe('embedded parts give way', SLOW, () => {
  const databaseUrl = useTestDatabase('empty');

  test('to DATABASE_URL and MQTT_URL', async () => {
    const env = { DATABASE_URL: databaseUrl(), MQTT_URL: 'mqtt://127.0.0.1:9' };
    const standalone = startStandalone(await makeFolder(), env);
    await standalone.line(READY);
    expect(Object.keys(standalone.pids())).toEqual(expect.not.arrayContaining(['postgres', 'broker']));
    await standalone.line(/^\[gateway\] up .* mqtt=mqtt:\/\/127\.0\.0\.1:9 /);
    standalone.signal('SIGTERM');
    expect(await standalone.ended).toBe(0);
  });
});

/** An ordinary user can only be tried where root lends its rights, and where the checkout may be entered. */
describe.skipIf(process.getuid?.() !== 0 || !(await othersMayEnter(REAL_MAIN)))(
  'an ordinary user',
  SLOW,
  () => {
    const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

    test('runs it in a folder of its own', async () => {
      const folder = await makeFolder();
      await chown(folder, NOBODY, NOBODY);
      const standalone = startStandalone(folder, {}, { prefix: asNobody });
      await standalone.line(READY);
      standalone.signal('SIGTERM');
      expect(await standalone.ended).toBe(0);
    });

    test('is told when the data folder may not be written', async () => {
      const folder = await makeFolder();
      const standalone = startStandalone(`${folder}/data`, {}, { prefix: asNobody });
      await standalone.line(/^The data folder .*\/data cannot be made \(EACCES\).*MINGZAO_DATA_DIR/);
      expect(await standalone.ended).toBe(1);
    });
  },
);

async function othersMayEnter(file: string): Promise<boolean> {
  const { promisify } = await import('node:util');
  const { execFile } = await import('node:child_process');
  const args = [`--reuid=${NOBODY}`, '--clear-groups', process.execPath, '--check', file];
  return promisify(execFile)('setpriv', args).then(
    () => true,
    () => false,
  );
}
