import { Type } from 'typebox';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { selectHolds } from '../queries/holds.ts';
import { Closed, Page, pageQuery } from '../schemas/common.ts';
import { LegalHold } from '../schemas/retention.ts';

/** 保全 that stand: what retention must leave alone. */
export function legalHoldRoutes(api: App, { db }: ApiContext): void {
  api.get(
    '/legal-holds',
    {
      config: { access: 'case.read' },
      schema: {
        tags: ['cases'],
        summary: 'Holds that stand, newest first',
        querystring: Type.Object(pageQuery, Closed),
        response: { 200: Page(LegalHold) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = selectHolds(db, actorOf(request))
        .orderBy('legal_hold.placed_at', 'desc')
        .orderBy('legal_hold.id', 'desc')
        .limit(limit + 1);
      if (after) query = query.where(olderThan('legal_hold.placed_at', 'legal_hold.id', after));
      return pageOf(
        await query.execute(),
        limit,
        (row) => [row.placed_text, row.id],
        (row) => ({
          id: row.id,
          finding: row.finding_id,
          kind: row.kind,
          task: row.task_id === null || row.number === null ? null : { id: row.task_id, number: row.number },
          merchant: row.merchant_name,
          region: row.region_name,
          reason: row.reason,
          placedBy: row.username,
          placedAt: row.placed_at.toISOString(),
        }),
      );
    },
  );
}
