import { type SqlBool, sql } from 'kysely';
import type { Static } from 'typebox';
import { once } from '../../db/request-keys.ts';
import { loadVisits } from '../../db/statistics/visits.ts';
import {
  addVisit,
  assignMerchant,
  endAssignment,
  selectAssignments,
  selectVisits,
} from '../../db/supervision.ts';
import { addDays, isDate, startOf, startOfNext } from '../../domain/period.ts';
import { isWithin } from '../../domain/rules.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { invalid, Problem } from '../problem.ts';
import { merchantByCode } from '../queries/refs.ts';
import { todayOf } from '../queries/time-zone.ts';
import { type VisitPhotoItem, visitPhotos } from '../queries/visit-photos.ts';
import { ById, Page } from '../schemas/common.ts';
import {
  Assignment,
  AssignmentQuery,
  NewAssignment,
  NewVisit,
  Quarter,
  QuarterQuery,
  Visit,
  VisitQuery,
} from '../schemas/supervision.ts';
import { OrderHeaders } from '../schemas/task-order.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const tags = ['supervision'];
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id' };
/** A visit is written down while it can still count. */
const OLDEST_VISIT_MS = 92 * 86_400_000;
/** A device's clock may be ahead of ours by this much. */
const AHEAD_MS = 300_000;

type AssignmentRow = Awaited<ReturnType<ReturnType<typeof selectAssignments>['executeTakeFirstOrThrow']>>;
type VisitRow = Awaited<ReturnType<ReturnType<typeof selectVisits>['executeTakeFirstOrThrow']>>;

const assignmentItem = (row: AssignmentRow): Static<typeof Assignment> => ({
  id: row.id,
  cadre: { username: row.username, displayName: row.display_name },
  merchant: { id: row.merchantId, code: row.merchant_code, name: row.merchant_name },
  level: row.level,
  visitsPerQuarter: row.visits_per_quarter,
  since: row.since.toISOString(),
  until: row.until?.toISOString() ?? null,
});
const visitItem = (row: VisitRow, photos: readonly VisitPhotoItem[]): Static<typeof Visit> => ({
  id: row.id,
  cadre: { username: row.username, displayName: row.display_name },
  merchant: { id: row.merchant_id, code: row.merchant_code, name: row.merchant_name },
  region: { path: row.region_path, name: row.region_name },
  visitedAt: row.visited_at.toISOString(),
  note: row.note,
  photos: [...photos],
  recordedAt: row.recorded_at.toISOString(),
});

/** 包保督导: which cadre answers for which merchant, visits made, and what the quarter still asks. */
export function supervisionRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;
  const assignment = (id: string) =>
    selectAssignments(db).where('cadre_merchant.id', '=', id).executeTakeFirst();

  api.get(
    '/supervision/assignments',
    {
      config: { access: 'supervision.read' },
      schema: {
        tags,
        summary: 'Which cadre answers for which merchant; those that stand, unless told',
        querystring: AssignmentQuery,
        response: { 200: Page(Assignment) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, cadre, merchant, ended } = request.query;
      const after = decodeCursor(cursor, [UUID_PART]);
      let query = selectAssignments(db)
        .where(inScope(actorOf(request), PLACE))
        .orderBy('cadre_merchant.id')
        .limit(limit + 1);
      if (ended !== true) query = query.where('cadre_merchant.until', 'is', null);
      if (cadre !== undefined) query = query.where('account.username', '=', cadre);
      if (merchant !== undefined) query = query.where('merchant.code', '=', merchant);
      if (after) query = query.where('cadre_merchant.id', '>', after[0]);
      return pageOf(await query.execute(), limit, (row) => [row.id], assignmentItem);
    },
  );

  api.post(
    '/supervision/assignments',
    {
      config: { access: 'supervision.assign' },
      schema: {
        tags,
        summary: 'Assign a merchant to a cadre with its level; another level begins a new assignment',
        body: NewAssignment,
        response: { 201: Assignment },
      },
    },
    async (request, reply) => {
      const { cadre, merchant: code, level, visitsPerQuarter = 1 } = request.body;
      const merchant = await merchantByCode(db, actorOf(request), code, 'merchant', 'supervision.assign');
      const account = await db
        .selectFrom('account')
        .leftJoin('region', 'region.id', 'account.region_id')
        .select(['account.id', 'region.path'])
        .where('username', '=', cadre)
        .where('role', '=', 'cadre')
        .where('disabled', '=', false)
        .executeTakeFirst();
      if (account === undefined || !isWithin(merchant.regionPath, account.path))
        throw invalid({ field: 'cadre', ...said('no_such_cadre') });
      const given = { accountId: account.id, merchantId: merchant.id, level, visitsPerQuarter };
      const id = await assignMerchant(db, given, authorOf(request, context));
      const row = await selectAssignments(db).where('cadre_merchant.id', '=', id).executeTakeFirstOrThrow();
      return await reply.code(201).send(assignmentItem(row));
    },
  );

  api.post(
    '/supervision/assignments/:id/end',
    {
      config: { access: 'supervision.assign' },
      schema: {
        tags,
        summary: 'The cadre answers for the merchant no longer; past quarters keep it',
        params: ById,
        response: { 200: Assignment },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { id } = seen(actor, 'supervision.assign', await assignment(request.params.id), 'assignment');
      if (!(await endAssignment(db, id, authorOf(request, context))))
        throw new Problem('conflict', said('over_already'));
      return assignmentItem(seen(actor, 'supervision.assign', await assignment(id), 'assignment'));
    },
  );

  api.get(
    '/supervision/visits',
    {
      config: { access: 'supervision.read' },
      schema: {
        tags,
        summary: 'Visits of cadres (督导), newest first',
        querystring: VisitQuery,
        response: { 200: Page(Visit) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, cadre, merchant, from, until } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = selectVisits(db)
        .where(inScope(actorOf(request), PLACE))
        .orderBy('cadre_visit.visited_at', 'desc')
        .orderBy('cadre_visit.id', 'desc')
        .limit(limit + 1);
      if (cadre !== undefined) query = query.where('account.username', '=', cadre);
      if (merchant !== undefined) query = query.where('merchant.code', '=', merchant);
      if (from !== undefined) query = query.where('cadre_visit.visited_at', '>=', new Date(from));
      if (until !== undefined) query = query.where('cadre_visit.visited_at', '<=', new Date(until));
      if (after) query = query.where(olderThan('cadre_visit.visited_at', 'cadre_visit.id', after));
      const rows = await query.execute();
      const photos = await visitPhotos(
        context,
        rows.map(({ id }) => id),
      );
      return pageOf(
        rows,
        limit,
        (row) => [row.visited_at_text, row.id],
        (row) => visitItem(row, photos.get(row.id) ?? []),
      );
    },
  );

  api.post(
    '/supervision/visits',
    {
      config: { access: 'supervision.write' },
      schema: {
        tags,
        summary: 'Record a visit of mine; problems with their photos are reported as findings (source cadre)',
        description: 'Takes an Idempotency-Key: sent again with the same key it is one visit.',
        headers: OrderHeaders,
        body: NewVisit,
        response: { 201: Visit },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { merchant: code, note, photos: photoIds = [] } = request.body;
      const merchant = await merchantByCode(db, actor, code, 'merchant', 'supervision.write');
      const at = now();
      const stated = request.body.visitedAt === undefined ? at : new Date(request.body.visitedAt);
      if (stated.getTime() - at.getTime() > AHEAD_MS)
        throw invalid({ field: 'visitedAt', ...said('future_not_allowed') });
      const visitedAt = new Date(Math.min(stated.getTime(), at.getTime()));
      if (at.getTime() - visitedAt.getTime() > OLDEST_VISIT_MS)
        throw invalid({ field: 'visitedAt', ...said('quarter_is_over') });
      const visit = { accountId: actor.accountId, merchantId: merchant.id, visitedAt, note, photoIds };
      const key = { accountId: actor.accountId, key: String(request.headers['idempotency-key']) };
      const answer = await db.transaction().execute((tx) =>
        once(
          tx,
          key,
          ['visit', request.body],
          at,
          () => addVisit(tx, visit, at),
          (id) => id !== undefined,
        ),
      );
      if ('keyReused' in answer) throw new Problem('conflict', said('key_used'));
      if (answer.repeated) reply.header('idempotency-replayed', 'true');
      const { result: id } = answer;
      if (id === undefined)
        throw invalid({
          field: 'photos',
          ...said('photo_not_for_visit'),
        });
      const row = await selectVisits(db).where('cadre_visit.id', '=', id).executeTakeFirstOrThrow();
      const photos = await visitPhotos(context, [id]);
      return await reply.code(201).send(visitItem(row, photos.get(id) ?? []));
    },
  );

  api.get(
    '/supervision/quarter',
    {
      config: { access: 'supervision.read' },
      schema: {
        tags,
        summary:
          'Visits due and done in a quarter, merchant by merchant; the rates are in /statistics/visits',
        querystring: QuarterQuery,
        response: { 200: Quarter },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { region, cadre, owed } = request.query;
      const day = request.query.day ?? (await todayOf(db, actor, now(), region));
      if (!isDate(day)) throw invalid({ field: 'query.day', ...said('no_such_date', { day }) });
      const quarter = { from: startOf('quarter', day), to: addDays(startOfNext('quarter', day), -1) };
      const scope = inScope(actor, PLACE);
      const where =
        region === undefined ? scope : sql<SqlBool>`${scope} and ${inRegion('region.path', region)}`;
      const visits = await loadVisits(db, quarter, where);
      return {
        ...quarter,
        items: visits.filter(
          (one) => (cadre === undefined || one.cadre === cadre) && (owed !== true || one.done < one.due),
        ),
      };
    },
  );
}
