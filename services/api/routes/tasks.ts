import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { containing } from '../queries/by-id.ts';
import { checkKindFilter } from '../queries/kinds.ts';
import { taskPage } from '../queries/task-page.ts';
import { isOpen, isOverdue, selectTasks, taskItems } from '../queries/tasks.ts';
import { ById, Page } from '../schemas/common.ts';
import { Task, TaskPage, TaskQuery } from '../schemas/task.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const tags = ['tasks'];
const PLACE = { regionPath: 'region.path', merchantId: 'task.merchant_id', cameraId: 'finding.camera_id' };

export function taskRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.get(
    '/tasks',
    {
      config: { access: 'task.read' },
      schema: {
        tags,
        summary: 'Rectification tasks (整改任务), newest first',
        querystring: TaskQuery,
        response: { 200: Page(Task) },
      },
    },
    async (request) => {
      const {
        limit = DEFAULT_LIMIT,
        cursor,
        state,
        open,
        overdue,
        kind,
        merchant,
        region,
        search,
      } = request.query;
      await checkKindFilter(db, kind);
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = selectTasks(db)
        .where(inScope(actorOf(request), PLACE))
        .orderBy('task.issued_at', 'desc')
        .orderBy('task.id', 'desc')
        .limit(limit + 1);
      if (state !== undefined) query = query.where('task.state', '=', state);
      if (open !== undefined) query = query.where((eb) => (open ? isOpen : eb.not(isOpen)));
      if (overdue !== undefined) {
        const late = isOverdue(context.now());
        query = query.where((eb) => (overdue ? late : eb.not(late)));
      }
      if (search !== undefined) {
        query = query.where((eb) =>
          eb.or([
            eb('task.number', 'ilike', containing(search)),
            eb('merchant.name', 'ilike', containing(search)),
          ]),
        );
      }
      if (kind !== undefined) query = query.where('task.kind', '=', kind);
      if (merchant !== undefined) query = query.where('merchant.code', '=', merchant);
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      if (after) query = query.where(olderThan('task.issued_at', 'task.id', after));
      const page = pageOf(
        await query.execute(),
        limit,
        (row) => [row.issued_at_text, row.id],
        (row) => row,
      );
      return { items: await taskItems(context, page.items), nextCursor: page.nextCursor };
    },
  );

  api.get(
    '/tasks/:id',
    {
      config: { access: 'task.read' },
      schema: {
        tags,
        summary: 'One task with its evidence, answers and history, and what this account may do now',
        params: ById,
        response: { 200: TaskPage },
      },
    },
    async (request) => {
      const found = await selectTasks(db).where('task.id', '=', request.params.id).executeTakeFirst();
      const row = seen(actorOf(request), 'task.read', found, 'task');
      return await taskPage(context, actorOf(request), row);
    },
  );
}
