/** The page as `npm run build` makes it, built once for what its sources are and shared by all test files. */
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');
const WEB = join(ROOT, 'services/web');
const CACHE = join(ROOT, 'node_modules/.cache/mingzao-page');
/** Builds of other sources that are kept, for going back and forth between two states. */
const KEPT = 3;

const run = promisify(execFile);

/** @returns the folder to serve, which is only read. */
export async function builtPage(): Promise<string> {
  const folder = join(CACHE, await fingerprint());
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  const making = join(CACHE, `.${randomUUID()}`);
  try {
    // In a process of its own: under vitest React would be the slow one.
    await run(
      process.execPath,
      [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', WEB, '--outDir', making, '--emptyOutDir'],
      { cwd: ROOT, env: { ...process.env, NODE_ENV: 'production' } },
    );
    // Another test file may have been faster: its folder is as good.
    await rename(making, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  await forgetOld(folder);
  return folder;
}

/** Over everything that the build reads. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  const entries = await readdir(WEB, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const built = join(WEB, 'dist');
  for (const file of [
    ...files.filter((name) => !name.startsWith(built)).sort(),
    join(ROOT, 'package-lock.json'),
  ])
    hash
      .update(file.slice(ROOT.length))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  return hash.digest('hex').slice(0, 32);
}

async function forgetOld(current: string): Promise<void> {
  const builds = (await readdir(CACHE))
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(CACHE, name));
  const aged = await Promise.all(
    builds.filter((path) => path !== current).map(async (path) => ({ path, at: (await stat(path)).mtimeMs })),
  );
  aged.sort((a, b) => b.at - a.at);
  for (const { path } of aged.slice(KEPT)) await rm(path, { recursive: true, force: true });
}
