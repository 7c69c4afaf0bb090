/** How the disk of the object store fills: a sample an hour, a month of them. Bytes. */
import { sql } from 'kysely';
import { type DiskSample, RATE_OVER_MS } from '../domain/disk.ts';
import { FIXED_RETENTION } from '../domain/retention.ts';
import type { Database } from './database.ts';

/** Minutes between samples; any number of processes may ask for one. */
const EVERY_MIN = 55;

export type StoredWhat = 'frames' | 'clips' | 'photos' | 'documents';
export type Stored = Record<StoredWhat, number>;

/** What rows name in the object store, by what it is; pictures of looks that wait come and go and are not counted. */
export async function storedBytes(db: Database): Promise<Stored> {
  const { rows } = await sql<Stored>`
    select
      coalesce((select sum(bytes) from evidence where kind = 'frame'), 0)::float8 as frames,
      coalesce((select sum(bytes) from evidence where kind = 'clip'), 0)::float8 as clips,
      (coalesce((select sum(bytes) from task_photo), 0) + coalesce((select sum(bytes) from report_photo), 0)
        + coalesce((select sum(bytes) from visit_photo where removed_at is null), 0))::float8 as photos,
      coalesce((select sum(bytes) from document), 0)::float8 as documents
  `.execute(db);
  return rows[0] ?? { frames: 0, clips: 0, photos: 0, documents: 0 };
}

/** Bytes of the whole database with its indexes. */
export async function databaseBytes(db: Database): Promise<number> {
  const { rows } = await sql<{
    bytes: number;
  }>`select pg_database_size(current_database())::float8 as bytes`.execute(db);
  return rows[0]?.bytes ?? 0;
}

/** Keeps a sample unless there is a young one. @param space null: the store is no folder of this machine */
export async function keepDiskSample(
  db: Database,
  space: { total: number; free: number } | null,
  now: Date,
): Promise<void> {
  const young = new Date(now.getTime() - EVERY_MIN * 60_000);
  const recent = await db.selectFrom('disk_sample').select('at').where('at', '>', young).executeTakeFirst();
  if (recent !== undefined) return;
  const stored = Object.values(await storedBytes(db)).reduce((sum, bytes) => sum + bytes, 0);
  await db
    .insertInto('disk_sample')
    .values({ at: now, total: space?.total ?? null, free: space?.free ?? null, stored })
    .onConflict((conflict) => conflict.column('at').doNothing())
    .execute();
  await db
    .deleteFrom('disk_sample')
    .where('at', '<', new Date(now.getTime() - FIXED_RETENTION.disk_sample * 3_600_000))
    .execute();
}

/** The samples that the rate is taken from. */
export async function recentSamples(db: Database, now: Date): Promise<DiskSample[]> {
  const rows = await db
    .selectFrom('disk_sample')
    .select(['at', 'free'])
    .where('at', '>=', new Date(now.getTime() - RATE_OVER_MS))
    .where('free', 'is not', null)
    .orderBy('at')
    .execute();
  return rows.map(({ at, free }) => ({ at, free: Number(free) }));
}
