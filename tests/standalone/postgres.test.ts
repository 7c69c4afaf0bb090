/** The embedded PostgreSQL by itself. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { startPostgres } from '../../services/standalone/postgres.ts';
import { ROOT_ACCOUNTS } from '../../services/standalone/postgres-account.ts';
import { isGone } from '../support/process.ts';
import { makeFolder } from './support/standalone.ts';

const FAST = { fsync: 'off', shared_buffers: '16MB' };
const quiet = () => undefined;

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Others run at the same time on few cores. */
const SLOW = { timeout: 90_000 };

describe('embedded PostgreSQL', SLOW, () => {
  test('is a real server of version 15 or newer, in UTF-8, asking for its password', async () => {
    const server = await startPostgres({
      dataDir: join(await makeFolder(), 'pg'),
      port: 0,
      log: quiet,
      settings: FAST,
    });
    try {
      const [row] = await ask<{ v: number; e: string }>(
        server.url,
        `select current_setting('server_version_num')::int as v, current_setting('server_encoding') as e`,
      );
      expect(row?.v).toBeGreaterThanOrEqual(150_000);
      expect(row?.e).toBe('UTF8');
      expect(await ask(server.url, `select lower('ÄÖ') as l, '明灶' as w`)).toEqual([{ l: 'äö', w: '明灶' }]);
      await expect(ask(server.url.replace(/:[0-9a-f]{40}@/, ':wrong@'), 'select 1')).rejects.toThrow(
        /password/,
      );
    } finally {
      await server.stop();
    }
    await isGone(server.pid);
  });

  test('makes its folder anew when the first try was cut off half-way', async () => {
    const dataDir = join(await makeFolder(), 'pg');
    await mkdir(`${dataDir}.new/base`, { recursive: true });
    await writeFile(`${dataDir}.new/PG_VERSION`, '18\n');
    const server = await startPostgres({ dataDir, port: 0, log: quiet, settings: FAST });
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  test('refuses the folder of another version in plain words', async () => {
    const dataDir = join(await makeFolder(), 'pg');
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'PG_VERSION'), '12\n');
    await expect(startPostgres({ dataDir, port: 0, log: quiet })).rejects.toThrow(
      /made by PostgreSQL 12.*pg_dump/,
    );
  });

  test.skipIf(process.getuid?.() !== 0)('runs as root by either way, one after the other', async () => {
    const dataDir = join(await makeFolder(), 'pg');
    for (const account of [ROOT_ACCOUNTS.nobody, ROOT_ACCOUNTS['user-namespace'], ROOT_ACCOUNTS.nobody]) {
      const server = await startPostgres({ dataDir, port: 0, log: quiet, settings: FAST, account });
      await ask(server.url, 'create table if not exists t (id int)');
      await ask(server.url, 'insert into t values (1)');
      await server.stop();
    }
    const server = await startPostgres({ dataDir, port: 0, log: quiet });
    expect(await ask(server.url, 'select count(*)::int as n from t')).toEqual([{ n: 3 }]);
    await server.stop();
  });
});
