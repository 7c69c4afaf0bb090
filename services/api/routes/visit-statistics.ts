import { type SqlBool, sql } from 'kysely';
import { Type } from 'typebox';
import { loadVisits } from '../../db/statistics/visits.ts';
import { addDays, isDate, startOf, startOfNext } from '../../domain/period.ts';
import { said } from '../../domain/said.ts';
import { visitRate } from '../../domain/statistics.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { invalid } from '../problem.ts';
import { todayOf } from '../queries/time-zone.ts';
import { Closed, MerchantRef, Nullable, ShortCode } from '../schemas/common.ts';
import { LocalDate } from '../schemas/statistics.ts';
import { inRegion, inScope } from '../scope.ts';

const count = Type.Integer({ minimum: 0 });
const figures = {
  merchants: count,
  /** Nobody is assigned to them: they are not due. */
  unassigned: count,
  due: count,
  done: count,
  /** Of those done, at most as many as were due at each merchant. */
  counted: count,
  /** 督导完成率: counted ÷ due; null where nothing was due. */
  rate: Nullable(Type.Number({ minimum: 0, maximum: 1 })),
};
const VisitStatistics = Type.Object(
  {
    from: LocalDate,
    to: LocalDate,
    totals: Type.Object(figures),
    items: Type.Array(Type.Object({ key: Type.String(), ...figures })),
    /** Visits that are still owed, merchants in order of their code. */
    owed: Type.Array(
      Type.Object({
        merchant: MerchantRef,
        level: Type.String(),
        town: Type.String(),
        cadre: Nullable(Type.String()),
        due: count,
        done: count,
      }),
    ),
  },
  { title: 'VisitStatistics' },
);

/** 督导: visits of cadres that were due and done in a quarter. */
export function visitStatisticsRoutes(api: App, context: ApiContext): void {
  api.get(
    '/statistics/visits',
    {
      config: { access: 'supervision.read' },
      schema: {
        tags: ['statistics'],
        summary: 'Visits of cadres due and done in a quarter (督导完成率); the present one unless told',
        querystring: Type.Object(
          {
            /** Any day of the quarter. */
            day: Type.Optional(LocalDate),
            groupBy: Type.Optional(Type.Enum(['level', 'town', 'cadre'])),
            region: Type.Optional(ShortCode),
          },
          Closed,
        ),
        response: { 200: VisitStatistics },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { groupBy = 'level', region } = request.query;
      const day = request.query.day ?? (await todayOf(context.db, actor, context.now(), region));
      if (!isDate(day)) throw invalid({ field: 'query.day', ...said('no_such_date', { day }) });
      const quarter = { from: startOf('quarter', day), to: addDays(startOfNext('quarter', day), -1) };
      const scope = inScope(actor, { regionPath: 'region.path', merchantId: 'merchant.id' });
      const where =
        region === undefined ? scope : sql<SqlBool>`${scope} and ${inRegion('region.path', region)}`;
      const visits = await loadVisits(context.db, quarter, where);
      const figuresOf = (some: typeof visits) => ({
        merchants: some.length,
        unassigned: some.filter(({ cadre }) => cadre === null).length,
        ...visitRate(some),
      });
      const groups = Map.groupBy(visits, (one) => one[groupBy] ?? '');
      return {
        ...quarter,
        totals: figuresOf(visits),
        items: [...groups]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, some]) => ({ key, ...figuresOf(some) })),
        owed: visits.filter(({ due, done }) => done < due),
      };
    },
  );
}
