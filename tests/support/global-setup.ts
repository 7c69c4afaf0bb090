/** Runs once per `vitest run`: one PostgreSQL server in a temporary folder, with a migrated template database. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../services/db/migrate.ts';
import { startPostgres } from '../../services/standalone/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server's database `postgres`, from which test databases are made. */
    postgresUrl: string;
  }
}

/** Test data need not survive a power cut. */
const FAST = { fsync: 'off', full_page_writes: 'off', shared_buffers: '64MB', max_connections: '300' };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-test-'));
  const lines: string[] = [];
  const server = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: 0,
    settings: FAST,
    log: (line) => lines.push(line),
  });
  const admin = new pg.Client({ connectionString: server.urlOf('postgres') });
  await admin.connect();
  await admin.query('create database template_empty');
  await migrate(server.url);
  await admin.query('alter database mingzao rename to template_migrated');
  await admin.end();
  project.provide('postgresUrl', server.urlOf('postgres'));
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
