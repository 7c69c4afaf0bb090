import { hashGatewaySecret, newGatewaySecret } from '../../db/gateway-secret.ts';
import { auditedAdd, auditedChange } from '../../db/registry-audit.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { CODE_PART, DEFAULT_LIMIT, decodeCursor, pageOf } from '../cursor.ts';
import { carriesCamerasOf } from '../gateway-scope.ts';
import { invalid } from '../problem.ts';
import { isIdOrCode } from '../queries/by-id.ts';
import { gatewayItem, loadGatewayCameras, loadRefusals, selectGateways } from '../queries/gateways.ts';
import { merchantByCode, regionByCode } from '../queries/refs.ts';
import { ByIdOrCode, Nothing, Page } from '../schemas/common.ts';
import {
  Gateway,
  GatewayChange,
  GatewayPage,
  GatewayQuery,
  GatewaySecret,
  GatewayWithSecret,
  NewGateway,
} from '../schemas/registry.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const tags = ['registry'];
const PLACE = { regionPath: 'region.path', merchantId: 'gateway.merchant_id' };

export function gatewayRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const find = (idOrCode: string) =>
    selectGateways(db).where(isIdOrCode('gateway', idOrCode)).executeTakeFirst();
  const one = async (id: string) =>
    gatewayItem(await selectGateways(db).where('gateway.id', '=', id).executeTakeFirstOrThrow());

  api.get(
    '/gateways',
    {
      config: { access: 'registry.read' },
      schema: { tags, summary: 'Gateways', querystring: GatewayQuery, response: { 200: Page(Gateway) } },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, region, merchant, serves } = request.query;
      const after = decodeCursor(request.query.cursor, [CODE_PART]);
      let query = selectGateways(db)
        .where(inScope(actorOf(request), PLACE))
        .orderBy('gateway.code')
        .limit(limit + 1);
      if (after) query = query.where('gateway.code', '>', after[0]);
      if (merchant !== undefined) query = query.where('merchant.code', '=', merchant);
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      if (serves !== undefined) query = query.where(carriesCamerasOf(serves));
      return pageOf(await query.execute(), limit, (row) => [row.code], gatewayItem);
    },
  );

  api.get(
    '/gateways/:id',
    {
      config: { access: 'registry.read' },
      schema: {
        tags,
        summary: 'One gateway: state, refused messages by reason, cameras, topics',
        params: ByIdOrCode,
        response: { 200: GatewayPage },
      },
    },
    async (request) => {
      const row = seen(actorOf(request), 'registry.read', await find(request.params.id), 'gateway');
      const [refusals, cameraList] = await Promise.all([
        loadRefusals(db, row.id),
        loadGatewayCameras(db, row.id),
      ]);
      return { ...gatewayItem(row), refusals, cameraList };
    },
  );

  api.post(
    '/gateways',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Add a gateway; its MQTT password is shown only in this answer',
        body: NewGateway,
        response: { 201: GatewayWithSecret },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { code, region, merchant, name, enabled } = request.body;
      const place = await regionByCode(db, actor, region);
      const owner =
        merchant === undefined || merchant === null ? null : await merchantByCode(db, actor, merchant);
      if (owner !== null && owner.regionId !== place.id) {
        throw invalid({
          field: 'merchant',
          ...said('merchant_in_other_region', { merchant: JSON.stringify(merchant) }),
        });
      }
      const password = newGatewaySecret();
      const secretHash = await hashGatewaySecret(password);
      const { id } = await auditedAdd(db, 'gateway', authorOf(request, context), (tx) =>
        tx
          .insertInto('gateway')
          .values({
            code,
            region_id: place.id,
            merchant_id: owner?.id ?? null,
            name,
            secret_hash: secretHash,
            ...(enabled === undefined ? {} : { enabled }),
          })
          .returning('id')
          .executeTakeFirstOrThrow(),
      );
      const gateway = await one(id);
      const { topicPrefix } = gateway;
      const mqtt = {
        username: gateway.code,
        password,
        topicPrefix,
        mqttUrl: brokerOf(context.config.mqttUrl),
      };
      return await reply.code(201).send({ ...gateway, mqtt });
    },
  );

  api.post(
    '/gateways/:id/secret',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Make a new MQTT password; the old one ends at once',
        params: ByIdOrCode,
        response: { 201: GatewaySecret },
      },
    },
    async (request, reply) => {
      const row = seen(actorOf(request), 'registry.write', await find(request.params.id), 'gateway');
      const password = newGatewaySecret();
      const hash = await hashGatewaySecret(password);
      await auditedChange(db, 'gateway', row.id, authorOf(request, context), (tx) =>
        tx.updateTable('gateway').set({ secret_hash: hash }).where('id', '=', row.id).execute(),
      );
      const { topicPrefix } = gatewayItem(row);
      const mqttUrl = brokerOf(context.config.mqttUrl);
      return await reply.code(201).send({ username: row.code, password, topicPrefix, mqttUrl });
    },
  );

  api.patch(
    '/gateways/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Change a gateway',
        params: ByIdOrCode,
        body: GatewayChange,
        response: { 200: Gateway },
      },
    },
    async (request) => {
      const { id } = seen(actorOf(request), 'registry.write', await find(request.params.id), 'gateway');
      await auditedChange(db, 'gateway', id, authorOf(request, context), (tx) =>
        tx
          .updateTable('gateway')
          .set({ id, ...request.body })
          .where('id', '=', id)
          .execute(),
      );
      return await one(id);
    },
  );

  api.delete(
    '/gateways/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Remove a gateway without cameras',
        params: ByIdOrCode,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { id } = seen(actorOf(request), 'registry.write', await find(request.params.id), 'gateway');
      await auditedChange(db, 'gateway', id, authorOf(request, context), (tx) =>
        tx.deleteFrom('gateway').where('id', '=', id).execute(),
      );
      return await reply.code(204).send(null);
    },
  );
}

/** Without the account that this service has at it. */
function brokerOf(mqttUrl: string): string {
  const url = new URL(mqttUrl);
  url.username = '';
  url.password = '';
  return url.href;
}
