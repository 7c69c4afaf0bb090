/** A database of its own for each test file, from the server that global-setup.ts started. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';

export interface TestDatabase {
  url: string;
  /** Cuts every connection and removes the database. */
  drop(): Promise<void>;
}

/** Makes a database: `migrated` with the newest schema (the default), or `empty`. About 50 ms. */
export async function createTestDatabase(from: 'migrated' | 'empty' = 'migrated'): Promise<TestDatabase> {
  const adminUrl = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(adminUrl, `create database ${name} template template_${from} strategy file_copy`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(adminUrl, `drop database if exists ${name} with (force)`) };
}

/**
 * For the top of a test file: one database for all its tests, dropped at the end.
 * @returns a function that gives the address once `beforeAll` has run.
 */
export function useTestDatabase(from: 'migrated' | 'empty' = 'migrated'): () => string {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase(from);
  });
  afterAll(async () => {
    await database?.drop();
  });
  return () => {
    if (!database) throw new Error('the test database exists only from beforeAll on');
    return database.url;
  };
}

async function asAdmin(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
