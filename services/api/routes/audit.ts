import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, NUMBER_PART, pageOf } from '../cursor.ts';
import { AuditQuery, AuditRow } from '../schemas/audit.ts';
import { Page } from '../schemas/common.ts';
import { inScope } from '../scope.ts';

/** Changes told with a row; an import may have thousands. */
const MOST_CHANGES = 20;
const PLACE = { regionPath: 'history.region_path', merchantId: 'history.merchant_id' };

type Changes = Static<typeof AuditRow>['changes'];

/** Who changed what, when and why: all of history, newest first. */
export function auditRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  api.get(
    '/audit',
    {
      config: { access: 'audit.read' },
      schema: {
        tags: ['audit'],
        summary: 'Who changed what, when and why, newest first, with the fields before and after',
        querystring: AuditQuery,
        response: { 200: Page(AuditRow) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, entity, entityId, by, from, to } = request.query;
      const after = decodeCursor(cursor, [NUMBER_PART]);
      let query = db
        .selectFrom('history')
        .leftJoin('account', 'account.id', 'history.actor_id')
        .where(inScope(actorOf(request), PLACE))
        .selectAll('history')
        .select([
          'account.username',
          sql<number>`(select count(*)::int from history_change as c where c.history_id = history.id)`.as(
            'change_count',
          ),
          sql<Changes>`(
            select coalesce(json_agg(json_build_object('entity', c.entity, 'entityId', c.entity_id,
              'before', c.before, 'after', c.after) order by c.position), '[]')
            from history_change as c where c.history_id = history.id and c.position < ${MOST_CHANGES}
          )`.as('changes'),
        ])
        .orderBy('history.id', 'desc')
        .limit(limit + 1);
      if (entity !== undefined) query = query.where('history.entity', '=', entity);
      if (entityId !== undefined) {
        query = query.where((eb) =>
          eb.or([
            eb('history.entity_id', '=', entityId),
            eb.exists(
              eb
                .selectFrom('history_change as c')
                .select('c.position')
                .whereRef('c.history_id', '=', 'history.id')
                .where('c.entity_id', '=', entityId),
            ),
          ]),
        );
      }
      if (by !== undefined) query = query.where('account.username', '=', by);
      if (from !== undefined) query = query.where('history.at', '>=', new Date(from));
      if (to !== undefined) query = query.where('history.at', '<', new Date(to));
      if (after) query = query.where('history.id', '<', after[0]);
      return pageOf(
        await query.execute(),
        limit,
        (row) => [row.id],
        (row): Static<typeof AuditRow> => ({
          id: row.id,
          at: row.at.toISOString(),
          by: row.actor_id === null ? null : { id: row.actor_id, username: row.username ?? '' },
          entity: row.entity,
          entityId: row.entity_id,
          from: row.from_state,
          to: row.to_state,
          command: row.command,
          reason: row.reason,
          note: row.note,
          region: row.region_path,
          merchantId: row.merchant_id,
          changeCount: row.change_count,
          changes: row.changes,
        }),
      );
    },
  );
}
