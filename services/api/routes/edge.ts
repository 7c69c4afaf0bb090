import { Type } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import type { Tx } from '../../db/database.ts';
import { assignChannel, mapType } from '../../db/edge-mapping.ts';
import type { Actor } from '../../domain/access.ts';
import { said } from '../../domain/said.ts';
import { EDGE_FINDING_KINDS } from '../../edge/kinds.ts';
import { payloadType } from '../../edge/payload-type.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { carriesCameraOf } from '../gateway-scope.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { EDGE_PLACE, edgeEventItem, selectEdgeEvents } from '../queries/edge.ts';
import { ById, Page } from '../schemas/common.ts';
import {
  EdgeChannelBody,
  EdgeEvent,
  EdgeEventQuery,
  EdgeKindBody,
  EdgeMapped,
  EdgeMapping,
  EdgeUnknown,
  EdgeUnknownQuery,
} from '../schemas/edge.ts';
import { inScope, mayEverywhere, seen } from '../scope.ts';

const tags = ['edge'];
const GATEWAY_PLACE = { regionPath: 'region.path', merchantId: 'gateway.merchant_id' };

/** What edge boxes sent, what of it nobody knew, and what an operator says it means. */
export function edgeRoutes(api: App, context: ApiContext): void {
  const { db, store, now } = context;

  api.get(
    '/edge/events',
    {
      config: { access: 'edge.read' },
      schema: {
        tags,
        summary: 'Events of edge boxes and recorders with what came of them, newest first',
        querystring: EdgeEventQuery,
        response: { 200: Page(EdgeEvent) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, gateway, camera, outcome, kind } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = selectEdgeEvents(db)
        .where(inScope(actorOf(request), EDGE_PLACE))
        .orderBy('edge_event.received_at', 'desc')
        .orderBy('edge_event.id', 'desc')
        .limit(limit + 1);
      if (gateway !== undefined) query = query.where('gateway.code', '=', gateway);
      if (camera !== undefined) query = query.where('camera.code', '=', camera);
      if (outcome !== undefined) query = query.where('edge_event.outcome', '=', outcome);
      if (kind !== undefined) query = query.where('edge_event.kind', '=', kind);
      if (after) query = query.where(olderThan('edge_event.received_at', 'edge_event.id', after));
      return pageOf(await query.execute(), limit, (row) => [row.received_at_text, row.id], edgeEventItem);
    },
  );

  api.get(
    '/edge/events/:id/payload',
    {
      config: { access: 'edge.read' },
      schema: {
        tags,
        summary: "The box's message, byte for byte as it came; one of several parts with all its parts",
        produces: ['application/octet-stream', 'multipart/form-data', 'multipart/mixed'],
        params: ById,
        response: { 200: Type.Unsafe<Buffer>(Type.String({ format: 'binary' })) },
      },
    },
    async (request, reply) => {
      const found = await selectEdgeEvents(db)
        .where('edge_event.id', '=', request.params.id)
        .executeTakeFirst();
      const row = seen(actorOf(request), 'edge.read', found, 'edge event');
      if (row.removed_at !== null)
        throw new Problem('not-found', said('message_removed', { at: row.removed_at.toISOString() }));
      const bytes = await store.get(row.raw_key);
      return await reply
        .type(payloadType(row.raw_key, bytes))
        .header('content-disposition', `attachment; filename="${row.id}.event"`)
        .send(bytes);
    },
  );

  api.get(
    '/edge/unknown',
    {
      config: { access: 'edge.read' },
      schema: {
        tags,
        summary: 'Types, fields and channels that nobody has explained yet, most frequent first',
        querystring: EdgeUnknownQuery,
        response: { 200: Type.Object({ items: Type.Array(EdgeUnknown) }) },
      },
    },
    async (request) => {
      let query = db
        .selectFrom('edge_unknown')
        .innerJoin('gateway', 'gateway.id', 'edge_unknown.gateway_id')
        .innerJoin('region', 'region.id', 'gateway.region_id')
        .where(inScope(actorOf(request), GATEWAY_PLACE))
        .selectAll('edge_unknown')
        .select(['gateway.code', 'gateway.name as gateway_name'])
        .orderBy('edge_unknown.count', 'desc')
        .orderBy('edge_unknown.name')
        .limit(500);
      if (request.query.gateway !== undefined)
        query = query.where('gateway.code', '=', request.query.gateway);
      const rows = await query.execute();
      return {
        items: rows.map((row) => ({
          gateway: { id: row.gateway_id, code: row.code, name: row.gateway_name },
          format: row.format,
          what: row.what,
          name: row.name,
          count: Number(row.count),
          firstAt: row.first_at.toISOString(),
          lastAt: row.last_at.toISOString(),
        })),
      };
    },
  );

  api.get(
    '/edge/mapping',
    {
      config: { access: 'edge.read' },
      schema: {
        tags,
        summary: 'Which camera a channel means, and which kind a type',
        response: { 200: EdgeMapping },
      },
    },
    async (request) => {
      const scope = inScope(actorOf(request), GATEWAY_PLACE);
      const channels = await db
        .selectFrom('edge_channel')
        .innerJoin('gateway', 'gateway.id', 'edge_channel.gateway_id')
        .innerJoin('region', 'region.id', 'gateway.region_id')
        .innerJoin('camera', 'camera.id', 'edge_channel.camera_id')
        .where(scope)
        .select(['gateway.code as gateway', 'edge_channel.channel', 'camera.code as camera'])
        .orderBy('gateway.code')
        .orderBy('edge_channel.channel')
        .execute();
      const kinds = await db
        .selectFrom('edge_kind')
        .leftJoin('gateway', 'gateway.id', 'edge_kind.gateway_id')
        .leftJoin('region', 'region.id', 'gateway.region_id')
        .where((eb) => eb.or([eb('edge_kind.gateway_id', 'is', null), scope]))
        .select(['gateway.code as gateway', 'edge_kind.format', 'edge_kind.type', 'edge_kind.kind'])
        .orderBy('edge_kind.format')
        .orderBy('edge_kind.type')
        .execute();
      return { channels, kinds: kinds.map((row) => ({ ...row, format: row.format as never })) };
    },
  );

  const gatewayFor = async (actor: Actor, code: string) => {
    const found = await db
      .selectFrom('gateway')
      .innerJoin('region', 'region.id', 'gateway.region_id')
      .where('gateway.code', '=', code)
      .select(['gateway.id', 'gateway.merchant_id as merchantId', 'region.path as regionPath'])
      .executeTakeFirst();
    return seen(actor, 'registry.write', found, 'gateway');
  };

  api.put(
    '/edge/channels',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Say which camera a box means by a channel; camera null takes it back',
        body: EdgeChannelBody,
        response: { 200: EdgeMapped },
      },
    },
    async (request) => {
      const { channel, camera: code } = request.body;
      const actor = actorOf(request);
      const gateway = await gatewayFor(actor, request.body.gateway);
      const camera =
        code === null
          ? undefined
          : await db
              .selectFrom('camera')
              .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
              .innerJoin('region', 'region.id', 'merchant.region_id')
              .where('camera.code', '=', code)
              .where('camera.removed_at', 'is', null)
              .select([
                'camera.id',
                'camera.id as cameraId',
                'merchant.id as merchantId',
                'region.path as regionPath',
              ])
              .executeTakeFirst();
      if (code !== null) seen(actor, 'registry.write', camera, 'camera');
      if (camera && !carriesCameraOf(gateway, { id: camera.merchantId, regionPath: camera.regionPath })) {
        throw invalid({ field: 'camera', ...said('merchant_not_of_gateway') });
      }
      const resumed = await db.transaction().execute(async (tx) => {
        const at = { gatewayId: gateway.id, channel, cameraId: camera?.id ?? null };
        const count = await assignChannel(tx, at, { findingKinds: EDGE_FINDING_KINDS, now: now() });
        const change = {
          entity: 'edge_channel',
          entityId: gateway.id,
          before: null,
          after: { channel, camera: code },
        };
        const about = {
          entity: 'gateway',
          entityId: gateway.id,
          to: 'changed',
          place: gateway,
          detail: [change],
        };
        await recordChange(tx, { ...about, ...authorOf(request, context) });
        return count;
      });
      return { resumed };
    },
  );

  api.put(
    '/edge/kinds',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: "Say what a box's type means; gateway null: of every gateway; kind null takes it back",
        body: EdgeKindBody,
        response: { 200: EdgeMapped },
      },
    },
    async (request) => {
      const { format, type, kind } = request.body;
      const actor = actorOf(request);
      if (request.body.gateway === null && !mayEverywhere(actor))
        throw new Problem('not-allowed', said('beyond_regions'));
      const gateway = request.body.gateway === null ? null : await gatewayFor(actor, request.body.gateway);
      const resumed = await db.transaction().execute(async (tx) => {
        const at = { gatewayId: gateway?.id ?? null, format, type, kind };
        const before = await kindOfAll(tx, at);
        const count = await mapType(tx, at, { findingKinds: EDGE_FINDING_KINDS, now: now() });
        const entityId = gateway?.id ?? (await kindOfAll(tx, at)) ?? before;
        if (entityId === undefined) throw notFound('mapping');
        const change = { entity: 'edge_kind', entityId, before: null, after: { format, type, kind } };
        const about = {
          entity: gateway ? 'gateway' : 'edge_kind',
          entityId,
          to: 'changed',
          place: gateway,
          detail: [change],
        };
        await recordChange(tx, { ...about, ...authorOf(request, context) });
        return count;
      });
      return { resumed };
    },
  );
}

/** Id of the mapping that holds for every gateway; undefined: there is none. */
async function kindOfAll(tx: Tx, at: { format: string; type: string }): Promise<string | undefined> {
  const row = await tx
    .selectFrom('edge_kind')
    .select('id')
    .where('gateway_id', 'is', null)
    .where('format', '=', at.format)
    .where('type', '=', at.type)
    .executeTakeFirst();
  return row?.id;
}
