import { sql } from 'kysely';
import { Type } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import { retryDeadOf } from '../../db/outbox.ts';
import type { Actor } from '../../domain/access.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, NUMBER_PART, pageOf } from '../cursor.ts';
import { notFound, Problem } from '../problem.ts';
import { type DeliveryRow, deliveryItem, destinations, selectDeliveries } from '../queries/outbox.ts';
import { ById } from '../schemas/common.ts';
import {
  Destination,
  OutboxDetail,
  OutboxPage,
  OutboxParams,
  OutboxQuery,
  OutboxRow,
  Retried,
} from '../schemas/outbox.ts';
import { mayEverywhere, within } from '../scope.ts';

const tags = ['webhooks'];

/** What leaves for platforms, and what could not be delivered (dead letters). */
export function outboxRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;
  const find = async (actor: Actor, id: string): Promise<DeliveryRow> => {
    const row = await selectDeliveries(db, actor).where('outbox.id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound('delivery');
    return row;
  };

  api.get(
    '/outbox',
    {
      config: { access: 'operation.read' },
      schema: {
        tags,
        summary: 'Deliveries to platforms, newest first; state=dead are the dead letters',
        querystring: OutboxQuery,
        response: { 200: OutboxPage },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { limit = DEFAULT_LIMIT, cursor, state, webhook } = request.query;
      const after = decodeCursor(cursor, [NUMBER_PART]);
      let query = selectDeliveries(db, actor)
        .orderBy('outbox.id', 'desc')
        .limit(limit + 1);
      let counting = db
        .selectFrom('outbox')
        .innerJoin('event', 'event.id', 'outbox.event_id')
        .where(within('event.region_path', actor.regionPath))
        .groupBy('outbox.state')
        .select((eb) => ['outbox.state', eb.fn.countAll<string>().as('count')]);
      if (state !== undefined) query = query.where('outbox.state', '=', state);
      if (webhook !== undefined) {
        query = query.where('outbox.webhook_id', '=', webhook);
        counting = counting.where('outbox.webhook_id', '=', webhook);
      }
      if (after) query = query.where('outbox.id', '<', after[0]);
      const [rows, counted] = await Promise.all([query.execute(), counting.execute()]);
      const counts = { pending: 0, delivered: 0, dead: 0 };
      for (const row of counted) counts[row.state] = Number(row.count);
      return { counts, ...pageOf(rows, limit, (row) => [row.id], deliveryItem) };
    },
  );

  api.get(
    '/outbox/destinations',
    {
      config: { access: 'operation.read' },
      schema: {
        tags,
        summary: 'Where deliveries go: what waits, what died, and when one came through last',
        response: { 200: Type.Object({ items: Type.Array(Destination) }) },
      },
    },
    async (request) => ({ items: await destinations(db, actorOf(request)) }),
  );

  api.get(
    '/outbox/:id',
    {
      config: { access: 'operation.read' },
      schema: {
        tags,
        summary: 'One delivery with what it tells',
        params: OutboxParams,
        response: { 200: OutboxDetail },
      },
    },
    async (request) => {
      const row = await find(actorOf(request), request.params.id);
      return {
        ...deliveryItem(row),
        idempotencyKey: row.idempotency_key,
        region: row.region_path,
        merchant: row.merchant_id,
        payload: row.payload,
      };
    },
  );

  api.post(
    '/outbox/:id/retry',
    {
      config: { access: 'operation.write' },
      schema: {
        tags,
        summary: 'Send a dead letter again',
        params: OutboxParams,
        response: { 200: OutboxRow },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const row = await find(actor, request.params.id);
      const ids = await db.transaction().execute(async (tx) => {
        const retried = await retryDeadOf(tx, sql`outbox.id = ${row.id}::bigint`, now());
        if (retried.length > 0) {
          const about = { entity: 'webhook', entityId: row.webhook_id, to: 'delivery_retried', note: row.id };
          const place = { regionPath: row.region_path, merchantId: row.merchant_id };
          await recordChange(tx, { ...about, place, ...authorOf(request, context) });
        }
        return retried;
      });
      if (ids.length === 0)
        throw new Problem('conflict', `The delivery is ${row.state}: only dead ones are sent again.`);
      return deliveryItem(await find(actor, row.id));
    },
  );

  api.post(
    '/webhooks/:id/retry-dead',
    {
      config: { access: 'operation.write' },
      schema: {
        tags,
        summary: 'Send all dead letters of a webhook again',
        params: ById,
        response: { 200: Retried },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const asked = db
        .selectFrom('webhook')
        .leftJoin('region', 'region.id', 'webhook.region_id')
        .select(['webhook.id', 'region.path'])
        .where('webhook.id', '=', request.params.id);
      const webhook = await (mayEverywhere(actor)
        ? asked
        : asked.where(within('region.path', actor.regionPath))
      ).executeTakeFirst();
      if (webhook === undefined) throw notFound('webhook');
      const retried = await db.transaction().execute(async (tx) => {
        const ids = await retryDeadOf(
          tx,
          sql`outbox.webhook_id = ${webhook.id} and exists (
            select from event where event.id = outbox.event_id and ${within('event.region_path', actor.regionPath)})`,
          now(),
        );
        await recordChange(tx, {
          entity: 'webhook',
          entityId: webhook.id,
          to: 'deliveries_retried',
          note: String(ids.length),
          place: webhook.path === null ? null : { regionPath: webhook.path, merchantId: null },
          ...authorOf(request, context),
        });
        return ids.length;
      });
      return { retried };
    },
  );
}
