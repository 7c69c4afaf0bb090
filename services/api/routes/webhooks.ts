import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { Database, Tx } from '../../db/database.ts';
import { auditedAdd, auditedChange } from '../../db/registry-audit.ts';
import { signingSecret } from '../../domain/webhook-signature.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import { platformColumns } from '../commands/webhook-columns.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, pageOf, UUID_PART } from '../cursor.ts';
import { notFound } from '../problem.ts';
import { policyRegion } from '../queries/refs.ts';
import { ById, Nothing, Page } from '../schemas/common.ts';
import { PolicyQuery } from '../schemas/policy.ts';
import { NewWebhook, Webhook, WebhookChange, WebhookWithSecret } from '../schemas/webhook.ts';
import { checkPolicyChange, mayEverywhere, within } from '../scope.ts';

const tags = ['webhooks'];

/** Platforms that are told of findings and tasks; operators' business. */
export function webhookRoutes(api: App, context: ApiContext): void {
  const { db, sealer } = context;
  const select = (of: Database | Tx = db) =>
    of
      .selectFrom('webhook')
      .leftJoin('region', 'region.id', 'webhook.region_id')
      .leftJoin('account', 'account.id', 'webhook.account_id')
      .leftJoin('platform_line as line', 'line.webhook_id', 'webhook.id')
      .selectAll('webhook')
      .select([
        'account.username',
        'line.state as line_state',
        'line.error as line_error',
        'line.since as line_since',
        'line.last_order_at',
        'region.path as region_path',
        'region.code as region_code',
        'region.name as region_name',
      ]);
  type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;
  const visible = (request: FastifyRequest) => {
    const actor = actorOf(request);
    return mayEverywhere(actor) ? select() : select().where(within('region.path', actor.regionPath));
  };
  const item = (row: Row): Static<typeof Webhook> => ({
    id: row.id,
    name: row.name,
    channel: row.channel,
    url: row.url,
    topicPrefix: row.topic_prefix,
    brokerLogin: row.broker_sealed !== null,
    types: row.types,
    region:
      row.region_id === null
        ? null
        : {
            id: row.region_id,
            code: row.region_code ?? '',
            path: row.region_path ?? '',
            name: row.region_name ?? '',
          },
    account: row.username,
    cases: row.cases_url === null ? null : { url: row.cases_url, everyMin: row.cases_every_min },
    orders: row.orders
      ? {
          state: row.line_state ?? 'connecting',
          error: row.line_error ?? '',
          since: row.line_since?.toISOString() ?? null,
          lastOrderAt: row.last_order_at?.toISOString() ?? null,
        }
      : null,
    enabled: row.enabled,
    createdAt: row.created_at.toISOString(),
  });
  const one = async (id: string) =>
    item(await select().where('webhook.id', '=', id).executeTakeFirstOrThrow());
  const find = async (request: FastifyRequest, id: string): Promise<Row> => {
    const row = await visible(request).where('webhook.id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound('webhook');
    return row;
  };

  api.get(
    '/webhooks',
    {
      config: { access: 'operation.read' },
      schema: { tags, summary: 'Webhooks', querystring: PolicyQuery, response: { 200: Page(Webhook) } },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const after = decodeCursor(cursor, [UUID_PART]);
      let query = visible(request)
        .orderBy('webhook.id')
        .limit(limit + 1);
      if (after) query = query.where('webhook.id', '>', after[0]);
      return pageOf(await query.execute(), limit, (row) => [row.id], item);
    },
  );

  api.get(
    '/webhooks/:id',
    {
      config: { access: 'operation.read' },
      schema: { tags, summary: 'One webhook', params: ById, response: { 200: Webhook } },
    },
    async (request) => item(await find(request, request.params.id)),
  );

  api.post(
    '/webhooks',
    {
      config: { access: 'operation.write' },
      schema: {
        tags,
        summary: 'Add a webhook; its signing secret is shown only in this answer',
        body: NewWebhook,
        response: { 201: WebhookWithSecret },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { name, types, region, enabled } = request.body;
      const place = await policyRegion(db, actor, region);
      checkPolicyChange(actor, 'operation.write', place?.path ?? null);
      const there = {
        url: request.body.url,
        topic_prefix: null,
        region_path: place?.path ?? null,
        account_id: null,
        orders: false,
      };
      const columns = await platformColumns(db, sealer, request.body, there);
      const secret = request.body.secret ?? signingSecret(randomBytes(32));
      const { id } = await auditedAdd(db, 'webhook', authorOf(request, context), (tx) =>
        tx
          .insertInto('webhook')
          .values({
            name,
            ...columns,
            secret_sealed: sealer.seal(secret),
            region_id: place?.id ?? null,
            ...(types && { types }),
            ...(enabled !== undefined && { enabled }),
          })
          .returning('id')
          .executeTakeFirstOrThrow(),
      );
      return await reply.code(201).send({ ...(await one(id)), secret });
    },
  );

  api.patch(
    '/webhooks/:id',
    {
      config: { access: 'operation.write' },
      schema: {
        tags,
        summary: 'Change a webhook',
        params: ById,
        body: WebhookChange,
        response: { 200: Webhook },
      },
    },
    async (request) => {
      const { id } = await find(request, request.params.id);
      const { name, secret, types, enabled } = request.body;
      await auditedChange(db, 'webhook', id, authorOf(request, context), async (tx) => {
        // As it is under the lock: what is not said stays as somebody else may just have set it.
        const there = await select(tx).where('webhook.id', '=', id).executeTakeFirst();
        if (there === undefined) throw notFound('webhook');
        const columns = await platformColumns(tx, sealer, request.body, there);
        await tx
          .updateTable('webhook')
          .set({
            ...columns,
            ...(name && { name }),
            ...(secret && { secret_sealed: sealer.seal(secret) }),
            ...(types && { types }),
            ...(enabled !== undefined && { enabled }),
          })
          .where('id', '=', id)
          .execute();
      });
      return await one(id);
    },
  );

  api.delete(
    '/webhooks/:id',
    {
      config: { access: 'operation.write' },
      schema: {
        tags,
        summary: 'Remove a webhook to which nothing was sent; otherwise disable it',
        params: ById,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { id } = await find(request, request.params.id);
      await auditedChange(db, 'webhook', id, authorOf(request, context), (tx) =>
        tx.deleteFrom('webhook').where('id', '=', id).execute(),
      );
      return await reply.code(204).send(null);
    },
  );
}
