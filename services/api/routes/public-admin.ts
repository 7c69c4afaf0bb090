import type { Static } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import { isTurned } from '../../db/public-turned.ts';
import { withheldBecause } from '../../domain/public-view.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { isIdOrCode } from '../queries/by-id.ts';
import { ById, ByIdOrCode } from '../schemas/common.ts';
import { KitchenOpenness, ListingItem, NewListing, OpenKitchen } from '../schemas/public.ts';
import { seen } from '../scope.ts';

const tags = ['public'];

/** What the bureau does about the public view: which kitchens are open, and the lists. */
export function publicAdminRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;
  const merchants = () =>
    db
      .selectFrom('merchant')
      .innerJoin('region', 'region.id', 'merchant.region_id')
      .select(['merchant.id', 'merchant.code', 'merchant.id as merchantId', 'region.path as regionPath']);
  const openness = async (merchantId: string): Promise<Static<typeof KitchenOpenness>> => {
    const kitchen = await db
      .selectFrom('public_kitchen')
      .select('because')
      .where('merchant_id', '=', merchantId)
      .executeTakeFirst();
    const cameras = await db
      .selectFrom('public_camera')
      .innerJoin('camera', 'camera.id', 'public_camera.camera_id')
      .leftJoin('public_picture', 'public_picture.camera_id', 'camera.id')
      .where('camera.merchant_id', '=', merchantId)
      .select([
        'camera.code as camera',
        'public_camera.masks',
        'public_picture.withheld',
        isTurned('camera').as('turned'),
      ])
      .orderBy('camera.code')
      .execute();
    return {
      because: kitchen?.because ?? null,
      cameras: cameras.map(({ camera, masks, withheld, turned }) => ({
        camera,
        masks: masks.map((box) => [...box]),
        withheld: withheldBecause(turned ? 'moved' : withheld),
      })),
    };
  };

  api.get(
    '/merchants/:id/public-view',
    {
      config: { access: 'registry.read' },
      schema: {
        tags,
        summary: 'Whether a kitchen is open to the public, and by which cameras',
        params: ByIdOrCode,
        response: { 200: KitchenOpenness },
      },
    },
    async (request) => {
      const found = await merchants().where(isIdOrCode('merchant', request.params.id)).executeTakeFirst();
      return await openness(seen(actorOf(request), 'registry.read', found, 'merchant').id);
    },
  );

  api.put(
    '/merchants/:id/public-view',
    {
      config: { access: 'public.configure' },
      schema: {
        tags,
        summary: 'Open a kitchen to the public by the cameras named, with areas that stay black; or close it',
        params: ByIdOrCode,
        body: OpenKitchen,
        response: { 200: KitchenOpenness },
      },
    },
    async (request) => {
      const found = await merchants().where(isIdOrCode('merchant', request.params.id)).executeTakeFirst();
      const merchant = seen(actorOf(request), 'public.configure', found, 'merchant');
      const { because, cameras } = request.body;
      const own = await db
        .selectFrom('camera')
        .select(['id', 'code'])
        .where('merchant_id', '=', merchant.id)
        .where('removed_at', 'is', null)
        .execute();
      const ids = new Map(own.map(({ id, code }) => [code, id]));
      cameras.forEach(({ camera }, i) => {
        if (!ids.has(camera))
          throw invalid({ field: `cameras.${i}.camera`, ...said('not_a_camera_of_merchant') });
      });
      const before = await openness(merchant.id);
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('public_kitchen').where('merchant_id', '=', merchant.id).execute();
        await tx
          .deleteFrom('public_camera')
          .where('camera_id', 'in', (eb) =>
            eb.selectFrom('camera').select('id').where('merchant_id', '=', merchant.id),
          )
          .execute();
        if (because !== null) {
          const { accountId } = actorOf(request);
          await tx
            .insertInto('public_kitchen')
            .values({ merchant_id: merchant.id, because, opened_by: accountId, opened_at: now() })
            .execute();
          for (const { camera, masks = [] } of cameras) {
            const values = { camera_id: ids.get(camera) ?? '', masks: JSON.stringify(masks) };
            await tx.insertInto('public_camera').values(values).execute();
          }
        }
        const detail = [
          {
            entity: 'public_kitchen',
            entityId: merchant.id,
            before: {
              because: before.because,
              cameras: before.cameras.map(({ camera, masks }) => ({ camera, masks })),
            },
            after: { because, cameras: because === null ? [] : cameras },
          },
        ];
        const to = because === null ? 'closed_to_public' : 'opened_to_public';
        const about = { entity: 'merchant', entityId: merchant.id, to, place: merchant, detail };
        await recordChange(tx, { ...about, ...authorOf(request, context) });
      });
      return await openness(merchant.id);
    },
  );

  api.post(
    '/public-listings',
    {
      config: { access: 'document.issue' },
      schema: {
        tags,
        summary: 'Put a merchant on the red or black list; a black entry rests on a task that is closed',
        body: NewListing,
        response: { 201: ListingItem },
      },
    },
    async (request, reply) => {
      const { merchant: code, list, task: number, text } = request.body;
      const actor = actorOf(request);
      const found = await merchants().where('merchant.code', '=', code).executeTakeFirst();
      const merchant = seen(actor, 'document.issue', found, 'merchant');
      if (list === 'black' && number === undefined)
        throw invalid({ field: 'task', ...said('black_needs_task') });
      const task =
        number === undefined
          ? undefined
          : await db
              .selectFrom('task')
              .select(['id', 'state'])
              .where('number', '=', number)
              .where('merchant_id', '=', merchant.id)
              .executeTakeFirst();
      if (number !== undefined && task === undefined) throw notFound('task of this merchant');
      const closed = ['closed', 'recheck_due', 'recheck_passed', 'recurred'];
      if (task !== undefined && !closed.includes(task.state))
        throw new Problem('conflict', said('only_closed_facts', { state: task.state }));
      const row = await db.transaction().execute(async (tx) => {
        const made = await tx
          .insertInto('public_listing')
          .values({
            merchant_id: merchant.id,
            list,
            task_id: task?.id ?? null,
            text,
            published_by: actor.accountId,
            published_at: now(),
            withdrawn_at: null,
            withdrawn_by: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const about = { entity: 'public_listing', entityId: made.id, to: 'published', place: merchant };
        await recordChange(tx, { ...about, ...authorOf(request, context) });
        return made;
      });
      const item = { id: row.id, list, text, publishedAt: row.published_at.toISOString() };
      return await reply.code(201).send(item);
    },
  );

  api.post(
    '/public-listings/:id/withdraw',
    {
      config: { access: 'document.issue' },
      schema: { tags, summary: 'Take an entry off the list', params: ById, response: { 200: ListingItem } },
    },
    async (request) => {
      const actor = actorOf(request);
      const found = await db
        .selectFrom('public_listing')
        .innerJoin('merchant', 'merchant.id', 'public_listing.merchant_id')
        .innerJoin('region', 'region.id', 'merchant.region_id')
        .selectAll('public_listing')
        .select(['merchant.id as merchantId', 'region.path as regionPath'])
        .where('public_listing.id', '=', request.params.id)
        .executeTakeFirst();
      const row = seen(actor, 'document.issue', found, 'entry');
      await db.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('public_listing')
          .set({ withdrawn_at: now(), withdrawn_by: actor.accountId })
          .where('id', '=', row.id)
          .where('withdrawn_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return;
        const about = {
          entity: 'public_listing',
          entityId: row.id,
          from: 'published',
          to: 'withdrawn',
          place: row,
        };
        await recordChange(tx, { ...about, ...authorOf(request, context) });
      });
      return { id: row.id, list: row.list, text: row.text, publishedAt: row.published_at.toISOString() };
    },
  );
}
