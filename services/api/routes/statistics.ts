import { Type } from 'typebox';
import { listCounted } from '../../db/statistics/list.ts';
import { WITHOUT_CAMERAS } from '../../db/statistics/query.ts';
import { waitingCoverage } from '../../db/statistics/roll-up.ts';
import { loadStatistics } from '../../db/statistics/statistics.ts';
import { before } from '../../domain/period.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { Problem } from '../problem.ts';
import { Page } from '../schemas/common.ts';
import {
  CountedThing,
  LEADS,
  Statistics,
  StatisticsExportQuery,
  StatisticsListQuery,
  StatisticsQuery,
} from '../schemas/statistics.ts';
import { askedOf } from '../statistics/asked.ts';
import { toCsv, toXlsx } from '../statistics/files.ts';
import { inOrder, labelsOf, readsLeads, shown } from '../statistics/groups.ts';
import { tableOf } from '../statistics/table.ts';

const tags = ['statistics'];
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Rates with their counts and what was observed, the lists behind them, and both as files. */
export function statisticsRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.get(
    '/statistics',
    {
      config: { access: 'statistics.read' },
      schema: {
        tags,
        summary:
          'Counts, the rates made of them and the hours observed, by place, kind, model or time; the last 30 days unless told',
        description:
          'A finding whose task ended by an upheld appeal is counted in the period of its verdict as dismissed, not as confirmed, ' +
          'and is no recurrence.',
        querystring: StatisticsQuery,
        response: { 200: Statistics },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const now = context.now();
      const { sort = 'key', order = sort === 'key' ? 'asc' : 'desc', limit = 200 } = request.query;
      const { query, timeZone } = await askedOf(db, actor, now, request.query);
      const earlier = { ...query, period: before(query.period), groupBy: 'none', step: null } as const;
      const [{ totals, items }, previous, waiting] = await Promise.all([
        loadStatistics(db, query),
        request.query.previous === true ? loadStatistics(db, earlier) : null,
        waitingCoverage(db),
      ]);
      const labels = await labelsOf(
        db,
        query.groupBy,
        items.map(({ key }) => key),
      );
      const leads = readsLeads(actor);
      const withSeries = (one: typeof totals) => ({
        ...shown(one, leads),
        series: one.series.map((step) => ({ start: step.start, ...shown(step, leads) })),
      });
      return {
        ...query.period,
        timeZone,
        groupBy: query.groupBy,
        step: query.step,
        asOf: now.toISOString(),
        coverageWaiting: { cameraDays: waiting.waiting, since: waiting.since?.toISOString() ?? null },
        coverageOf: WITHOUT_CAMERAS.includes(query.groupBy) ? ('scope' as const) : ('group' as const),
        totals: withSeries(totals),
        previous: previous === null ? null : shown(previous.totals, leads),
        groups: items.length,
        items: inOrder(items, labels, sort, order)
          .slice(0, limit)
          .map((item, index) => ({
            rank: index + 1,
            key: item.key,
            code: labels.get(item.key)?.code ?? null,
            name: labels.get(item.key)?.name ?? null,
            ...withSeries(item),
          })),
      };
    },
  );

  api.get(
    '/statistics/list',
    {
      config: { access: 'statistics.read' },
      schema: {
        tags,
        summary: 'The findings or tasks that one number counts, newest first',
        querystring: StatisticsListQuery,
        response: { 200: Page(CountedThing) },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { measure, key = null, start = null, cursor, limit = DEFAULT_LIMIT } = request.query;
      if ((LEADS as readonly string[]).includes(measure) && !readsLeads(actor)) {
        throw new Problem('not-allowed', said('role_reads_no_findings', { role: actor.role, measure }));
      }
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      const { query } = await askedOf(db, actor, context.now(), request.query);
      const page = { after: after && { at: after[0], id: after[1] }, limit: limit + 1 };
      const rows = await listCounted(db, query, measure, { key, start }, page);
      return pageOf(
        rows,
        limit,
        (row) => [row.atText, row.taskId ?? row.findingId],
        (row) => ({
          of: row.of,
          findingId: row.findingId,
          taskId: row.taskId,
          number: row.number,
          state: row.state,
          appealUpheld: row.appealUpheld,
          kind: row.kind,
          class: row.class,
          merchant: { id: row.merchantId, code: row.merchantCode, name: row.merchantName },
          region: {
            id: row.regionId,
            code: row.regionCode,
            path: row.regionPath,
            name: row.regionName,
          },
          at: row.at.toISOString(),
        }),
      );
    },
  );

  api.get(
    '/statistics/export',
    {
      config: { access: 'statistics.read' },
      schema: {
        tags,
        summary: 'The same as a file: CSV (UTF-8 with BOM) or XLSX, all groups',
        querystring: StatisticsExportQuery,
        response: { 200: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const {
        format,
        language = 'zh',
        sort = 'key',
        order = sort === 'key' ? 'asc' : 'desc',
      } = request.query;
      const { query } = await askedOf(db, actor, context.now(), request.query);
      const statistics = await loadStatistics(db, query);
      const labels = await labelsOf(
        db,
        query.groupBy,
        statistics.items.map(({ key }) => key),
      );
      const items = inOrder(statistics.items, labels, sort, order);
      const rows = tableOf({ ...statistics, items }, labels, { leads: readsLeads(actor), language });
      const name = `statistics-${query.period.from}-${query.period.to}.${format}`;
      reply.header('content-disposition', `attachment; filename="${name}"`);
      if (format === 'csv') return await reply.type('text/csv; charset=utf-8').send(toCsv(rows));
      return await reply.type(XLSX).send(await toXlsx(rows, language === 'zh' ? '统计' : 'Statistics'));
    },
  );
}
