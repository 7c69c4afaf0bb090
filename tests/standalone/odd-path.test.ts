/** A checkout below folders whose names an address writes otherwise than a path. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const REPO = resolve(import.meta.dirname, '../..');

/** Prints where the API looks for the page. */
const SCRIPT = `
  const { createContext } = await import('./services/api/context.ts');
  const config = {
    databaseUrl: 'postgres://nobody@127.0.0.1:1/none', objectStore: { kind: 'file', path: 'none' }, secretKey: Buffer.alloc(32),
    publicUrl: 'http://127.0.0.1:8080', logLevel: 'silent', modelsDir: 'none', dataDir: 'none', mqttUrl: 'mqtt://127.0.0.1:1883', trustedProxies: [],
  };
  const context = createContext(config);
  console.log(context.webRoot);
  await context.close();
  process.exit();
`;

test('the page is looked for where it lies', async () => {
  const above = await mkdtemp(join(tmpdir(), 'mingzao-'));
  onTestFinished(() => rm(above, { recursive: true }));
  const folder = join(above, '市场 监管#1');
  await mkdir(folder);
  for (const name of ['services', 'workers', 'models', 'node_modules', 'package.json'])
    await symlink(join(REPO, name), join(folder, name));
  // As if the files lay there.
  const flags = ['--preserve-symlinks', '--preserve-symlinks-main', '--input-type=module', '--eval', SCRIPT];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: folder });
  expect(stdout.trim()).toBe(join(folder, 'services', 'web', 'dist/'));
});
