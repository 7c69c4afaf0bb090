import { sql } from 'kysely';
import { Type } from 'typebox';
import { STEP_FAULTS } from '../../db/schema-policy.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, NUMBER_PART, pageOf } from '../cursor.ts';
import { Closed, Nullable, Page, pageQuery, Time, Uuid } from '../schemas/common.ts';
import { inScope } from '../scope.ts';

const Step = Type.Object({ step: Nullable(Type.String()), at: Nullable(Time) });
const StepFault = Type.Object(
  {
    id: Type.String(),
    at: Time,
    taskId: Uuid,
    number: Type.String(),
    /** wrong_step: the row said something else than the facts; no_job: no job waited; not_done: due, and nothing had happened. */
    fault: Type.Enum([...STEP_FAULTS]),
    expected: Step,
    found: Step,
    repairedAt: Nullable(Time),
  },
  { title: 'StepFault' },
);
const StepFaultQuery = Type.Object(
  { ...pageQuery, fault: Type.Optional(Type.Enum([...STEP_FAULTS])), task: Type.Optional(Uuid) },
  Closed,
);
const PLACE = { regionPath: 'region.path', merchantId: 'task.merchant_id', cameraId: 'finding.camera_id' };
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** What the auditor of deadlines found and repaired. */
export function stepFaultRoutes(api: App, context: ApiContext): void {
  api.get(
    '/step-faults',
    {
      config: { access: 'operation.read' },
      schema: {
        tags: ['operation'],
        summary: 'Tasks whose next step was neither scheduled nor done, found by the auditor, newest first',
        querystring: StepFaultQuery,
        response: { 200: Page(StepFault) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, fault, task } = request.query;
      const after = decodeCursor(cursor, [NUMBER_PART]);
      let query = context.db
        .selectFrom('step_fault')
        .innerJoin('task', 'task.id', 'step_fault.task_id')
        .innerJoin('region', 'region.id', 'task.region_id')
        .innerJoin('finding', 'finding.id', 'task.finding_id')
        .selectAll('step_fault')
        .select('task.number')
        .where(inScope(actorOf(request), PLACE))
        .orderBy('step_fault.id', 'desc');
      if (fault !== undefined) query = query.where('step_fault.fault', '=', fault);
      if (task !== undefined) query = query.where('step_fault.task_id', '=', task);
      if (after) query = query.where(sql<boolean>`step_fault.id < ${after[0]}::bigint`);
      const rows = await query.limit(limit + 1).execute();
      return pageOf(
        rows,
        limit,
        (row) => [row.id],
        (row) => ({
          id: row.id,
          at: row.at.toISOString(),
          taskId: row.task_id,
          number: row.number,
          fault: row.fault,
          expected: { step: row.expected_step, at: iso(row.expected_at) },
          found: { step: row.found_step, at: iso(row.found_at) },
          repairedAt: iso(row.repaired_at),
        }),
      );
    },
  );
}
