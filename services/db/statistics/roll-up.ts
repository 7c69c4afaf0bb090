import { sql } from 'kysely';
import type { Database } from '../database.ts';

/** Any constant: only summing up takes this lock, so that an older sum never overwrites a newer one. */
const LOCK = 7_301_995;
/** Camera-days taken away in one transaction: whoever marks coverage of one of them waits until it ends. */
const MOST_AT_ONCE = 100;

/**
 * Sums up camera-days whose letters changed into coverage_day and coverage_span, whenever they changed: a gateway that replays
 * yesterday's or last month's looks marks their days again. The mark and its sum are taken in one transaction, so a process that
 * is killed leaves the mark, and running twice has the effect of once.
 * @returns camera-days (UTC) that were summed up; 0 when nothing waits, or another process does it now
 */
export async function sumUpCoverage(db: Database, atOnce = MOST_AT_ONCE): Promise<number> {
  return await db.transaction().execute(async (tx) => {
    const lock = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${LOCK}) as mine`.execute(tx);
    if (lock.rows[0]?.mine !== true) return 0;
    const { rows } = await sql<{ camera: string; day: string }>`
      delete from coverage_changed using (
        select camera_id, day from coverage_changed order by day, camera_id limit ${atOnce} for update skip locked
      ) as taken
      where coverage_changed.camera_id = taken.camera_id and coverage_changed.day = taken.day
      returning coverage_changed.camera_id as camera, coverage_changed.day::text as day
    `.execute(tx);
    if (rows.length === 0) return 0;
    // A statement of its own: it sees what was committed while the one above waited for locks.
    await sql`
      select coverage_sum_up(${rows.map(({ camera }) => camera)}::uuid[], ${rows.map(({ day }) => day)}::date[])
    `.execute(tx);
    return rows.length;
  });
}

/** Until nothing waits. @param most camera-days, so that a long backlog does not keep a process from stopping */
export async function sumUpAllCoverage(db: Database, most = Number.POSITIVE_INFINITY): Promise<number> {
  let done = 0;
  while (done < most) {
    const now = await sumUpCoverage(db);
    if (now === 0) break;
    done += now;
  }
  return done;
}

/** Camera-days that wait to be summed up, and since when the oldest does. */
export async function waitingCoverage(db: Database): Promise<{ waiting: number; since: Date | null }> {
  const { rows } = await sql<{ waiting: number; since: Date | null }>`
    select count(*)::int as waiting, min(at) as since from coverage_changed
  `.execute(db);
  return rows[0] ?? { waiting: 0, since: null };
}
