import { recordChange } from '../../db/audit.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, NUMBER_PART, pageOf } from '../cursor.ts';
import { invalid } from '../problem.ts';
import { AUDIT_COLUMNS, auditItem, auditLine, selectAudit } from '../queries/audit.ts';
import { thingNames } from '../queries/thing-names.ts';
import { AuditExportQuery, AuditQuery, AuditRow } from '../schemas/audit.ts';
import { Page } from '../schemas/common.ts';
import { toCsv } from '../statistics/files.ts';

/** Rows of one file; whoever needs more takes a shorter period. */
const MOST_EXPORTED = 20_000;
const tags = ['audit'];

/** Who changed what, when and why: all of history, newest first. */
export function auditRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  api.get(
    '/audit',
    {
      config: { access: 'audit.read' },
      schema: {
        tags,
        summary: 'Who changed what, when and why, newest first, with the fields before and after',
        querystring: AuditQuery,
        response: { 200: Page(AuditRow) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, ...filter } = request.query;
      const after = decodeCursor(cursor, [NUMBER_PART]);
      let query = selectAudit(db, actorOf(request), filter).limit(limit + 1);
      if (after) query = query.where('history.id', '<', after[0]);
      const rows = await query.execute();
      const names = await thingNames(db, rows);
      return pageOf(
        rows,
        limit,
        (row) => [row.id],
        (row) => auditItem(row, names),
      );
    },
  );

  api.get(
    '/audit/export',
    {
      config: { access: 'audit.read' },
      schema: {
        tags,
        summary: 'The same rows as a CSV file; that it was taken is in the audit too',
        querystring: AuditExportQuery,
        produces: ['text/csv'],
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const rows = await selectAudit(db, actor, request.query)
        .limit(MOST_EXPORTED + 1)
        .execute();
      if (rows.length > MOST_EXPORTED)
        throw invalid({
          field: 'query.from',
          ...said('too_many_rows', { most: MOST_EXPORTED }),
        });
      const names = await thingNames(db, rows);
      await db.transaction().execute((tx) =>
        recordChange(tx, {
          entity: 'account',
          entityId: actor.accountId,
          to: 'audit_exported',
          note: JSON.stringify({ ...request.query, rows: rows.length }),
          place: actor.regionPath === null ? null : { regionPath: actor.regionPath, merchantId: null },
          ...authorOf(request, context),
        }),
      );
      const csv = toCsv([AUDIT_COLUMNS, ...rows.map((row) => auditLine(auditItem(row, names)))]);
      return await reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="audit.csv"')
        .send(csv);
    },
  );
}
