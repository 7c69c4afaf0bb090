import { sql } from 'kysely';
import { type Static, Type } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import type { Actor } from '../../domain/access.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, NUMBER_PART, pageOf } from '../cursor.ts';
import { notFound, Problem } from '../problem.ts';
import { Closed, Nullable, pageQuery, Time, Uuid } from '../schemas/common.ts';
import { within } from '../scope.ts';

const tags = ['webhooks'];
const State = Type.Enum(['pending', 'delivered', 'dead']);

const OutboxRow = Type.Object(
  {
    id: Type.String(),
    type: Type.String(),
    webhook: Type.Object({ id: Uuid, name: Type.String(), url: Type.String() }),
    state: State,
    attempts: Type.Integer(),
    nextAt: Time,
    lastStatus: Nullable(Type.Integer()),
    lastError: Nullable(Type.String()),
    deliveredAt: Nullable(Time),
    createdAt: Time,
  },
  { title: 'OutboxRow' },
);
const OutboxPage = Type.Object(
  {
    counts: Type.Object({ pending: Type.Integer(), delivered: Type.Integer(), dead: Type.Integer() }),
    items: Type.Array(OutboxRow),
    nextCursor: Nullable(Type.String()),
  },
  { title: 'OutboxPage' },
);
const OutboxQuery = Type.Object({ ...pageQuery, state: Type.Optional(State) }, Closed);
const OutboxParams = Type.Object(
  { id: Type.String({ pattern: '^\\d{1,18}$', right: 'the number of an outbox row' }) },
  Closed,
);

/** What leaves for platforms, and what could not be delivered (dead letters). */
export function outboxRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;
  const select = (actor: Actor) =>
    db
      .selectFrom('outbox')
      .innerJoin('event', 'event.id', 'outbox.event_id')
      .innerJoin('webhook', 'webhook.id', 'outbox.webhook_id')
      .where(within('event.region_path', actor.regionPath))
      .selectAll('outbox')
      .select([
        'event.type',
        'event.region_path',
        'event.merchant_id',
        'webhook.name as webhook_name',
        'webhook.url as webhook_url',
      ]);
  type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;
  const item = (row: Row): Static<typeof OutboxRow> => ({
    id: row.id,
    type: row.type,
    webhook: { id: row.webhook_id, name: row.webhook_name, url: row.webhook_url },
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at.toISOString(),
    lastStatus: row.last_status,
    lastError: row.last_error,
    deliveredAt: row.delivered_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  });

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
      const { limit = DEFAULT_LIMIT, cursor, state } = request.query;
      const after = decodeCursor(cursor, [NUMBER_PART]);
      let query = select(actor)
        .orderBy('outbox.id', 'desc')
        .limit(limit + 1);
      if (state !== undefined) query = query.where('outbox.state', '=', state);
      if (after) query = query.where('outbox.id', '<', after[0]);
      const [rows, counted] = await Promise.all([
        query.execute(),
        db
          .selectFrom('outbox')
          .innerJoin('event', 'event.id', 'outbox.event_id')
          .where(within('event.region_path', actor.regionPath))
          .groupBy('outbox.state')
          .select((eb) => ['outbox.state', eb.fn.countAll<string>().as('count')])
          .execute(),
      ]);
      const counts = { pending: 0, delivered: 0, dead: 0 };
      for (const row of counted) counts[row.state] = Number(row.count);
      return { counts, ...pageOf(rows, limit, (row) => [row.id], item) };
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
      const find = () => select(actor).where('outbox.id', '=', request.params.id).executeTakeFirst();
      const row = await find();
      if (row === undefined) throw notFound('delivery');
      const result = await db.transaction().execute(async (tx) => {
        const updated = await tx
          .updateTable('outbox')
          .set({ state: 'pending', attempts: 0, next_at: now(), claimed_by: null, claimed_until: null })
          .where('id', '=', row.id)
          .where('state', '=', 'dead')
          .executeTakeFirst();
        if (updated.numUpdatedRows > 0n) {
          const about = { entity: 'webhook', entityId: row.webhook_id, to: 'delivery_retried', note: row.id };
          const place = { regionPath: row.region_path, merchantId: row.merchant_id };
          await recordChange(tx, { ...about, place, ...authorOf(request, context) });
        }
        return updated;
      });
      if (result.numUpdatedRows === 0n) {
        throw new Problem('conflict', `The delivery is ${row.state}: only dead ones are sent again.`);
      }
      await sql`select pg_notify('mingzao_outbox', '')`.execute(db);
      const again = await find();
      if (again === undefined) throw notFound('delivery');
      return item(again);
    },
  );
}
