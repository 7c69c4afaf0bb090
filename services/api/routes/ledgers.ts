import type { FastifyRequest } from 'fastify';
import { findChecklist } from '../../db/checklists.ts';
import { addRecord, signMonth } from '../../db/ledger.ts';
import type { Action } from '../../domain/access.ts';
import { answersFault, monthOf, startFault } from '../../domain/ledger.ts';
import { startOf } from '../../domain/period.ts';
import { said } from '../../domain/said.ts';
import { localDate } from '../../domain/zone-time.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { CODE_PART, DEFAULT_LIMIT, decodeCursor, pageOf } from '../cursor.ts';
import { invalid, Problem } from '../problem.ts';
import {
  factsOfSpan,
  findKeeper,
  type Keeper,
  ledgerMonth,
  ledgerSheet,
  ledgerSummaries,
  selectKeepers,
} from '../queries/ledgers.ts';
import { ByIdOrCode, Page } from '../schemas/common.ts';
import {
  LedgerMonth,
  LedgerSheet,
  LedgerSummary,
  LedgersQuery,
  MonthQuery,
  NewRecord,
  NewSignature,
  SheetQuery,
} from '../schemas/ledger.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const tags = ['ledgers'];
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id' };

/** 三本账: 日管控, 周排查, 月调度. */
export function ledgerRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  const keeperOf = async (request: FastifyRequest, action: Action): Promise<Keeper> => {
    const { id } = request.params as { id: string };
    return seen(actorOf(request), action, await findKeeper(db, id), 'merchant') as Keeper;
  };
  const todayOf = (keeper: Keeper): string => localDate(context.now(), keeper.time_zone);

  api.get(
    '/ledgers',
    {
      config: { access: 'ledger.read' },
      schema: {
        tags,
        summary: 'How far each merchant’s three books of a month are',
        querystring: LedgersQuery,
        response: { 200: Page(LedgerSummary) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, month, region } = request.query;
      const after = decodeCursor(cursor, [CODE_PART]);
      let query = selectKeepers(db)
        .where(inScope(actorOf(request), PLACE))
        .orderBy('merchant.code');
      if (after) query = query.where('merchant.code', '>', after[0]);
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      const keepers = await query.limit(limit + 1).execute();
      const page = pageOf(
        keepers,
        limit,
        (row) => [row.code],
        (row) => row,
      );
      const items = await ledgerSummaries(
        context,
        page.items,
        month === undefined ? undefined : `${month}-01`,
      );
      return { items, nextCursor: page.nextCursor };
    },
  );

  api.get(
    '/merchants/:id/ledger',
    {
      config: { access: 'ledger.read' },
      schema: {
        tags,
        summary: 'A month of a merchant’s three books; absent: this month',
        params: ByIdOrCode,
        querystring: MonthQuery,
        response: { 200: LedgerMonth },
      },
    },
    async (request) => {
      const keeper = await keeperOf(request, 'ledger.read');
      const { month } = request.query;
      const first = month === undefined ? monthOf(todayOf(keeper)) : `${month}-01`;
      return await ledgerMonth(context, actorOf(request), keeper, first);
    },
  );

  api.get(
    '/merchants/:id/ledger/sheet',
    {
      config: { access: 'ledger.read' },
      schema: {
        tags,
        summary: 'One sheet: checklist, what the cameras propose, what was recorded; absent: today’s',
        params: ByIdOrCode,
        querystring: SheetQuery,
        response: { 200: LedgerSheet },
      },
    },
    async (request) => {
      const keeper = await keeperOf(request, 'ledger.read');
      const { period = 'day' } = request.query;
      const today = todayOf(keeper);
      const start = request.query.start ?? startOf(period, today);
      const fault = startFault(period, start, today);
      if (fault !== undefined) throw invalid({ field: 'query.start', ...fault });
      return await ledgerSheet(context, actorOf(request), keeper, period, start);
    },
  );

  api.post(
    '/merchants/:id/ledger/records',
    {
      config: { access: 'ledger.write' },
      schema: {
        tags,
        summary: 'Record a day, a week or a month; a correction is the next revision',
        description:
          'Sent again as it was, it is one record. When somebody recorded meanwhile: 409 with the revision.',
        params: ByIdOrCode,
        body: NewRecord,
        response: { 200: LedgerSheet },
      },
    },
    async (request) => {
      const keeper = await keeperOf(request, 'ledger.write');
      const actor = actorOf(request);
      const { period, start, after, checklist, answers, summary } = request.body;
      const fault = startFault(period, start, todayOf(keeper));
      if (fault !== undefined) throw invalid({ field: 'start', ...fault });
      const list = await findChecklist(db, checklist);
      if (list === undefined || list.period !== period)
        throw invalid({ field: 'checklist', ...said('not_a_checklist_of', { period }) });
      const missing = answersFault(list.items, answers);
      if (missing !== undefined) throw invalid(missing);
      const result = await addRecord(
        db,
        {
          merchantId: keeper.id,
          regionPath: keeper.regionPath,
          period,
          start,
          after,
          checklistId: list.id,
          answers,
          facts: await factsOfSpan(db, keeper, period, start),
          summary,
          accountId: actor.accountId,
        },
        context.now(),
      );
      if (!result.done) {
        const detail = result.why === 'signed' ? said('month_signed') : said('recorded_meanwhile');
        throw new Problem('conflict', detail, { extra: { why: result.why, revision: result.revision } });
      }
      return await ledgerSheet(context, actor, keeper, period, start);
    },
  );

  api.post(
    '/merchants/:id/ledger/signatures',
    {
      config: { access: 'ledger.sign' },
      schema: {
        tags,
        summary: 'The owner signs a month that is over; it takes no more records',
        params: ByIdOrCode,
        body: NewSignature,
        response: { 200: LedgerMonth },
      },
    },
    async (request) => {
      const keeper = await keeperOf(request, 'ledger.sign');
      const actor = actorOf(request);
      const month = `${request.body.month}-01`;
      const { notYet } = await ledgerMonth(context, actor, keeper, month);
      if (notYet === 'month_not_over' || notYet === 'week_not_over')
        throw new Problem('conflict', said(notYet), { extra: { why: notYet } });
      const { contentHash } = request.body;
      const { id: merchantId, regionPath } = keeper;
      const wanted = { merchantId, regionPath, month, contentHash, accountId: actor.accountId };
      const result = await signMonth(db, wanted, context.now());
      if (result === 'changed')
        throw new Problem('conflict', said('month_changed'), {
          extra: { why: 'changed' },
        });
      if (result === 'no_meeting')
        throw new Problem('conflict', said('meeting_missing'), {
          extra: { why: 'no_meeting' },
        });
      return await ledgerMonth(context, actor, keeper, month);
    },
  );
}
