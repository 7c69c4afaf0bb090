import type { Static } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import { beginRun, finishRun, selectRuns } from '../../db/reconciliation.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import {
  DEFAULT_LIMIT,
  decodeCursor,
  NUMBER_PART,
  olderThan,
  pageOf,
  TIME_PART,
  UUID_PART,
} from '../cursor.ts';
import { invalid, notFound } from '../problem.ts';
import { ById, Page } from '../schemas/common.ts';
import {
  CaseDifference,
  CaseListBody,
  Reconciliation,
  ReconciliationQuery,
} from '../schemas/reconciliation.ts';
import { within } from '../scope.ts';

const tags = ['platforms'];

/** 对账: lists that platforms post, and every comparison with what differed and what was done about it. */
export function reconciliationRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;
  const runs = (regionPath: string | null) => selectRuns(db).where(within('run.region_path', regionPath));

  api.post(
    '/platform/reconciliations',
    {
      config: { access: 'platform.command' },
      schema: {
        tags,
        summary: "The platform's list of cases: compared with our tasks, healed where that is possible",
        description:
          'What the platform does not have, or has as it was before, is sent again to its webhook. What is closed there and open ' +
          'here is told to a person, never closed. Posting the same list again does no harm.',
        body: CaseListBody,
        response: { 201: Reconciliation },
      },
    },
    async (request, reply) => {
      const { accountId, regionPath } = actorOf(request);
      const { items, whole = false } = request.body;
      const since = new Date(request.body.since);
      const numbers = new Set<string>();
      const twice = items.findIndex(({ number }) => numbers.size === numbers.add(number).size);
      if (twice >= 0) throw invalid({ field: `items.${twice}.number`, ...said('in_list_twice') });
      const webhook = await db
        .selectFrom('webhook')
        .select('id')
        .where('account_id', '=', accountId)
        .where('enabled', '=', true)
        .executeTakeFirst();
      const owner = { webhookId: webhook?.id ?? null, accountId, regionPath: regionPath ?? '' };
      const list = { how: 'posted', since, whole, cases: items } as const;
      const id = await db.transaction().execute(async (tx) => {
        const run = await beginRun(tx, owner, list, now());
        await finishRun(tx, run, owner, list, now());
        await recordChange(tx, {
          entity: 'reconciliation',
          entityId: run,
          to: 'posted',
          place: regionPath === null ? null : { regionPath, merchantId: null },
          ...authorOf(request, context),
        });
        return run;
      });
      return await reply
        .code(201)
        .send(runItem(await selectRuns(db).where('run.id', '=', id).executeTakeFirstOrThrow()));
    },
  );

  api.get(
    '/reconciliations',
    {
      config: { access: 'operation.read' },
      schema: {
        tags,
        summary: 'Comparisons with platforms, newest first',
        querystring: ReconciliationQuery,
        response: { 200: Page(Reconciliation) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = runs(actorOf(request).regionPath)
        .orderBy('run.started_at', 'desc')
        .orderBy('run.id', 'desc')
        .limit(limit + 1);
      if (after) query = query.where(olderThan('run.started_at', 'run.id', after));
      return pageOf(await query.execute(), limit, (row) => [row.started_at_text, row.id], runItem);
    },
  );

  api.get(
    '/reconciliations/:id/differences',
    {
      config: { access: 'operation.read' },
      schema: {
        tags,
        summary: 'What differed in one comparison',
        params: ById,
        querystring: ReconciliationQuery,
        response: { 200: Page(CaseDifference) },
      },
    },
    async (request) => {
      const run = await runs(actorOf(request).regionPath)
        .where('run.id', '=', request.params.id)
        .executeTakeFirst();
      if (run === undefined) throw notFound('reconciliation');
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const after = decodeCursor(cursor, [NUMBER_PART]);
      let query = db
        .selectFrom('reconciliation_difference')
        .selectAll()
        .where('reconciliation_id', '=', run.id)
        .orderBy('id')
        .limit(limit + 1);
      if (after) query = query.where('id', '>', after[0]);
      return pageOf(
        await query.execute(),
        limit,
        (row) => [row.id],
        (row) => ({
          id: row.id,
          number: row.number,
          taskId: row.task_id,
          kind: row.kind,
          stateHere: row.state_here,
          versionHere: row.version_here,
          stateThere: row.state_there,
          versionThere: row.version_there,
          externalRef: row.external_ref,
          healed: row.healed,
        }),
      );
    },
  );
}

function runItem(
  row: Awaited<ReturnType<ReturnType<typeof selectRuns>['executeTakeFirstOrThrow']>>,
): Static<typeof Reconciliation> {
  return {
    id: row.id,
    webhook: row.webhook_id === null ? null : { id: row.webhook_id, name: row.webhook_name ?? '' },
    platform: row.username,
    how: row.how,
    state: row.state,
    error: row.error,
    since: row.since.toISOString(),
    whole: row.whole,
    cases: row.cases,
    same: row.same,
    inFlight: row.in_flight,
    differences: row.differences,
    healed: row.healed,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
