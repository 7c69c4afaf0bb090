/** Limits that an older database kept as rows (deadline_policy) are documents with the same effect after the upgrade. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openDatabase } from '../../services/db/database.ts';
import { migrate } from '../../services/db/migrate.ts';
import { policiesInForce, policyAt } from '../../services/db/policy.ts';
import { freezeForTask } from '../../services/db/task-policy.ts';
import { STARTING_POLICY } from '../../services/domain/policy.ts';
import { useTestDatabase } from '../support/postgres.ts';

const url = useTestDatabase('empty');
const FOLDER = join(import.meta.dirname, '../../services/db/migrations');
const AT = new Date('2026-11-21T04:00:00Z');
const place = (regionPath: string) => ({ regionPath, timeZone: 'Asia/Shanghai', merchantType: 'restaurant' });

test('old limits hold on as versions of policy: everywhere, of a county, of a town in part', async () => {
  const client = new pg.Client({ connectionString: url() });
  await client.connect();
  await client.query('create table migration (name text primary key, ran_at timestamptz default now())');
  const older = (await readdir(FOLDER)).filter((name) => name < '0008').sort();
  for (const name of older) {
    await client.query(await readFile(join(FOLDER, name), 'utf8'));
    await client.query('insert into migration (name) values ($1)', [name]);
  }
  await client.query('delete from deadline_policy');
  const regions = [
    ['00000000-0000-4000-8000-000000000001', 'huojia', null, 'county'],
    [
      '00000000-0000-4000-8000-000000000002',
      'huojia.chengguan',
      '00000000-0000-4000-8000-000000000001',
      'town',
    ],
  ];
  for (const [id, path, parent, level] of regions)
    await client.query(
      'insert into region (id, code, path, parent_id, level, name) values ($1, $2, $3, $4, $5, $2)',
      [id, path?.split('.').at(-1), path, parent, level],
    );
  const rows: [string | null, number, number, number, number][] = [
    [null, 1, 20, 600, 2880],
    [null, 2, 120, 1440, 7200],
    [null, 3, 600, 5000, 9000],
    ['00000000-0000-4000-8000-000000000001', 1, 15, 300, 4000],
    ['00000000-0000-4000-8000-000000000001', 2, 90, 999, 5000],
    ['00000000-0000-4000-8000-000000000001', 3, 700, 6000, 9999],
    ['00000000-0000-4000-8000-000000000002', 2, 45, 500, 6000],
  ];
  for (const row of rows)
    await client.query(
      `insert into deadline_policy (region_id, class, acknowledge_min, submit_min, recheck_min)
       values ($1, $2, $3, $4, $5)`,
      row,
    );
  expect(await migrate(url())).toContain('0008_policy.sql');
  expect((await client.query(`select to_regclass('deadline_policy') as gone`)).rows).toEqual([
    { gone: null },
  ]);
  await client.end();

  const { db, close } = openDatabase(url());
  try {
    const documents = await policiesInForce(db, AT);
    expect(documents.map(({ regionPath, version }) => [regionPath, version]).sort()).toEqual(
      [
        ['huojia', 1],
        ['huojia.chengguan', 1],
        [null, 1],
      ].sort(),
    );
    const limits = async (regionPath: string) => {
      const { policy } = await policyAt(db, place(regionPath), AT);
      return ([1, 2, 3] as const).map((one) => {
        const { acknowledgeMin, submitMin, recheckMin } = policy.limits[one];
        return [one, acknowledgeMin, submitMin, recheckMin];
      });
    };
    expect(await limits('elsewhere')).toEqual(rows.slice(0, 3).map((row) => row.slice(1)));
    expect(await limits('huojia')).toEqual(rows.slice(3, 6).map((row) => row.slice(1)));
    // The town says something of class 2 alone: the rest is its county's.
    expect(await limits('huojia.chengguan')).toEqual([
      rows[3]?.slice(1),
      rows[6]?.slice(1),
      rows[5]?.slice(1),
    ]);
    // What nobody had said is as a fresh database has it.
    const { policy } = await policyAt(db, place('huojia.chengguan'), AT);
    expect({ ...policy, limits: STARTING_POLICY.limits }).toEqual(STARTING_POLICY);
    expect(policy.limits[2]).toMatchObject({ counting: 'calendar', reviewMin: 1440 });
    // And a task that is issued now is due as it was before.
    const { columns } = await db.transaction().execute((tx) =>
      freezeForTask(
        tx,
        {
          kind: 'no_hat',
          class: 2,
          verdict_class: null,
          region_path: 'huojia.chengguan',
          time_zone: 'Asia/Shanghai',
          merchant_type: 'restaurant',
        },
        AT,
      ),
    );
    expect(columns.policy_version).toBe('*@1 huojia@1 huojia.chengguan@1');
    expect(columns.acknowledge_due).toEqual(new Date(AT.getTime() + 45 * 60_000));
    expect(columns.submit_due).toEqual(new Date(AT.getTime() + 500 * 60_000));
  } finally {
    await close();
  }
});
