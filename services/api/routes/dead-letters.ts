import type { FastifyRequest } from 'fastify';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { recordChange } from '../../db/audit.ts';
import type { Tx } from '../../db/database.ts';
import { ofCause, retryDeadOf, setAsideDeadOf, takeUpOf } from '../../db/dead-letters.ts';
import type { DeliveryState } from '../../db/schema-record.ts';
import { type Said, said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem } from '../problem.ts';
import { deliveryItem, findDelivery } from '../queries/outbox.ts';
import { ById } from '../schemas/common.ts';
import {
  AsideCount,
  CauseQuery,
  MaybeCauseQuery,
  OutboxParams,
  OutboxRow,
  Retried,
  SetAside,
  TakenUp,
} from '../schemas/outbox.ts';
import { mayEverywhere, within } from '../scope.ts';

const tags = ['webhooks'];
const access = 'operation.write';

/** One thing that is done about letters, and how the history calls it of one and of many. */
interface Step {
  from: DeliveryState;
  /** Said where a letter is in another state. */
  only: Said;
  one: string;
  many: string;
  why?: string;
  /** @returns ids of the letters it was done to */
  take: (tx: Tx, which: RawBuilder<SqlBool>) => Promise<string[]>;
}

/** Dead letters: sent again, set aside with a reason, taken up again; one by one, or all of one platform and cause. */
export function deadLetterRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;

  const again: Step = {
    from: 'dead',
    only: said('only_dead_again'),
    one: 'delivery_retried',
    many: 'deliveries_retried',
    take: (tx, which) => retryDeadOf(tx, which, now()),
  };
  const aside = (request: FastifyRequest, reason: string): Step => ({
    from: 'dead',
    only: said('only_dead_aside'),
    one: 'delivery_set_aside',
    many: 'deliveries_set_aside',
    why: reason,
    take: (tx, which) =>
      setAsideDeadOf(tx, which, { reason, actorId: actorOf(request).accountId, at: now() }),
  });
  const up: Step = {
    from: 'set_aside',
    only: said('only_set_aside'),
    one: 'delivery_taken_up',
    many: 'deliveries_taken_up',
    take: takeUpOf,
  };

  const one = async (request: FastifyRequest, id: string, step: Step) => {
    const actor = actorOf(request);
    const row = await findDelivery(db, actor, id);
    const done = await db.transaction().execute(async (tx) => {
      const ids = await step.take(tx, sql<SqlBool>`outbox.id = ${row.id}::bigint`);
      if (ids.length > 0)
        await recordChange(tx, {
          entity: 'webhook',
          entityId: row.webhook_id,
          to: step.one,
          note: row.id,
          ...(step.why !== undefined && { reason: step.why }),
          place: { regionPath: row.region_path, merchantId: row.merchant_id },
          ...authorOf(request, context),
        });
      return ids.length > 0;
    });
    if (!done) throw new Problem('conflict', said('delivery_is', { state: row.state, only: step.only }));
    return deliveryItem(await findDelivery(db, actor, row.id));
  };

  /** To every letter of the platform that tells of the actor's regions. @returns how many */
  const many = async (
    request: FastifyRequest,
    id: string,
    cause: string | undefined,
    step: Step,
  ): Promise<number> => {
    const actor = actorOf(request);
    const asked = db
      .selectFrom('webhook')
      .leftJoin('region', 'region.id', 'webhook.region_id')
      .select(['webhook.id', 'region.path'])
      .where('webhook.id', '=', id);
    const webhook = await (mayEverywhere(actor)
      ? asked
      : asked.where(within('region.path', actor.regionPath))
    ).executeTakeFirst();
    if (webhook === undefined) throw notFound('webhook');
    return await db.transaction().execute(async (tx) => {
      const ids = await step.take(
        tx,
        sql<SqlBool>`outbox.webhook_id = ${webhook.id} and ${cause === undefined ? sql`true` : ofCause(cause)} and exists (
          select from event where event.id = outbox.event_id and ${within('event.region_path', actor.regionPath)})`,
      );
      await recordChange(tx, {
        entity: 'webhook',
        entityId: webhook.id,
        to: step.many,
        note: cause === undefined ? String(ids.length) : `${ids.length} × ${cause}`,
        ...(step.why !== undefined && { reason: step.why }),
        place: webhook.path === null ? null : { regionPath: webhook.path, merchantId: null },
        ...authorOf(request, context),
      });
      return ids.length;
    });
  };

  api.post(
    '/outbox/:id/retry',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Send a dead letter again',
        params: OutboxParams,
        response: { 200: OutboxRow },
      },
    },
    (request) => one(request, request.params.id, again),
  );

  api.post(
    '/outbox/:id/set-aside',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Set a dead letter aside: it stays, is not sent, and no longer counts as dead',
        params: OutboxParams,
        body: SetAside,
        response: { 200: OutboxRow },
      },
    },
    (request) => one(request, request.params.id, aside(request, request.body.reason)),
  );

  api.post(
    '/outbox/:id/take-up',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Take up a letter that was set aside: it is dead again and can be sent',
        params: OutboxParams,
        response: { 200: OutboxRow },
      },
    },
    (request) => one(request, request.params.id, up),
  );

  api.post(
    '/webhooks/:id/retry-dead',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Send all dead letters of a webhook again, or those of one cause',
        params: ById,
        querystring: MaybeCauseQuery,
        response: { 200: Retried },
      },
    },
    async (request) => ({ retried: await many(request, request.params.id, request.query.cause, again) }),
  );

  api.post(
    '/webhooks/:id/set-aside-dead',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Set aside all dead letters of a webhook that have one cause',
        params: ById,
        querystring: CauseQuery,
        body: SetAside,
        response: { 200: AsideCount },
      },
    },
    async (request) => {
      const step = aside(request, request.body.reason);
      return { setAside: await many(request, request.params.id, request.query.cause, step) };
    },
  );

  api.post(
    '/webhooks/:id/take-up',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Take up all letters of a webhook and cause that were set aside',
        params: ById,
        querystring: CauseQuery,
        response: { 200: TakenUp },
      },
    },
    async (request) => ({ takenUp: await many(request, request.params.id, request.query.cause, up) }),
  );
}
