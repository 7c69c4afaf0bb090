/** No Docker here: what can be wrong without one is checked by reading the files. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { knownKeys, readConfig, readServiceConfig } from '../../services/config/config.ts';
import type { GatewayRecord } from '../../services/db/registry.ts';
import { childrenOf } from '../../services/standalone/children.ts';
import { mosquittoFiles } from '../../tools/mqtt-acl/mosquitto.ts';

const REPO = resolve(import.meta.dirname, '../..');
const DOCKER = join(REPO, 'docker');

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  depends_on?: Record<string, unknown>;
  build?: { context: string; dockerfile: string };
}

interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, null>;
}

const compose = parse(readFileSync(join(DOCKER, 'compose.yaml'), 'utf8'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.image === 'mingzao');

/** Read by libuv and onnxruntime, not by us. */
const FOREIGN_KEYS = ['UV_THREADPOOL_SIZE', 'ORT_DISABLE_TELEMETRY'];

/** What is filled in from docker/.env. */
const FILLED: Record<string, string> = { MINGZAO_SECRET_KEY: 'ab'.repeat(32), MINGZAO_ADMIN_PASSWORD: '' };

function fillIn(text: string): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, kind: string, rest: string) =>
    kind === '-' ? rest : (FILLED[name] ?? 'Example1'),
  );
}

describe('docker/compose.yaml', () => {
  test.each(ours)('gives %s an environment that its configuration takes', (_name, service) => {
    const known = new Set([...knownKeys().map(({ key }) => key), ...FOREIGN_KEYS]);
    const env = Object.fromEntries(
      Object.entries(service.environment ?? {}).map(([key, value]) => [key, fillIn(String(value))]),
    );
    expect(Object.keys(env).filter((key) => !known.has(key))).toEqual([]);
    const config = readServiceConfig(env);
    expect(config.objectStore).toMatchObject({
      kind: 's3',
      endpoint: 'http://minio:9000',
      bucket: 'evidence',
    });
  });

  test.each(ours)('starts %s by a file that exists', (_name, service) => {
    const [program, entry = ''] = service.command ?? [];
    expect(program).toBe('node');
    expect(existsSync(join(REPO, entry))).toBe(true);
  });

  test('runs every process that standalone runs, but the embedded broker', () => {
    const started = new Set(ours.map(([, service]) => service.command?.[1]));
    const needed = childrenOf(REPO, readConfig({}), {}).services.map(({ entry }) =>
      entry.slice(REPO.length + 1),
    );
    expect([...new Set(needed)].filter((entry) => !started.has(entry))).toEqual([]);
  });

  test.each(services)('%s mounts and waits for what exists', (_name, service) => {
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      expect([
        source,
        source.startsWith('.') ? existsSync(join(DOCKER, source)) : source in compose.volumes,
      ]).toEqual([source, true]);
    }
    expect(Object.keys(service.depends_on ?? {}).filter((name) => !(name in compose.services))).toEqual([]);
  });

  test('takes each variable from env.example', () => {
    const text = readFileSync(join(DOCKER, 'compose.yaml'), 'utf8');
    const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map((match) => match[1]));
    const offered = readFileSync(join(DOCKER, 'env.example'), 'utf8').match(/^\w+(?==)/gm) ?? [];
    expect([...used].sort()).toEqual([...offered].sort());
  });
});

describe('docker/Dockerfile', () => {
  const lines = readFileSync(join(DOCKER, 'Dockerfile'), 'utf8').replace(/\\\n/g, ' ').split('\n');

  test('copies and starts what exists', () => {
    const copied = lines
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    const [, entry = ''] = JSON.parse(
      lines.find((line) => line.startsWith('CMD'))?.slice(4) ?? '[]',
    ) as string[];
    expect([...copied, entry].filter((path) => !existsSync(join(REPO, path)))).toEqual([]);
    for (const [, service] of ours) {
      if (service.build)
        expect(existsSync(resolve(DOCKER, service.build.context, service.build.dockerfile))).toBe(true);
    }
  });

  test('leaves nothing out that a process needs', () => {
    const ignored = readFileSync(join(DOCKER, 'Dockerfile.dockerignore'), 'utf8').trim().split('\n');
    const entries = ours.map(([, service]) => service.command?.[1] ?? '');
    expect(
      entries.filter((entry) => ignored.some((path) => `${dirname(entry)}/`.startsWith(`${path}/`))),
    ).toEqual([]);
  });

  test('does not run as root and says its licence', () => {
    expect(lines).toContain('USER node');
    expect(lines.join('\n')).toMatch(/image\.licenses="GPL-3\.0-or-later"/);
  });
});

test('docker/mosquitto-acl.example is what tools/mqtt-acl writes', () => {
  const gateway: GatewayRecord = {
    id: '00000000-0000-4000-8000-000000000001',
    code: 'gw-canteen-1',
    regionCode: 'county',
    regionPath: 'county',
    merchantId: null,
    merchantCode: 'm001',
    secretHash: 'x',
    timeZone: 'Asia/Shanghai',
    enabled: true,
  };
  const { acl_file } = mosquittoFiles([gateway], { username: 'mingzao', secretHash: 'y' });
  expect(readFileSync(join(DOCKER, 'mosquitto-acl.example'), 'utf8')).toBe(acl_file);
});
