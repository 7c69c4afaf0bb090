/** Photographs of reports count as photographs from migration 0047 on: what a region said of pictures of dismissed cases holds for them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../services/db/migrate.ts';
import { useTestDatabase } from '../support/postgres.ts';

const url = useTestDatabase('empty');
const FOLDER = join(import.meta.dirname, '../../services/db/migrations');
const ITS_OWN = '0047_report_photo_kept.sql';

test('a region that kept pictures of dismissed cases for ever or longer keeps its reporters’ photographs as long', async () => {
  const client = new pg.Client({ connectionString: url() });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('create table migration (name text primary key, ran_at timestamptz default now())');
  for (const name of (await readdir(FOLDER)).filter((one) => one < ITS_OWN).sort()) {
    await client.query(await readFile(join(FOLDER, name), 'utf8'));
    await client.query('insert into migration (name) values ($1)', [name]);
  }
  await client.query(`
    with place as (
      insert into region (code, path, level, name) values ('a', 'a', 'county', '甲县'), ('b', 'b', 'county', '乙县'), ('c', 'c', 'county', '丙县')
      returning id, code)
    insert into retention_policy (region_id, item, since, keep_days)
      select id, 'frame', 'dismissed', 730 from place where code = 'a'
      union all select id, 'frame', 'dismissed', null from place where code = 'b'
      union all select id, 'frame', 'dismissed', 730 from place where code = 'c'
      union all select id, 'photo', 'dismissed', 200 from place where code = 'c'`);
  expect(await migrate(url())).toContain(ITS_OWN);
  const { rows } = await client.query(`
    select region.code, keep_days from retention_policy left join region on region.id = region_id
    where item = 'photo' and since = 'dismissed' order by region.code nulls first`);
  expect(rows).toEqual([
    { code: null, keep_days: 180 },
    { code: 'a', keep_days: 730 },
    { code: 'b', keep_days: null },
    { code: 'c', keep_days: 200 },
  ]);
});
