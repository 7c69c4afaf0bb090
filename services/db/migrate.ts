import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { STARTING_RULES } from '../domain/rules.ts';

const FOLDER = new URL('./migrations/', import.meta.url);
/** Any constant: only migrations take this lock. */
const LOCK = 7_301_994;

/**
 * Brings a database to the newest schema; numbered files run once, each in its own transaction. Several processes may call
 * it at once: one works, the others wait. On an empty database the starting rules are written.
 * @returns names of the migrations that ran now
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'mingzao migrate' });
  await client.connect();
  const ran: string[] = [];
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'create table if not exists migration (name text primary key, ran_at timestamptz not null default now())',
    );
    const done = new Set(
      (await client.query<{ name: string }>('select name from migration')).rows.map((row) => row.name),
    );
    const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
    for (const name of names) {
      if (done.has(name)) continue;
      const sql = await readFile(new URL(name, FOLDER), 'utf8');
      await client.query('begin');
      try {
        await client.query(sql);
        await client.query('insert into migration (name) values ($1)', [name]);
        if (done.size === 0 && name.startsWith('0001')) await writeStartingPolicy(client);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error });
      }
      ran.push(name);
    }
  } finally {
    await client.end();
  }
  return ran;
}

async function writeStartingPolicy(client: pg.Client): Promise<void> {
  for (const rule of STARTING_RULES) {
    await client.query(
      `insert into rule (region_id, zone_kind, kind, enabled, k, n, min_duration_s, min_size_px, min_score,
                         merge_window_min, daily_cap, hours, class)
       values (null, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        rule.zoneKind,
        rule.kind,
        rule.enabled,
        rule.k,
        rule.n,
        rule.minDurationS,
        rule.minSizePx,
        rule.minScore,
        rule.mergeWindowMin,
        rule.dailyCap,
        rule.hours,
        rule.class,
      ],
    );
  }
}
