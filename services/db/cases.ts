import { type ExpressionBuilder, sql } from 'kysely';
import type { Database, Tx } from './database.ts';
import type { Schema } from './schema.ts';

/** Facts of a case for people: where, what, who answers. Shape of access.ts `Place` included. */
export type CaseRecord = NonNullable<Awaited<ReturnType<typeof findCase>>>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const selectCases = (db: Database | Tx) =>
  db
    .selectFrom('finding')
    .leftJoin('camera', 'camera.id', 'finding.camera_id')
    .innerJoin('zone', 'zone.id', 'finding.zone_id')
    .innerJoin('merchant', 'merchant.id', 'finding.merchant_id')
    .innerJoin('region', 'region.id', 'finding.region_id')
    .innerJoin('case_phase', 'case_phase.case_id', 'finding.id')
    // The task that answers it now; one that was withdrawn when another took its place is told by its own items.
    .leftJoin('task_finding', (join) =>
      join.onRef('task_finding.finding_id', '=', 'finding.id').on('task_finding.released_at', 'is', null),
    )
    .leftJoin('task', 'task.id', 'task_finding.task_id')
    .leftJoin('frozen_policy', 'frozen_policy.sha256', 'task.policy_sha256')
    .select([
      'finding.id',
      'finding.kind',
      'finding.class',
      'finding.state',
      'finding.first_seen as firstSeen',
      'finding.last_seen as lastSeen',
      'finding.models',
      'finding.rule',
      'finding.merchant_id as merchantId',
      'finding.camera_id as cameraId',
      'region.path as regionPath',
      'region.name as regionName',
      'region.time_zone as timeZone',
      'merchant.code as merchantCode',
      'merchant.name as merchantName',
      'merchant.licence_no as licenceNo',
      'zone.name as zoneName',
      'zone.kind as zoneKind',
      // empty: no camera sees the place
      sql<string>`coalesce(camera.code, '')`.as('cameraCode'),
      sql<string>`coalesce(camera.name, '')`.as('cameraName'),
      'task.id as taskId',
      'task.number as taskNumber',
      'task.state as taskState',
      'task.limits as taskLimits',
      'frozen_policy.policy as taskPolicy',
      'case_phase.phase',
      'case_phase.since as phaseSince',
    ]);

/** A case by the id of its finding, or by the number or id of its task. */
export async function findCase(db: Database | Tx, named: string) {
  const query = selectCases(db);
  const ofTask = (eb: ExpressionBuilder<Schema, 'finding'>, column: 'id' | 'number') =>
    eb(
      'finding.id',
      '=',
      eb.selectFrom('task as asked').select('asked.finding_id').where(`asked.${column}`, '=', named),
    );
  return UUID.test(named)
    ? await query.where((eb) => eb.or([eb('finding.id', '=', named), ofTask(eb, 'id')])).executeTakeFirst()
    : await query.where((eb) => ofTask(eb, 'number')).executeTakeFirst();
}

/** Ids of the cases that are told together: the case itself first, then those linked with it. */
export async function caseMembers(db: Database | Tx, caseId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select case_members(${caseId}::uuid) as id`.execute(db);
  const others = rows.map((row) => row.id).filter((id) => id !== caseId);
  return [caseId, ...others.sort()];
}

/**
 * A row of history that changes no state (an export, a hold). The finding is locked, so that the state is the one it has.
 * @returns false when there is no such finding
 */
export async function noteInHistory(
  tx: Tx,
  note: { caseId: string; actorId: string | null; command: string; reason: string },
  now: Date,
): Promise<boolean> {
  const finding = await tx
    .selectFrom('finding')
    .select('state')
    .where('id', '=', note.caseId)
    .forUpdate()
    .executeTakeFirst();
  if (finding === undefined) return false;
  await tx
    .insertInto('history')
    .values({
      entity: 'finding',
      entity_id: note.caseId,
      from_state: finding.state,
      to_state: finding.state,
      actor_id: note.actorId,
      command: note.command,
      note: note.reason,
      at: now,
    })
    .execute();
  return true;
}
