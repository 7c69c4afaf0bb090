import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import type { Actor } from '../../domain/access.ts';
import type { AuditFilter, AuditRow } from '../schemas/audit.ts';
import { inScope } from '../scope.ts';

/** Changes told with a row; an import may have thousands. */
const MOST_CHANGES = 20;
const PLACE = { regionPath: 'history.region_path', merchantId: 'history.merchant_id' };

type Changes = Static<typeof AuditRow>['changes'];

/** Rows of history in the actor's scope, newest first. */
export function selectAudit(db: Database, actor: Actor, filter: Static<typeof AuditFilter>) {
  const { entity, entityId, by, what, from, to } = filter;
  let query = db
    .selectFrom('history')
    .leftJoin('account', 'account.id', 'history.actor_id')
    .where(inScope(actor, PLACE))
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
    .orderBy('history.id', 'desc');
  if (entity !== undefined) query = query.where('history.entity', '=', entity);
  if (what !== undefined) query = query.where('history.to_state', '=', what);
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
  return query;
}

type Row = Awaited<ReturnType<ReturnType<typeof selectAudit>['executeTakeFirstOrThrow']>>;

export const auditItem = (row: Row, names: ReadonlyMap<string, string>): Static<typeof AuditRow> => ({
  id: row.id,
  at: row.at.toISOString(),
  by: row.actor_id === null ? null : { id: row.actor_id, username: row.username ?? '' },
  entity: row.entity,
  entityId: row.entity_id,
  name: names.get(`${row.entity} ${row.entity_id}`) ?? null,
  from: row.from_state,
  to: row.to_state,
  command: row.command,
  reason: row.reason,
  note: row.note,
  region: row.region_path,
  merchantId: row.merchant_id,
  changeCount: row.change_count,
  changes: row.changes,
});

/** Columns of the file. */
export const AUDIT_COLUMNS = [
  'id',
  'at',
  'by',
  'entity',
  'entityId',
  'name',
  'from',
  'to',
  'command',
  'reason',
  'note',
  'region',
  'merchantId',
  'changes',
] as const;

/** One line of the file; changes as `camera.name: "before" → "after"`, a line each. */
export function auditLine(row: Static<typeof AuditRow>): (string | null)[] {
  const { changes, by, changeCount, ...rest } = row;
  const lines = changes.flatMap(({ entity, before, after }) =>
    [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].map(
      (field) => `${entity}.${field}: ${said(before?.[field])} → ${said(after?.[field])}`,
    ),
  );
  const more = changeCount > changes.length ? [`(${changeCount - changes.length} more)`] : [];
  const values: Record<(typeof AUDIT_COLUMNS)[number], string | null> = {
    ...rest,
    by: by?.username ?? null,
    changes: [...lines, ...more].join('\n'),
  };
  return AUDIT_COLUMNS.map((column) => values[column]);
}

const said = (value: unknown): string => (value === undefined ? '–' : JSON.stringify(value));
