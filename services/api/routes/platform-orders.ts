import { sql } from 'kysely';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { givePlatformOrder } from '../commands/give-platform-order.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, NUMBER_PART, pageOf } from '../cursor.ts';
import { selectTasks } from '../queries/tasks.ts';
import { ById, Page } from '../schemas/common.ts';
import {
  PlatformCommandQuery,
  PlatformCommandRow,
  PlatformOrderBody,
  PlatformOrderDone,
  TaskPlatforms,
} from '../schemas/platform.ts';
import { OrderHeaders } from '../schemas/task-order.ts';
import { seen, within } from '../scope.ts';

const tags = ['platforms'];

/** Orders of other platforms, by service token. */
export function platformOrderRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.post(
    '/platform/commands',
    {
      config: { access: 'platform.command' },
      schema: {
        tags,
        summary: 'An order of a platform: receipt, comment, assign, close, return, withdraw',
        description:
          'Takes an Idempotency-Key: sent again with the same key it does nothing and is answered as the first time. A refused ' +
          'order is answered 409 with `why`, and with the state and version that the task has.',
        headers: OrderHeaders,
        body: PlatformOrderBody,
        response: { 200: PlatformOrderDone },
      },
    },
    async (request, reply) => {
      const key = String(request.headers['idempotency-key']);
      const actor = actorOf(request);
      const given = { actor, via: 'http', withinRegion: null, key, order: request.body } as const;
      const done = await givePlatformOrder(db, given, context.now());
      if (done.repeated) reply.header('idempotency-replayed', 'true');
      return done;
    },
  );

  api.get(
    '/platform/commands',
    {
      config: { access: 'platform.read' },
      schema: {
        tags,
        summary: 'Orders of platforms with what became of them, newest first',
        querystring: PlatformCommandQuery,
        response: { 200: Page(PlatformCommandRow) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, done, task } = request.query;
      const { regionPath } = actorOf(request);
      const after = decodeCursor(cursor, [NUMBER_PART]);
      let query = db
        .selectFrom('platform_command')
        .innerJoin('account', 'account.id', 'platform_command.account_id')
        .leftJoin('region', 'region.id', 'account.region_id')
        .leftJoin('task', 'task.id', 'platform_command.task_id')
        .leftJoin('merchant', 'merchant.id', 'task.merchant_id')
        .leftJoin('region as place', 'place.id', 'task.region_id')
        // A platform of the county orders about tasks of its towns.
        .where(sql<boolean>`(${within('region.path', regionPath)} or ${within('place.path', regionPath)})`)
        .selectAll('platform_command')
        .select(['account.username', 'task.state', 'merchant.name as merchant_name'])
        .orderBy('platform_command.id', 'desc')
        .limit(limit + 1);
      if (done !== undefined) query = query.where('platform_command.done', '=', done);
      if (task !== undefined) query = query.where('platform_command.task_number', '=', task);
      if (after) query = query.where('platform_command.id', '<', after[0]);
      return pageOf(
        await query.execute(),
        limit,
        (row) => [row.id],
        (row) => ({
          id: row.id,
          platform: row.username,
          via: row.via,
          key: row.key,
          task: row.task_number,
          found:
            row.task_id === null || row.state === null
              ? null
              : { id: row.task_id, state: row.state, merchant: row.merchant_name ?? '' },
          command: row.command,
          externalRef: row.external_ref,
          done: row.done,
          why: row.why,
          at: row.at.toISOString(),
        }),
      );
    },
  );

  api.get(
    '/tasks/:id/platforms',
    {
      config: { access: 'office.read' },
      schema: {
        tags,
        summary: 'Case numbers that platforms gave a task, and whom they put in charge',
        params: ById,
        response: { 200: TaskPlatforms },
      },
    },
    async (request) => {
      const found = await selectTasks(db).where('task.id', '=', request.params.id).executeTakeFirst();
      const { id } = seen(actorOf(request), 'office.read', found, 'task');
      const [cases, assignment] = await Promise.all([
        db
          .selectFrom('platform_case')
          .innerJoin('account', 'account.id', 'platform_case.account_id')
          .select(['username', 'external_ref', 'received_at'])
          .where('task_id', '=', id)
          .orderBy('username')
          .execute(),
        db
          .selectFrom('task_assignment as given')
          .innerJoin('account as platform', 'platform.id', 'given.assigned_by')
          .leftJoin('account as assignee', 'assignee.id', 'given.assignee_id')
          .select(['assignee.username as assignee', 'given.unit', 'platform.username as by', 'given.at'])
          .where('given.task_id', '=', id)
          .executeTakeFirst(),
      ]);
      return {
        cases: cases.map((row) => ({
          platform: row.username,
          externalRef: row.external_ref,
          receivedAt: row.received_at?.toISOString() ?? null,
        })),
        assignment: assignment === undefined ? null : { ...assignment, at: assignment.at.toISOString() },
      };
    },
  );
}
