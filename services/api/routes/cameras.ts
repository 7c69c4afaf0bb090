import { auditedChange } from '../../db/registry-audit.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import { addCamera, changeCamera } from '../commands/cameras.ts';
import type { ApiContext } from '../context.ts';
import { CODE_PART, DEFAULT_LIMIT, decodeCursor, pageOf } from '../cursor.ts';
import { SHOW_NO_LIVE, shownTo } from '../live-grant.ts';
import { containing, isIdOrCode } from '../queries/by-id.ts';
import { type CameraRow, cameraItem, causeGroup, hasOpenFault, selectCameras } from '../queries/cameras.ts';
import { Camera, CameraChange, CameraQuery, NewCamera } from '../schemas/camera.ts';
import { ByIdOrCode, Nothing, Page } from '../schemas/common.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const tags = ['registry'];
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id', cameraId: 'camera.id' };

export function cameraRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const find = (idOrCode: string): Promise<CameraRow | undefined> =>
    selectCameras(db).where(isIdOrCode('camera', idOrCode)).executeTakeFirst();
  const one = async (id: string) =>
    cameraItem(
      context,
      await selectCameras(db).where('camera.id', '=', id).executeTakeFirstOrThrow(),
      SHOW_NO_LIVE,
    );

  api.get(
    '/cameras',
    {
      config: { access: 'registry.read' },
      schema: {
        tags,
        summary: 'Cameras with their state and last picture',
        querystring: CameraQuery,
        response: { 200: Page(Camera) },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const {
        limit = DEFAULT_LIMIT,
        region,
        merchant,
        gateway,
        state,
        faulty,
        enabled,
        cause,
        search,
        codes,
        awaiting,
      } = request.query;
      const after = decodeCursor(request.query.cursor, [CODE_PART]);
      let query = selectCameras(db)
        .where(inScope(actor, PLACE))
        .orderBy('camera.code')
        .limit(limit + 1);
      if (after) query = query.where('camera.code', '>', after[0]);
      if (merchant !== undefined) query = query.where('merchant.code', '=', merchant);
      if (gateway !== undefined) query = query.where('gateway.code', '=', gateway);
      if (state !== undefined) {
        query = query.where((eb) => eb(eb.fn.coalesce('status.state', eb.val('unknown')), '=', state));
      }
      if (enabled !== undefined) query = query.where('camera.enabled', '=', enabled);
      if (cause !== undefined) query = query.where((eb) => eb(causeGroup('status.cause'), '=', cause));
      if (faulty !== undefined) query = query.where(hasOpenFault(faulty));
      if (awaiting !== undefined) query = query.where('camera.awaits_approval', '=', awaiting);
      if (search !== undefined) {
        const pattern = containing(search);
        query = query.where((eb) =>
          eb.or([
            eb('camera.name', 'ilike', pattern),
            eb('camera.code', 'ilike', pattern),
            eb('merchant.name', 'ilike', pattern),
          ]),
        );
      }
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      if (codes !== undefined) query = query.where('camera.code', 'in', codes.split(','));
      const shown = await shownTo(context, actor);
      return pageOf(
        await query.execute(),
        limit,
        (row) => [row.code],
        (row) => cameraItem(context, row, shown),
      );
    },
  );

  api.get(
    '/cameras/:id',
    {
      config: { access: 'registry.read' },
      schema: { tags, summary: 'One camera', params: ByIdOrCode, response: { 200: Camera } },
    },
    async (request) => {
      const actor = actorOf(request);
      const row = seen(actor, 'registry.read', await find(request.params.id), 'camera');
      return cameraItem(context, row, await shownTo(context, actor, row));
    },
  );

  api.post(
    '/cameras',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary:
          'Add a camera; once somebody approves what it sees, it is looked at. The code of a removed one brings that one back',
        body: NewCamera,
        response: { 201: Camera },
      },
    },
    async (request, reply) => {
      const id = await addCamera(context, actorOf(request), request.body);
      return await reply.code(201).send(await one(id));
    },
  );

  api.patch(
    '/cameras/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Change a camera',
        params: ByIdOrCode,
        body: CameraChange,
        response: { 200: Camera },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const row = seen(actor, 'registry.write', await find(request.params.id), 'camera');
      await changeCamera(context, actor, row, request.body);
      return await one(row.id);
    },
  );

  api.delete(
    '/cameras/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Remove a camera: no longer looked at; its findings and coverage stay',
        params: ByIdOrCode,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const row = seen(actorOf(request), 'registry.write', await find(request.params.id), 'camera');
      await auditedChange(db, 'camera', row.id, authorOf(request, context), (tx) =>
        tx.updateTable('camera').set({ removed_at: context.now() }).where('id', '=', row.id).execute(),
      );
      return await reply.code(204).send(null);
    },
  );
}
