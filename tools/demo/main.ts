/**
 * `npm run demo`: Mingzao on this machine with a little county of seven cameras. Everything is embedded and lies in data/demo.
 * `-- --until-finding` ends after the first finding (for a check by script).
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { runDemo } from './run.ts';

const REPO = resolve(import.meta.dirname, '../..');
const dataDir = process.env.MINGZAO_DATA_DIR ?? resolve(REPO, 'data/demo');
const password = keptPassword(resolve(dataDir, 'demo-password'));
const untilFinding = process.argv.includes('--until-finding');
const startedAt = Date.now();
const say = (line: string): void => {
  process.stdout.write(`[demo ${((Date.now() - startedAt) / 1000).toFixed(1).padStart(5)} s] ${line}\n`);
};

/** The demo's account is made at the first start and kept with its data, so its password is too (mode 0600). */
function keptPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const fresh = process.env.MINGZAO_ADMIN_PASSWORD ?? randomBytes(9).toString('base64url');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, fresh, { mode: 0o600 });
    return fresh;
  }
}

const standalone = spawn(process.execPath, [resolve(REPO, 'services/standalone/main.ts')], {
  cwd: REPO,
  env: {
    ...process.env,
    MINGZAO_DATA_DIR: dataDir,
    MINGZAO_ADMIN_PASSWORD: password,
    // The demo's platform listens on this machine.
    MINGZAO_OUTBOUND_ALLOW: process.env.MINGZAO_OUTBOUND_ALLOW ?? '127.0.0.1',
    MINGZAO_FROZEN_AFTER_S: process.env.MINGZAO_FROZEN_AFTER_S ?? '20',
    MINGZAO_LOG_LEVEL: process.env.MINGZAO_LOG_LEVEL ?? 'warn',
  },
  stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
});
if (standalone.stdout === null) throw new Error('standalone was started without a pipe');
let demo: { stop(): Promise<void> } | undefined;
let ending = false;

/** Ends cameras and platform first, then standalone, which keeps its data. */
async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await demo?.stop().catch(() => {});
  if (standalone.exitCode === null && standalone.signalCode === null) standalone.kill('SIGTERM');
  else process.exit(code);
  standalone.once('exit', () => process.exit(code));
}
process.on('SIGINT', () => void end(0));
process.on('SIGTERM', () => void end(0));
standalone.once('exit', (code) => void end(ending ? 0 : (code ?? 1)));

for await (const line of createInterface({ input: standalone.stdout })) {
  process.stdout.write(`${line}\n`);
  const baseUrl = /^ready (http\S+)/.exec(line)?.[1];
  if (baseUrl === undefined) continue;
  runDemo({ repo: REPO, baseUrl, password, say, onFinding: () => void (untilFinding && end(0)) }).then(
    (running) => {
      demo = running;
      say(`open ${baseUrl}/ in a browser and sign in as admin with the password ${password}`);
      say(
        'confirm a finding there: the rectification task is issued and the platform is told. Ctrl-C ends the demo.',
      );
    },
    (error: Error) => {
      process.stderr.write(`the demo cannot go on: ${error.message}\n`);
      void end(1);
    },
  );
}
