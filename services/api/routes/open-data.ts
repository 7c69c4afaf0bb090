import type { Static } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { invalid } from '../problem.ts';
import { ById } from '../schemas/common.ts';
import { OpenData, OpenDataChange } from '../schemas/open-data.ts';
import { seen } from '../scope.ts';

const tags = ['open311'];
const NOTHING: Static<typeof OpenData> = {
  jurisdictionId: null,
  enabled: false,
  kinds: [],
  openTasks: false,
  merchantNames: false,
  delayDays: 7,
  changedAt: null,
};

/** What a region and those below it let anybody read by Open311. Off until it is switched on; the deepest region decides. */
export function openDataRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;
  const regionOf = async (id: string) => {
    const row = await db.selectFrom('region').select(['id', 'path']).where('id', '=', id).executeTakeFirst();
    return row && { id: row.id, regionPath: row.path, merchantId: null };
  };
  const read = async (id: string): Promise<Static<typeof OpenData>> => {
    const row = await db
      .selectFrom('open_data_policy')
      .selectAll()
      .where('region_id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return NOTHING;
    return {
      jurisdictionId: row.jurisdiction_id,
      enabled: row.enabled,
      kinds: row.kinds,
      openTasks: row.open_tasks,
      merchantNames: row.merchant_names,
      delayDays: row.delay_days,
      changedAt: row.changed_at.toISOString(),
    };
  };

  api.get(
    '/regions/:id/open-data',
    {
      config: { access: 'public.configure' },
      schema: { tags, summary: 'What a region lets anybody read', params: ById, response: { 200: OpenData } },
    },
    async (request) => {
      const { id } = seen(actorOf(request), 'public.configure', await regionOf(request.params.id), 'region');
      return await read(id);
    },
  );

  api.put(
    '/regions/:id/open-data',
    {
      config: { access: 'public.configure' },
      schema: {
        tags,
        summary: 'Say what a region lets anybody read',
        params: ById,
        body: OpenDataChange,
        response: { 200: OpenData },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const region = seen(actor, 'public.configure', await regionOf(request.params.id), 'region');
      const { jurisdictionId, enabled, kinds, openTasks, merchantNames, delayDays } = request.body;
      const known = await db.selectFrom('finding_kind').select('code').execute();
      const codes = new Set(known.map(({ code }) => code));
      const wrong = kinds.findIndex((kind) => !codes.has(kind));
      if (wrong >= 0) throw invalid({ field: `kinds.${wrong}`, ...said('not_a_kind') });
      const before = await read(region.id);
      const row = {
        jurisdiction_id: jurisdictionId,
        enabled,
        kinds,
        open_tasks: openTasks,
        merchant_names: merchantNames,
        delay_days: delayDays,
        changed_by: actor.accountId,
        changed_at: now(),
      };
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('open_data_policy')
          .values({ region_id: region.id, ...row })
          .onConflict((conflict) => conflict.column('region_id').doUpdateSet(row))
          .execute();
        await recordChange(tx, {
          entity: 'open_data_policy',
          entityId: region.id,
          to: before.changedAt === null ? 'created' : 'changed',
          place: region,
          ...authorOf(request, context),
          detail: [{ entity: 'open_data_policy', entityId: region.id, before, after: request.body }],
        });
      });
      return await read(region.id);
    },
  );
}
