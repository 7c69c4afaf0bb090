/** History that was written before it was a chain. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openDatabase } from '../../services/db/database.ts';
import { migrate } from '../../services/db/migrate.ts';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { useTestDatabase } from '../support/postgres.ts';

const url = useTestDatabase('empty');
const FOLDER = join(import.meta.dirname, '../../services/db/migrations');

test('rows of an older database become chains, and new rows go on from them', async () => {
  const client = new pg.Client({ connectionString: url() });
  await client.connect();
  await client.query('create table migration (name text primary key, ran_at timestamptz default now())');
  const older = (await readdir(FOLDER)).filter((name) => name < '0006').sort();
  for (const name of older) {
    await client.query(await readFile(join(FOLDER, name), 'utf8'));
    await client.query('insert into migration (name) values ($1)', [name]);
  }
  // Two findings whose rows lie between each other.
  const ids = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
  for (const [from, to] of [
    [null, 'pending_review'],
    ['pending_review', 'confirmed'],
  ]) {
    for (const id of ids) {
      await client.query(
        `insert into history (entity, entity_id, from_state, to_state, note, at)
         values ('finding', $1, $2, $3, '备注', '2026-11-20T01:02:03.456789Z')`,
        [id, from, to],
      );
    }
  }
  expect(await migrate(url())).toContain('0006_task_life.sql');
  await client.query(
    `insert into history (entity, entity_id, from_state, to_state) values ('finding', $1, 'confirmed', 'expired')`,
    [ids[0]],
  );
  await client.end();
  const { db, close } = openDatabase(url());
  const report = await verifyHistory(db).finally(close);
  expect(report).toEqual({ rows: 5, chains: 2, faults: [] });
});
