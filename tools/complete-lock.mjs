/**
 * Adds to package-lock.json the packages of other platforms that the registry in use does not carry: npm leaves them
 * out of the lock, and `npm ci` then refuses the lock everywhere. Run after each `npm install <package>`; changes
 * nothing when nothing is missing. `--check` only says so (exit code 1).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from './lib/ensure.mjs';

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

const file = join(REPO, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (find(path, name)) continue;
    const place = `node_modules/${name}`;
    lock.packages[place] = {
      version: range.replace(/^[^\d]*/, ''),
      ...platformOf(name),
      ...(entry.dev ? { dev: true } : {}),
      license: entry.license,
      optional: true,
    };
    added.push(`${name}@${range}`);
  }
}
if (added.length === 0) console.log('package-lock.json is whole.');
else if (process.argv.includes('--check')) {
  console.log(
    `package-lock.json lacks packages of other platforms (run node tools/complete-lock.mjs): ${added.join(' ')}`,
  );
  process.exitCode = 1;
} else {
  const { '': root, ...others } = lock.packages;
  const sorted = Object.entries(others).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = { '': root, ...Object.fromEntries(sorted) };
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`added ${added.join(' ')}`);
}

/** The lock's entry that `name` means when it is asked for by the package at `path`. */
function find(path, name) {
  for (let folder = path; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const found = lock.packages[`${folder ? `${folder}/` : ''}node_modules/${name}`];
    if (found || folder === '') return found;
  }
}

/** What os and cpu the package says it is for, told from its name (`…-linux-arm64-musl`). */
function platformOf(name) {
  const words = name
    .replace('windows', 'win32')
    .replace('riscv64gc', 'riscv64')
    .split(/[-./@]/);
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  if (words.includes('universal')) cpu.push('x64', 'arm64');
  // A name that says no platform is kept from being installed here by one that does not exist.
  if (os.length + cpu.length === 0) return { os: ['unknown'] };
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : [];
  return { ...(os.length ? { os } : {}), ...(cpu.length ? { cpu } : {}), ...(libc.length ? { libc } : {}) };
}
