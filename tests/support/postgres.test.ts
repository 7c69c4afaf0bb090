import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { createTestDatabase, useTestDatabase } from './postgres.ts';

describe('test databases', () => {
  const url = useTestDatabase();

  test('come with the newest schema', async () => {
    const client = new pg.Client({ connectionString: url() });
    await client.connect();
    const { rows } = await client.query('select count(*)::int as n from migration');
    await client.end();
    expect(rows[0].n).toBeGreaterThan(0);
  });

  test('do not see each other', async () => {
    const [one, other] = await Promise.all([createTestDatabase('empty'), createTestDatabase('empty')]);
    const names = [];
    for (const database of [one, other]) {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query('create table only_here (id int)');
      names.push((await client.query('select current_database() as name')).rows[0].name);
      await client.end();
      await database.drop();
    }
    expect(new Set(names).size).toBe(2);
  });
});
