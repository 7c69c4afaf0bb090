/**
 * Everything on one machine: embedded database and broker unless their addresses are given, then the processes.
 * The steps of a start are a list; a stop undoes those that were done, last first.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, urlHost } from '../config/config.ts';
import { SECRET_KEY_BYTES } from '../config/keys.ts';
import { type Children, childEnv, childrenOf } from './children.ts';
import { superviseDatabase } from './database.ts';
import { formatLine } from './log-lines.ts';
import { claimPort } from './ports.ts';
import { stopStaleServer } from './postgres-stale.ts';
import { PREPARE_STEPS, type PrepareStep } from './prepare.ts';
import { waitUntilReady } from './ready.ts';
import { claimFolder } from './run-file.ts';
import { keptSecret } from './secrets.ts';
import { type ChildSpec, supervise } from './supervisor.ts';

/** Milliseconds; together with PostgreSQL's fast shutdown (2.5 s) below the 10 s that a stop may take. */
const SERVICES_STOP_MS = 6_000;
const BROKER_STOP_MS = 1_000;

export interface StandaloneOptions {
  config: Config;
  /** Our own environment, the base of the children's. */
  env: NodeJS.ProcessEnv;
  repoDir: string;
  out(line: string): void;
  /** Others than the usual: for tests. */
  children?: (repoDir: string, config: Config, env: NodeJS.ProcessEnv) => Children;
  prepare?: readonly PrepareStep[];
}

export interface Standalone {
  /**
   * Resolves with the address when /readyz answers 200, or with undefined when `stop` came first.
   * @throws Error in plain words when something is in the way; `stop` must still be called.
   */
  start(): Promise<string | undefined>;
  /** Undoes what `start` has done so far. Safe to call while it runs. */
  stop(): Promise<void>;
}

export function createStandalone(options: StandaloneOptions): Standalone {
  const { config, repoDir, out } = options;
  const log = (name: string, line: string) => out(formatLine(name, line));
  const stopped = new AbortController();
  const undo: (() => Promise<void>)[] = [];
  let starting: Promise<string | undefined> = Promise.resolve(undefined);

  const start = async (): Promise<string | undefined> => {
    await makeFolder(config.dataDir);
    const runFile = await claimFolder(config.dataDir, (line) => log('standalone', line));
    undo.push(async () => runFile.remove());
    const clusterDir = join(config.dataDir, 'postgres');
    if (config.databaseUrl === undefined) await stopStaleServer(clusterDir);

    const ports = await claimPorts(config);
    const databaseUrl =
      config.databaseUrl ?? (await embeddedDatabase(clusterDir, ports.pg, config.workers, log, undo));
    if (stopped.signal.aborted) return undefined;

    const url = `http://${urlHost(config.host)}:${ports.http}`;
    const settled = {
      databaseUrl,
      ...(await brokerAccount(config, ports.mqtt)),
      secretKey:
        config.secretKey?.toString('hex') ??
        (await keptSecret(join(config.dataDir, 'secret.key'), SECRET_KEY_BYTES)),
      port: ports.http,
      mqttPort: ports.mqtt,
      publicUrl: options.env.MINGZAO_PUBLIC_URL ? config.publicUrl : url,
    };
    const env = childEnv(config, settled, options.env);
    const prepareEnv = { ...env, MINGZAO_ADMIN_PASSWORD: config.adminPassword };
    for (const step of options.prepare ?? PREPARE_STEPS) {
      await step.run({ repoDir, databaseUrl, env: prepareEnv, out });
      if (stopped.signal.aborted) return undefined;
    }

    const children = (options.children ?? childrenOf)(repoDir, config, env);
    const run = (specs: readonly ChildSpec[], stopMs: number) => {
      for (const spec of specs)
        if (!existsSync(spec.entry)) throw new Error(`${spec.entry} is missing: the checkout is not whole`);
      const running = specs.map((spec) => supervise(spec, { cwd: repoDir, log, onStart: runFile.note }));
      undo.push(async () => {
        await Promise.all(running.map((child) => child.stop(stopMs)));
      });
    };
    run(children.broker, BROKER_STOP_MS);
    run(children.services, SERVICES_STOP_MS);

    const ready = await waitUntilReady(`${url}/readyz`, stopped.signal, (line) => log('standalone', line));
    if (ready) out(`ready ${url}`);
    return ready ? url : undefined;
  };

  return {
    start() {
      starting = start().catch((error) => {
        // What a stop cut off is no failure.
        if (stopped.signal.aborted) return undefined;
        throw error;
      });
      return starting;
    },
    async stop() {
      stopped.abort();
      await starting.catch(() => undefined);
      for (const step of undo.splice(0).reverse()) await step();
    },
  };
}

/** Connections to PostgreSQL at most: of all processes but the detection workers, and of one of those. */
const CONNECTIONS = 90;
const CONNECTIONS_A_WORKER = 18;

async function embeddedDatabase(
  dataDir: string,
  port: number,
  workers: number,
  log: (name: string, line: string) => void,
  undo: (() => Promise<void>)[],
): Promise<string> {
  const important = /(ERROR|FATAL|PANIC|WARNING): /;
  const database = await superviseDatabase({
    dataDir,
    port,
    connections: CONNECTIONS + workers * CONNECTIONS_A_WORKER,
    log: (line) => {
      if (important.test(line) || !/ (LOG|STATEMENT|DETAIL|HINT|CONTEXT): /.test(line)) log('postgres', line);
    },
  });
  undo.push(() => database.stop());
  return database.url;
}

/** The broker's address and Mingzao's own account at it; the embedded broker lets in who knows the kept password. */
async function brokerAccount(config: Config, port: number) {
  if (config.mqttUrl !== undefined) {
    return { mqttUrl: config.mqttUrl, mqttUsername: config.mqttUsername, mqttPassword: config.mqttPassword };
  }
  return {
    mqttUrl: `mqtt://${urlHost(config.host)}:${port}`,
    mqttUsername: config.mqttUsername ?? 'mingzao',
    mqttPassword: config.mqttPassword ?? (await keptSecret(join(config.dataDir, 'mqtt.password'), 20)),
  };
}

async function claimPorts(config: Config): Promise<{ http: number; mqtt: number; pg: number }> {
  const { host } = config;
  const http = await claimPort({
    use: 'web page and API',
    variable: 'MINGZAO_PORT',
    host,
    port: config.port,
  });
  const mqtt =
    config.mqttUrl === undefined
      ? await claimPort({ use: 'MQTT broker', variable: 'MINGZAO_MQTT_PORT', host, port: config.mqttPort })
      : config.mqttPort;
  const wish = { use: 'PostgreSQL', variable: 'MINGZAO_PG_PORT', host: '127.0.0.1', port: config.pgPort };
  const pg = config.databaseUrl === undefined ? await claimPort(wish) : config.pgPort;
  return { http, mqtt, pg };
}

async function makeFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(
      `The data folder ${dataDir} cannot be made (${(error as NodeJS.ErrnoException).code}): ` +
        'choose one that this account may write to with MINGZAO_DATA_DIR.',
    );
  }
}
