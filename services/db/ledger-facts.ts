import { sql } from 'kysely';
import type { OpeningHours } from '../domain/hours.ts';
import type { LedgerFacts } from '../domain/ledger.ts';
import { observedMinutes } from '../domain/recheck.ts';
import type { KindCode, TaskState } from '../domain/words.ts';
import type { Database } from './database.ts';
import { motionRecord } from './motion-record.ts';

/** What the cameras say about a merchant between two instants: confirmed findings (as their tasks), faults, minutes observed. */
export async function loadFacts(
  db: Database,
  merchantId: string,
  from: Date,
  until: Date,
): Promise<LedgerFacts> {
  const [tasks, faults, observed, motionMinutes] = await Promise.all([
    tasksSeen(db, merchantId, from, until),
    db
      .selectFrom('camera_fault')
      .innerJoin('camera', 'camera.id', 'camera_fault.camera_id')
      .select(['camera_fault.kind', 'camera.name', 'camera_fault.opened_at', 'camera_fault.closed_at'])
      .where('camera.merchant_id', '=', merchantId)
      .where('camera_fault.opened_at', '<', until)
      .where((eb) =>
        eb.or([eb('camera_fault.closed_at', 'is', null), eb('camera_fault.closed_at', '>=', from)]),
      )
      .orderBy('camera_fault.opened_at')
      .limit(50)
      .execute(),
    sql<{ minutes: number }>`
      select coalesce(sum(length(translate(coverage.minutes, '.COFDX', ''))), 0)::integer as minutes
      from coverage join camera on camera.id = coverage.camera_id
      where camera.merchant_id = ${merchantId} and coverage.hour >= ${from} and coverage.hour < ${until}
    `.execute(db),
    minutesOfMotion(db, merchantId, from, until),
  ]);
  return {
    tasks: tasks.map(({ at, ...task }) => ({ ...task, at: at.toISOString() })),
    faults: faults.map(({ kind, name, opened_at, closed_at }) => ({
      kind,
      camera: name,
      since: opened_at.toISOString(),
      until: closed_at?.toISOString() ?? null,
    })),
    observedMinutes: observed.rows[0]?.minutes ?? 0,
    motionMinutes,
  };
}

/**
 * Tasks with a finding that was seen in the span, whichever of a task's findings it is (并案: a later one makes no task of its own).
 * `at`: its first sight, or, where that was before the span, its last.
 */
async function tasksSeen(db: Database, merchantId: string, from: Date, until: Date) {
  const { rows } = await sql<{ id: string; number: string; kind: KindCode; state: TaskState; at: Date }>`
    select task.id, task.number, task.kind, task.state,
      min(case when finding.first_seen >= ${from} then finding.first_seen else finding.last_seen end) as at
    from task
      join task_finding as link on link.task_id = task.id and link.released_at is null
      join finding on finding.id = link.finding_id or finding.merged_into = link.finding_id
    where task.merchant_id = ${merchantId} and task.state <> 'withdrawn'
      and finding.first_seen < ${until} and finding.last_seen >= ${from}
      and (finding.first_seen >= ${from} or finding.last_seen < ${until})
    group by task.id
    order by at, task.number
  `.execute(db);
  return rows;
}

/** Minutes, summed over the merchant's cameras, in which a rodent could have been seen. */
async function minutesOfMotion(db: Database, merchantId: string, from: Date, until: Date): Promise<number> {
  const { rows: cameras } = await sql<{
    id: string;
    openingHours: OpeningHours | null;
    timeZone: string;
    coverage: { hour: string; minutes: string }[];
  }>`
    select camera.id, merchant.opening_hours as "openingHours", region.time_zone as "timeZone",
      (select coalesce(jsonb_agg(jsonb_build_object('hour', hour, 'minutes', minutes)), '[]') from coverage
        where coverage.camera_id = camera.id and hour >= ${from} and hour < ${until}) as coverage
    from camera join merchant on merchant.id = camera.merchant_id join region on region.id = merchant.region_id
    where camera.merchant_id = ${merchantId}
  `.execute(db);
  let sum = 0;
  for (const { id, coverage, ...where } of cameras) {
    const hours = coverage.map(({ hour, minutes }) => ({ hour: new Date(hour), minutes }));
    const motion = await motionRecord(db, id, 'rodent');
    sum += observedMinutes(hours, { from, to: until }, { hours: 'always', ...where, motion });
  }
  return sum;
}
