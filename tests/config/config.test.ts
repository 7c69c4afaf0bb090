import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, readServiceConfig, unknownKeys } from '../../services/config/config.ts';

const MACHINE = { cores: 3, hostname: 'box 1', repoDir: '/repo' };
const read = (env: Record<string, string>) => readConfig(env, MACHINE);

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  test('has defaults for one machine', () => {
    expect(read({})).toMatchObject({
      databaseUrl: undefined,
      host: '127.0.0.1',
      port: 8080,
      mqttPort: 1883,
      pgPort: 0,
      dataDir: '/repo/data',
      modelsDir: '/repo/models',
      workers: 3,
      gatewayId: 'box-1',
      logLevel: 'info',
      frozenAfterS: 120,
      publicUrl: 'http://127.0.0.1:8080',
    });
  });

  test('takes an empty variable as unset', () => {
    expect(read({ MINGZAO_PORT: '', DATABASE_URL: ' ' })).toMatchObject({
      port: 8080,
      databaseUrl: undefined,
    });
  });

  test.each([
    [
      's3://KEY:SE%2FC@host:9000/bucket?tls=0',
      { kind: 's3', endpoint: 'http://host:9000', bucket: 'bucket', secretKey: 'SE/C', region: 'us-east-1' },
    ],
    [
      's3://K:S@s3.example.org/evidence?region=cn-east-1',
      { kind: 's3', endpoint: 'https://s3.example.org', bucket: 'evidence', region: 'cn-east-1' },
    ],
    ['file:///srv/evidence/', { kind: 'file', path: '/srv/evidence' }],
  ])('reads the object store %s', (address, store) => {
    expect(read({ OBJECT_STORE_URL: address }).objectStore).toMatchObject(store);
  });

  test.each(['ab'.repeat(32), Buffer.from('ab'.repeat(32), 'hex').toString('base64')])(
    'reads the secret key %s',
    (key) => {
      expect(read({ MINGZAO_SECRET_KEY: key }).secretKey?.toString('hex')).toBe('ab'.repeat(32));
    },
  );

  test.each([
    ['MINGZAO_PORT', '80a', 'MINGZAO_PORT is "80a": should be a whole number from 0 to 65535'],
    ['MINGZAO_PORT', '65536', 'MINGZAO_PORT is "65536": should be a whole number from 0 to 65535'],
    ['MINGZAO_WORKERS', '0', 'MINGZAO_WORKERS is "0": should be a whole number from 1 to 256'],
    ['MINGZAO_WORKERS', '1.5', 'MINGZAO_WORKERS is "1.5": should be a whole number from 1 to 256'],
    [
      'MINGZAO_TRUSTED_PROXIES',
      '10.0.0.1, proxy',
      'MINGZAO_TRUSTED_PROXIES is "10.0.0.1, proxy": should be addresses or networks like 10.1.2.3,172.30.231.0/24',
    ],
    [
      'MINGZAO_LOG_LEVEL',
      'loud',
      'MINGZAO_LOG_LEVEL is "loud": should be one of trace, debug, info, warn, error, fatal, silent',
    ],
    [
      'MINGZAO_SECRET_KEY',
      'abc',
      'MINGZAO_SECRET_KEY is set (3 characters): should be 32 bytes, as 64 hex digits or base64',
    ],
    [
      'MINGZAO_ADMIN_PASSWORD',
      'short',
      'MINGZAO_ADMIN_PASSWORD is set (5 characters): should be at least 8 characters',
    ],
    [
      'MQTT_URL',
      'localhost:1883',
      'MQTT_URL is "localhost:1883": should be an address like mqtt://host:1883',
    ],
    [
      'DATABASE_URL',
      'mysql://u:secret@h/d',
      'DATABASE_URL is "mysql://u:***@h/d": should be an address like postgres://user:password@host:5432/name',
    ],
    [
      'OBJECT_STORE_URL',
      's3://host/bucket',
      'OBJECT_STORE_URL is "s3://host/bucket": should be an address like s3://KEY:SECRET@host:9000/bucket?tls=0 or file:///folder',
    ],
  ])('says what is wrong with %s=%s', (key, value, problem) => {
    expect(problemsOf(() => read({ [key]: value }))).toEqual([problem]);
  });

  test('tells all problems at once, and what services lack', () => {
    const problems = problemsOf(() =>
      readServiceConfig({ MINGZAO_PORT: 'x', MQTT_URL: 'mqtt://h' }, MACHINE),
    );
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'DATABASE_URL',
      'OBJECT_STORE_URL',
      'MINGZAO_PORT',
      'MINGZAO_SECRET_KEY',
    ]);
  });

  test('shows no secret however it is printed', () => {
    const config = read({
      DATABASE_URL: 'postgres://u:hidden1@h/d',
      MQTT_PASSWORD: 'hidden2',
      OBJECT_STORE_URL: 's3://K:hidden3@h/bucket',
      MINGZAO_SECRET_KEY: 'ab'.repeat(32),
      MINGZAO_ADMIN_PASSWORD: 'hidden4-long',
    });
    const printed = inspect(config) + JSON.stringify(config);
    expect(printed).not.toMatch(/hidden|abab|171/);
    expect(printed).toContain('postgres://u:***@h/d');
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('finds misspelt variables', () => {
    expect(unknownKeys({ MINGZAO_PROT: '1', MINGZAO_PORT: '1', PATH: 'x' })).toEqual(['MINGZAO_PROT']);
  });
});
