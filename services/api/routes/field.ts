import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { notFound } from '../problem.ts';
import { isIdOrCode } from '../queries/by-id.ts';
import { loadStops, pastTasks, stopsOf } from '../queries/field.ts';
import { visitItems } from '../queries/visits.ts';
import { ByIdOrCode } from '../schemas/common.ts';
import { FieldDay, FieldDayQuery, FieldSheet } from '../schemas/field.ts';
import { seen } from '../scope.ts';

const tags = ['field'];
const MOST_PAST = 10;

/** For those who go there: what is due, and one merchant's sheet. */
export function fieldRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.get(
    '/field/day',
    {
      config: { access: 'task.visit' },
      schema: {
        tags,
        summary: 'Merchants where somebody should go: overdue, returned too often, to be rechecked by people',
        description: 'Where they are comes along; how far that is, the phone works out and tells nobody.',
        querystring: FieldDayQuery,
        response: { 200: FieldDay },
      },
    },
    async (request) => {
      const { all = false, region } = request.query;
      const found = await loadStops(context, actorOf(request), { all, region });
      return { asOf: context.now().toISOString(), ...found };
    },
  );

  api.get(
    '/field/merchants/:id',
    {
      config: { access: 'task.visit' },
      schema: {
        tags,
        summary: 'One merchant for a visit: what is open, what waits, earlier visits and tasks',
        params: ByIdOrCode,
        response: { 200: FieldSheet },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const found = await db
        .selectFrom('merchant')
        .innerJoin('region', 'region.id', 'merchant.region_id')
        .select(['merchant.id', 'merchant.id as merchantId', 'region.path as regionPath'])
        .where(isIdOrCode('merchant', request.params.id))
        .executeTakeFirst();
      const { id } = seen(actor, 'task.visit', found, 'merchant');
      const [[stop], visits, past] = await Promise.all([
        stopsOf(context, actor, [id]),
        visitItems(context, actor, { merchantId: id }, MOST_PAST),
        pastTasks(context, actor, id, MOST_PAST),
      ]);
      if (stop === undefined) throw notFound('merchant');
      return { ...stop, asOf: context.now().toISOString(), visits, past };
    },
  );
}
