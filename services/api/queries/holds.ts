import { sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import type { Actor } from '../../domain/access.ts';
import { inScope } from '../scope.ts';

/** Holds that stand, in the actor's scope. */
export const selectHolds = (db: Database, actor: Actor) =>
  db
    .selectFrom('legal_hold')
    .innerJoin('finding', 'finding.id', 'legal_hold.case_id')
    .innerJoin('merchant', 'merchant.id', 'finding.merchant_id')
    .innerJoin('region', 'region.id', 'finding.region_id')
    .leftJoin('account', 'account.id', 'legal_hold.placed_by')
    .leftJoin('task_finding', (join) =>
      join.onRef('task_finding.finding_id', '=', 'finding.id').on('task_finding.released_at', 'is', null),
    )
    .leftJoin('task', 'task.id', 'task_finding.task_id')
    .where('legal_hold.lifted_at', 'is', null)
    .where(
      inScope(actor, {
        regionPath: 'region.path',
        merchantId: 'finding.merchant_id',
        cameraId: 'finding.camera_id',
      }),
    )
    .select([
      'legal_hold.id',
      'legal_hold.reason',
      'legal_hold.placed_at',
      sql<string>`legal_hold.placed_at::text`.as('placed_text'),
      'account.username',
      'finding.id as finding_id',
      'finding.kind',
      'task.id as task_id',
      'task.number',
      'merchant.name as merchant_name',
      'region.name as region_name',
    ]);
