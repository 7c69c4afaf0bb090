import { sql } from 'kysely';
import type { LedgerFacts } from '../domain/ledger.ts';
import type { Database } from './database.ts';

/** What the cameras say about a merchant between two instants: confirmed findings (as their tasks), faults, minutes observed. */
export async function loadFacts(
  db: Database,
  merchantId: string,
  from: Date,
  until: Date,
): Promise<LedgerFacts> {
  const [tasks, faults, observed] = await Promise.all([
    db
      .selectFrom('task')
      .innerJoin('finding', 'finding.id', 'task.finding_id')
      .select(['task.id', 'task.number', 'task.kind', 'task.state', 'finding.first_seen'])
      .where('task.merchant_id', '=', merchantId)
      .where('finding.first_seen', '>=', from)
      .where('finding.first_seen', '<', until)
      .where('task.state', '!=', 'withdrawn')
      .orderBy('finding.first_seen')
      .execute(),
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
  ]);
  return {
    tasks: tasks.map(({ first_seen, ...task }) => ({ ...task, at: first_seen.toISOString() })),
    faults: faults.map(({ kind, name, opened_at, closed_at }) => ({
      kind,
      camera: name,
      since: opened_at.toISOString(),
      until: closed_at?.toISOString() ?? null,
    })),
    observedMinutes: observed.rows[0]?.minutes ?? 0,
  };
}
