/**
 * Brings a checkout into a state in which it can run: packages installed, web page built. Plain JavaScript for the
 * machine's own Node ≥ 20, without dependencies: it is what runs before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPO = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Node 24, pinned by npm: runs TypeScript as it is. */
export const NODE = join(REPO, 'node_modules', '.bin', 'node');

const OLDEST_NODE = 20;
const OLDEST_NPM = 10;
/** Hash of the package-lock.json that node_modules was last made from. */
const STAMP = join(REPO, 'node_modules', '.mingzao-lock');

/** Something in the way, in words that say what to do; shown without a stack. */
export class InTheWay extends Error {}

/** Runs `work`; what is in the way is printed, and the process ends with 1. */
export async function plainly(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof InTheWay)) throw error;
    console.error(`\n${error.message}`);
    process.exit(1);
  }
}

/** Packages and, unless `web` is false, the page. What it says goes to stderr: stdout belongs to what runs next. */
export function ensure({ web = true } = {}) {
  checkNode();
  ensurePackages();
  if (web) ensureWeb();
}

function checkNode() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new InTheWay(
      `Node ${process.versions.node} is too old: Mingzao needs Node ${OLDEST_NODE} or newer with npm.`,
    );
  }
}

function ensurePackages() {
  const lock = join(REPO, 'package-lock.json');
  const hash = createHash('sha256').update(readFileSync(lock)).digest('hex');
  const installed = join(REPO, 'node_modules', '.package-lock.json');
  const fresh =
    existsSync(installed) &&
    (mtimeMs(installed) >= mtimeMs(lock) ||
      (existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === hash));
  if (!fresh) {
    console.error('Installing packages (npm ci) …');
    npmCi();
  }
  const node = spawnSync(NODE, ['--version'], { encoding: 'utf8' });
  if (node.status !== 0) {
    throw new InTheWay(
      'The packages are installed, but the Node 24 among them does not run here ' +
        `(${node.error?.message ?? node.stderr.trim()}). Remove the folder node_modules and run this again; ` +
        'npm must be allowed to run install scripts.',
    );
  }
  if (!fresh) writeFileSync(STAMP, `${hash}\n`);
}

function npmCi() {
  const env = machineEnv();
  const version = spawnSync('npm', ['--version'], { encoding: 'utf8', env, cwd: REPO });
  if (version.error) throw new InTheWay('npm was not found: install Node 20 or newer together with npm.');
  if (Number.parseInt(version.stdout, 10) < OLDEST_NPM) {
    throw new InTheWay(`npm ${version.stdout.trim()} is too old: npm ${OLDEST_NPM} or newer is needed.`);
  }
  const ci = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: REPO,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 2, 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (ci.status === 0) return;
  const said = ci.stderr ?? '';
  process.stderr.write(said);
  if (/ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|network/i.test(said)) {
    throw new InTheWay(
      'npm could not reach its registry (see above). Mingzao needs it once, to install its packages: check the ' +
        'network, or point npm at a mirror (npm config set registry …), and run this again.',
    );
  }
  throw new InTheWay('npm could not install the packages (see above).');
}

/** The environment with the machine's own Node first: `npm run` puts node_modules/.bin, which npm ci removes, before it. */
function machineEnv() {
  const own = `${sep}node_modules${sep}.bin`;
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.endsWith(own));
  return { ...process.env, PATH: path.join(delimiter) };
}

/** Builds services/web when the built page is missing or older than a source. Returns whether it had to. */
export function ensureWeb() {
  const web = join(REPO, 'services', 'web');
  const page = join(web, 'dist', 'index.html');
  if (existsSync(page) && mtimeMs(page) >= Math.max(newestMs(web), mtimeMs(join(REPO, 'package-lock.json'))))
    return false;
  console.error('Building the web page …');
  const build = spawnSync(NODE, [binOf('vite'), 'build', 'services/web', '--logLevel', 'warn'], {
    cwd: REPO,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (build.status !== 0) throw new InTheWay('The web page could not be built (see above).');
  return true;
}

/** The script behind a command of an installed package. */
export function binOf(name) {
  return join(REPO, 'node_modules', '.bin', name);
}

/** Milliseconds between looks at whether npm still lives. */
const PARENT_EVERY_MS = 250;

/**
 * Runs a TypeScript file of the repository by Node 24, in the caller's folder, until it ends; then ends with its exit
 * code. Signals are handed on; the IPC channel tells it when this process has been killed.
 */
export function runToEnd(file, args) {
  const entry = join(REPO, file);
  if (!existsSync(entry)) throw new InTheWay(`${file} is missing: the checkout is not whole.`);
  const child = spawn(NODE, [entry, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  stopWithNpm(() => child.kill('SIGTERM'));
  child.once('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.once('exit', (code) => process.exit(code ?? 1));
}

/** A signal to npm ends npm and the shell between us, which hands nothing on: that our parent changed is how we know. */
function stopWithNpm(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_EVERY_MS);
  timer.unref();
}

function newestMs(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestMs(path) : mtimeMs(path));
  }
  return newest;
}

const mtimeMs = (path) => statSync(path).mtimeMs;
