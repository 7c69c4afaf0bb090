import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import { cancelReplay, MOST_REPLAYED, replayPeriod, selectReplays } from '../../db/replays.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { ById, Page } from '../schemas/common.ts';
import { NewReplay, Replay, ReplayQuery } from '../schemas/webhook.ts';
import { mayEverywhere, within } from '../scope.ts';

const tags = ['webhooks'];
const PER_MINUTE = 120;

/** A period delivered once more (重放): for a platform that lost what it had received. */
export function webhookReplayRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;
  const webhookOf = async (request: FastifyRequest, id: string) => {
    const actor = actorOf(request);
    const query = db
      .selectFrom('webhook')
      .leftJoin('region', 'region.id', 'webhook.region_id')
      .select(['webhook.id', 'region.path'])
      .where('webhook.id', '=', id);
    const row = await (mayEverywhere(actor)
      ? query
      : query.where(within('region.path', actor.regionPath))
    ).executeTakeFirst();
    if (row === undefined) throw notFound('webhook');
    return row;
  };
  const one = async (id: string) => {
    const row = await selectReplays(db).where('delivery_replay.id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound('replay');
    return row;
  };

  api.post(
    '/webhooks/:id/replay',
    {
      config: { access: 'operation.write' },
      schema: {
        tags,
        summary: 'Deliver a period once more',
        description:
          'Every event of the period in its order, one at a time, under the ids and idempotency keys of the first delivery, marked ' +
          'by the header mingzao-replay and the member `replay`. New events do not wait for it.',
        params: ById,
        body: NewReplay,
        response: { 201: Replay },
      },
    },
    async (request, reply) => {
      const webhook = await webhookOf(request, request.params.id);
      const { types = [], perMinute = PER_MINUTE } = request.body;
      const [from, to] = [new Date(request.body.from), new Date(request.body.to)];
      if (from >= to) throw invalid({ field: 'to', ...said('later_than_from') });
      const author = authorOf(request, context);
      const id = await db.transaction().execute(async (tx) => {
        const wanted = { webhookId: webhook.id, from, to, types, perMinute };
        const made = await replayPeriod(tx, { ...wanted, actorId: actorOf(request).accountId }, now());
        if (made === 'too_many')
          throw invalid({ field: 'to', ...said('too_many_events', { most: MOST_REPLAYED }) });
        const note = `${from.toISOString()} – ${to.toISOString()}`;
        await recordChange(tx, {
          entity: 'webhook',
          entityId: webhook.id,
          to: 'replay_asked',
          note,
          place: webhook.path === null ? null : { regionPath: webhook.path, merchantId: null },
          ...author,
        });
        return made;
      });
      return await reply.code(201).send(replayItem(await one(id)));
    },
  );

  api.get(
    '/webhooks/:id/replays',
    {
      config: { access: 'operation.read' },
      schema: {
        tags,
        summary: 'Replays of a webhook, newest first',
        params: ById,
        querystring: ReplayQuery,
        response: { 200: Page(Replay) },
      },
    },
    async (request) => {
      const webhook = await webhookOf(request, request.params.id);
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = selectReplays(db)
        .where('webhook_id', '=', webhook.id)
        .orderBy('delivery_replay.at', 'desc')
        .orderBy('delivery_replay.id', 'desc')
        .limit(limit + 1);
      if (after) query = query.where(olderThan('delivery_replay.at', 'delivery_replay.id', after));
      return pageOf(await query.execute(), limit, (row) => [row.at_text, row.id], replayItem);
    },
  );

  api.post(
    '/replays/:id/cancel',
    {
      config: { access: 'operation.write' },
      schema: { tags, summary: 'Stop a replay', params: ById, response: { 200: Replay } },
    },
    async (request) => {
      const { webhook_id } = await one(request.params.id);
      const webhook = await webhookOf(request, webhook_id);
      await db.transaction().execute(async (tx) => {
        if (!(await cancelReplay(tx, request.params.id, now())))
          throw new Problem('conflict', said('nothing_left_to_send'));
        await recordChange(tx, {
          entity: 'webhook',
          entityId: webhook.id,
          to: 'replay_cancelled',
          place: webhook.path === null ? null : { regionPath: webhook.path, merchantId: null },
          ...authorOf(request, context),
        });
      });
      return replayItem(await one(request.params.id));
    },
  );
}

function replayItem(
  row: Awaited<ReturnType<ReturnType<typeof selectReplays>['executeTakeFirstOrThrow']>>,
): Static<typeof Replay> {
  const { pending, delivered, dead } = row.counts ?? { pending: 0, delivered: 0, dead: 0 };
  return {
    id: row.id,
    webhookId: row.webhook_id,
    reason: row.reason,
    from: row.since?.toISOString() ?? null,
    to: row.until?.toISOString() ?? null,
    types: row.types,
    perMinute: row.per_minute,
    events: row.events,
    delivered,
    dead,
    pending,
    requestedBy: row.username,
    at: row.at.toISOString(),
    cancelledAt: row.cancelled_at?.toISOString() ?? null,
  };
}
