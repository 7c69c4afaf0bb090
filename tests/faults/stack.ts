/** The whole line as processes that can be killed: PostgreSQL, Redis or not, a broker, gateway, workers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrate } from '../../services/db/migrate.ts';
import { type RunningPostgres, startPostgres } from '../../services/standalone/postgres.ts';
import { cleanEnv } from '../support/process.ts';

const REPO = resolve(import.meta.dirname, '../..');

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** A process that is started again when it ends, as standalone's supervisor or systemd would do. */
class Kept {
  readonly #command: string;
  readonly #args: string[];
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #stopping = false;
  /** Times it had to be started again. */
  restarts = 0;

  constructor(command: string, args: string[], env: NodeJS.ProcessEnv) {
    this.#command = command;
    this.#args = args;
    this.#env = env;
  }

  start(): this {
    const child = spawn(this.#command, this.#args, {
      env: this.#env,
      stdio: process.env.TEST_LOG ? 'inherit' : 'ignore',
    });
    this.#child = child;
    child.once('exit', () => {
      if (this.#stopping) return;
      this.restarts += 1;
      this.start();
    });
    return this;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 6000);
    await ended;
    clearTimeout(hard);
  }
}

export interface Stack {
  databaseUrl: string;
  mqttUrl: string;
  redisUrl: string | undefined;
  storeFolder: string;
  workers: Kept[];
  gateway: Kept;
  broker: Kept;
  redis: Kept | undefined;
  /** Cuts every connection and starts the server again on the same data and port. */
  restartPostgres(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything. With `redis` jobs wait in Redis (append-only file on), else in PostgreSQL. */
export async function startStack(options: { redis: boolean; workers: number }): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-faults-'));
  const log = (): void => {};
  const pgPort = await freePort();
  const pgOptions = { dataDir: join(folder, 'postgres'), port: pgPort, log };
  let postgres: RunningPostgres = await startPostgres(pgOptions);
  await migrate(postgres.url);

  const mqttPort = await freePort();
  const conf = join(folder, 'mosquitto.conf');
  await writeFile(
    conf,
    [
      `listener ${mqttPort} 127.0.0.1`,
      'allow_anonymous true',
      'persistence true',
      `persistence_location ${folder}/`,
      'max_queued_messages 0',
      'user root',
      '',
    ].join('\n'),
  );
  const env = cleanEnv();
  const broker = new Kept('mosquitto', ['-c', conf], {
    ...env,
    PATH: `${process.env.PATH}:/usr/sbin`,
  }).start();

  let redis: Kept | undefined;
  let redisUrl: string | undefined;
  if (options.redis) {
    const port = await freePort();
    redisUrl = `redis://127.0.0.1:${port}`;
    const args = `--port ${port} --bind 127.0.0.1 --dir ${folder} --appendonly yes --maxmemory-policy noeviction`;
    redis = new Kept('redis-server', args.split(' '), env).start();
  }

  const storeFolder = join(folder, 'objects');
  const mine: NodeJS.ProcessEnv = {
    ...env,
    DATABASE_URL: postgres.url,
    MQTT_URL: `mqtt://127.0.0.1:${mqttPort}`,
    MQTT_USERNAME: 'mingzao',
    MQTT_PASSWORD: 'of-the-service',
    OBJECT_STORE_URL: pathToFileURL(storeFolder).href,
    MINGZAO_SECRET_KEY: '22'.repeat(32),
    MINGZAO_GATEWAY_ID: 'faults',
    MINGZAO_LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  };
  const node = (entry: string): Kept => new Kept(process.execPath, [join(REPO, entry)], mine);
  const gateway = node('services/gateway/main.ts').start();
  const workers = Array.from({ length: options.workers }, () => node('workers/detection/main.ts').start());
  return {
    databaseUrl: postgres.url,
    mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
    redisUrl,
    storeFolder,
    workers,
    gateway,
    broker,
    redis,
    async restartPostgres() {
      await postgres.stop();
      postgres = await startPostgres(pgOptions);
    },
    async stop() {
      await Promise.all([gateway.stop(), ...workers.map((worker) => worker.stop())]);
      await Promise.all([broker.stop(), redis?.stop()]);
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
