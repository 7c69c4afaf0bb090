import { Type } from 'typebox';
import { ofCause } from '../../db/dead-letters.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, NUMBER_PART, pageOf } from '../cursor.ts';
import { deadCauses, deliveryItem, destinations, findDelivery, selectDeliveries } from '../queries/outbox.ts';
import {
  DeadCause,
  DeadCauseQuery,
  Destination,
  OutboxDetail,
  OutboxPage,
  OutboxParams,
  OutboxQuery,
} from '../schemas/outbox.ts';
import { within } from '../scope.ts';

const tags = ['webhooks'];

/** What leaves for platforms, what could not be delivered, and why. What is done about it: dead-letters.ts. */
export function outboxRoutes(api: App, { db }: ApiContext): void {
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
      const { limit = DEFAULT_LIMIT, cursor, state, webhook, cause } = request.query;
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
      if (cause !== undefined) query = query.where(ofCause(cause));
      if (after) query = query.where('outbox.id', '<', after[0]);
      const [rows, counted] = await Promise.all([query.execute(), counting.execute()]);
      const counts = { pending: 0, delivered: 0, dead: 0, set_aside: 0 };
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
    '/outbox/causes',
    {
      config: { access: 'operation.read' },
      schema: {
        tags,
        summary: 'Why deliveries died, by platform and cause; of those set aside with state=set_aside',
        querystring: DeadCauseQuery,
        response: { 200: Type.Object({ items: Type.Array(DeadCause) }) },
      },
    },
    async (request) => {
      const { state = 'dead', webhook } = request.query;
      return { items: await deadCauses(db, actorOf(request), state, webhook) };
    },
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
      const row = await findDelivery(db, actorOf(request), request.params.id);
      return {
        ...deliveryItem(row),
        idempotencyKey: row.idempotency_key,
        region: row.region_path,
        merchant: row.merchant_id,
        payload: row.payload,
      };
    },
  );
}
