import { type SqlBool, sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import { heldAmong } from '../../db/holds.ts';
import { clockOf, factsOf } from '../../db/task-record.ts';
import { overdueStep } from '../../domain/task-clock.ts';
import { ENDED_STATES, OWED_STATES, visitRequired } from '../../domain/task-life.ts';
import type { ApiContext } from '../context.ts';
import type { Task } from '../schemas/task.ts';
import { cameraRef, evidenceItem, loadCovers } from './evidence.ts';

export const selectTasks = (db: Database) =>
  db
    .selectFrom('task')
    .innerJoin('finding', 'finding.id', 'task.finding_id')
    .leftJoin('camera', 'camera.id', 'finding.camera_id')
    .innerJoin('zone', 'zone.id', 'task.zone_id')
    .innerJoin('merchant', 'merchant.id', 'task.merchant_id')
    .innerJoin('region', 'region.id', 'task.region_id')
    .leftJoin('account', 'account.id', 'task.issued_by')
    .leftJoin('frozen_policy', 'frozen_policy.sha256', 'task.policy_sha256')
    .selectAll('task')
    .select([
      sql<string>`task.issued_at::text`.as('issued_at_text'),
      'task.merchant_id as merchantId',
      'finding.camera_id as cameraId',
      'region.path as regionPath',
      'region.code as region_code',
      'region.name as region_name',
      'merchant.code as merchant_code',
      'merchant.name as merchant_name',
      'zone.code as zone_code',
      'zone.kind as zone_kind',
      'zone.name as zone_name',
      'camera.id as camera_id',
      'camera.code as camera_code',
      'camera.name as camera_name',
      'account.username as issued_username',
      'frozen_policy.policy as frozen',
    ]);

/** Whether something is still asked of somebody. */
export const isOpen = sql<SqlBool>`task.state not in (${sql.join([...ENDED_STATES])})`;

/** As overdueStep() in services/domain/task-clock.ts; an appeal's state is none of those. */
export const isOverdue = (now: Date) => sql<SqlBool>`task.state in (${sql.join([...OWED_STATES])}) and (
  task.submit_by < ${now} or (task.acknowledged_at is null and task.acknowledge_by < ${now})
)`;

export type TaskRow = Awaited<ReturnType<ReturnType<typeof selectTasks>['executeTakeFirstOrThrow']>>;

export async function taskItems(
  context: ApiContext,
  rows: readonly TaskRow[],
): Promise<Static<typeof Task>[]> {
  const ids = rows.map((row) => row.finding_id);
  const [covers, held] = await Promise.all([loadCovers(context.db, ids), heldAmong(context.db, ids)]);
  const now = context.now();
  return rows.map((row) => {
    const frame = covers.get(row.finding_id)?.frame;
    const clock = clockOf(row);
    return {
      id: row.id,
      number: row.number,
      state: row.state,
      kind: row.kind,
      class: row.class,
      findingId: row.finding_id,
      region: { id: row.region_id, code: row.region_code, path: row.regionPath, name: row.region_name },
      merchant: { id: row.merchant_id, code: row.merchant_code, name: row.merchant_name },
      zone: { id: row.zone_id, code: row.zone_code, kind: row.zone_kind, name: row.zone_name },
      camera: cameraRef(row),
      issuedAt: row.issued_at.toISOString(),
      issuedBy: row.issued_username,
      acknowledgeDue: row.acknowledge_by.toISOString(),
      submitDue: row.submit_by.toISOString(),
      pausedAt: row.paused_at?.toISOString() ?? null,
      acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
      submittedAt: row.submitted_at?.toISOString() ?? null,
      closedAt: row.closed_at?.toISOString() ?? null,
      recheckUntil: row.recheck_until?.toISOString() ?? null,
      returns: row.returns,
      visitRequired: visitRequired(factsOf(row)),
      escalations: row.escalations,
      reopens: row.reopens,
      reviewDue: row.review_due?.toISOString() ?? null,
      overdue: overdueStep(clock, now),
      limits: row.limits,
      policyVersion: row.policy_version,
      nextStep: row.next_step,
      nextStepAt: row.next_step_at?.toISOString() ?? null,
      frame: frame === undefined ? null : evidenceItem(context.files, frame),
      held: held.has(row.finding_id),
      version: row.version,
    };
  });
}
