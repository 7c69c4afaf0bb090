/** Debian packages that the tests need beside npm's: real browser, RTSP server, brokers, video tools. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { InTheWay } from './ensure.mjs';

export const TEST_PACKAGES = [
  'chromium',
  'ffmpeg',
  'fonts-noto-cjk',
  'gir1.2-gst-rtsp-server-1.0',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'mosquitto',
  'openssl',
  'python3-gi',
  'redis-server',
];

/** Its presence, with exit code 101, keeps apt from starting the services it installs (they would take 1883, 6379). */
const POLICY = '/usr/sbin/policy-rc.d';

/** Installs what is missing when we are root on Debian; else throws, naming the command that does. */
export function ensureTestPackages() {
  const missing = TEST_PACKAGES.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!has('apt-get') || process.getuid?.() !== 0) {
    throw new InTheWay(
      `The tests need programs that are not installed. As root on Debian or Ubuntu:\n\n  ${command}\n\n` +
        'then run npm test again.',
    );
  }
  console.log(`Installing for the tests: ${missing.join(' ')} …`);
  apt(['update']);
  withoutServices(() => apt(['install', '-y', '--no-install-recommends', ...missing]));
}

function apt(args) {
  const done = spawnSync('apt-get', ['-q', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status === 0) return;
  process.stderr.write(`${(done.stdout ?? '').slice(-2000)}${(done.stderr ?? '').slice(-4000)}`);
  throw new InTheWay(
    `apt-get ${args.join(' ')} failed (see above): the tests cannot run without these programs.`,
  );
}

function withoutServices(work) {
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    work();
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
}

function isInstalled(name) {
  const asked = spawnSync('dpkg-query', ['-W', '-f', '$' + '{db:Status-Status}', name], { encoding: 'utf8' });
  return asked.status === 0 && asked.stdout.trim() === 'installed';
}

function has(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}
