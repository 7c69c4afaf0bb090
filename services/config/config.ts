/**
 * Configuration: read once per process from the environment, checked as a whole, frozen.
 * Processes call `readServiceConfig(process.env)`; standalone, which supplies what is missing, `readConfig`.
 */
import { availableParallelism, hostname } from 'node:os';
import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { keySpecs, type Machine } from './keys.ts';
import { hideCredentials, type KeySpec, WrongValue } from './parsers.ts';

type Specs = ReturnType<typeof keySpecs>;
type ValueOf<S> = S extends KeySpec<infer T> ? T : never;

/** The configuration. What is `undefined` is supplied by standalone or simply not used. */
export type Config = Readonly<{ [K in keyof Specs]: ValueOf<Specs[K]> }> & {
  readonly publicUrl: string;
};

/** What every process but standalone is given. */
export const NEEDED_BY_SERVICES = ['databaseUrl', 'mqttUrl', 'objectStore', 'secretKey'] as const;
type Needed = (typeof NEEDED_BY_SERVICES)[number];
export type ServiceConfig = Config & { readonly [K in Needed]: NonNullable<Config[K]> };

export type Env = Readonly<Record<string, string | undefined>>;

/** All that is wrong with the environment, a line each: key, value, what would be right. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The configuration is not right:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const thisMachine = (): Machine => ({
  cores: availableParallelism(),
  hostname: hostname(),
  repoDir: resolve(import.meta.dirname, '../..'),
});

/** Name, whether secret, and default as text of every key: for docs and for the check of docker/compose.yaml. */
export function knownKeys(machine: Machine = thisMachine()): { key: string; secret: boolean }[] {
  return Object.values(keySpecs(machine)).map(({ key, secret }) => ({ key, secret }));
}

/** Set variables named MINGZAO_… that nothing reads: most likely misspelt. */
export function unknownKeys(env: Env): string[] {
  const known = new Set(knownKeys().map(({ key }) => key));
  return Object.keys(env).filter((key) => key.startsWith('MINGZAO_') && !known.has(key));
}

/**
 * Reads the configuration. An empty variable counts as unset.
 * @throws ConfigError with every problem at once.
 */
export function readConfig(env: Env, machine: Machine = thisMachine()): Config {
  return build(env, machine, []) as Config;
}

/**
 * Like `readConfig`, and what services cannot do without must be set.
 * @throws ConfigError with every problem at once.
 */
export function readServiceConfig(env: Env, machine: Machine = thisMachine()): ServiceConfig {
  return build(env, machine, NEEDED_BY_SERVICES) as ServiceConfig;
}

function build(env: Env, machine: Machine, needed: readonly string[]): Record<string, unknown> {
  const specs = Object.entries(keySpecs(machine)) as [string, KeySpec<unknown>][];
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, spec] of specs) {
    const raw = env[spec.key]?.trim() ?? '';
    if (raw === '') {
      if (needed.includes(name)) problems.push(`${spec.key} is not set`);
      values[name] = spec.fallback;
      continue;
    }
    try {
      values[name] = spec.parse(raw);
    } catch (error) {
      if (!(error instanceof WrongValue)) throw error;
      problems.push(`${spec.key} is ${showRaw(spec, raw)}: should be ${error.message}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  values.publicUrl ??= `http://${urlHost(String(values.host))}:${values.port}`;
  values.dataDir = resolve(String(values.dataDir));
  values.modelsDir = resolve(String(values.modelsDir));
  return printable(values, specs);
}

/** Makes printing (console.log, pino, JSON.stringify) show the redacted form, and freezes. */
function printable(values: Record<string, unknown>, specs: [string, KeySpec<unknown>][]) {
  const redacted = () =>
    Object.fromEntries(
      specs.map(([name, spec]) => [name, values[name] === undefined ? undefined : spec.show(values[name])]),
    );
  Object.defineProperty(values, 'toJSON', { value: redacted });
  Object.defineProperty(values, inspect.custom, { value: redacted });
  return Object.freeze(values);
}

/** The value for an error message: never a secret, addresses without password. */
function showRaw(spec: KeySpec<unknown>, raw: string): string {
  if (spec.secret) return `set (${raw.length} characters)`;
  return raw.includes('@') ? `"${hideCredentials(raw)}"` : `"${raw}"`;
}

/** A host as it stands in an address: IPv6 in brackets, "everywhere" as this machine. */
export function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
