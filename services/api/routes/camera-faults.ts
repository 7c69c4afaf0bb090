import { Type } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import { declinePicture } from '../../db/camera-references.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import { approvePicture } from '../commands/approve-reference.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { shownTo } from '../live-grant.ts';
import { notFound } from '../problem.ts';
import { isIdOrCode } from '../queries/by-id.ts';
import { faultItem, selectFaults } from '../queries/camera-faults.ts';
import { cameraItem, selectCameras } from '../queries/cameras.ts';
import { Camera, NewDecline } from '../schemas/camera.ts';
import { CameraFault, CameraFaultQuery } from '../schemas/camera-fault.ts';
import { ById, ByIdOrCode, Closed, Nullable, Page, Uuid } from '../schemas/common.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const tags = ['camera faults'];
const Approval = Type.Optional(Nullable(Type.Object({ probe: Type.Optional(Uuid) }, Closed)));
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id', cameraId: 'fault.camera_id' };

/** Device tickets: cameras that do not see. */
export function cameraFaultRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.get(
    '/camera-faults',
    {
      config: { access: 'registry.read' },
      schema: {
        tags,
        summary: 'Device tickets of cameras and gateways, newest first',
        querystring: CameraFaultQuery,
        response: { 200: Page(CameraFault) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, state, kind, camera, merchant, region } = request.query;
      const { muted = camera === undefined ? false : undefined } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = selectFaults(db)
        .where(inScope(actorOf(request), PLACE))
        .orderBy('fault.opened_at', 'desc')
        .orderBy('fault.id', 'desc')
        .limit(limit + 1);
      if (state !== undefined)
        query = query.where('fault.closed_at', state === 'open' ? 'is' : 'is not', null);
      if (kind !== undefined) query = query.where('fault.kind', '=', kind);
      if (camera !== undefined) query = query.where('camera.code', '=', camera);
      if (merchant !== undefined) query = query.where('merchant.code', '=', merchant);
      if (muted !== undefined) query = query.where('fault.muted_by', muted ? 'is not' : 'is', null);
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      if (after) query = query.where(olderThan('fault.opened_at', 'fault.id', after));
      return pageOf(await query.execute(), limit, (row) => [row.opened_at_text, row.id], faultItem);
    },
  );

  api.post(
    '/camera-faults/:id/acknowledge',
    {
      config: { access: 'alert.acknowledge' },
      schema: {
        tags,
        summary: 'Somebody sees to it; the first time and account stay. The ticket closes by itself',
        params: ById,
        response: { 200: CameraFault },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const find = () => selectFaults(db).where('fault.id', '=', request.params.id).executeTakeFirst();
      const row = seen(actor, 'alert.acknowledge', await find(), 'device ticket');
      await db.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('camera_fault')
          .set({ acknowledged_at: context.now(), acknowledged_by: actor.accountId })
          .where('id', '=', row.id)
          .where('acknowledged_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return;
        const about = { entity: 'camera_fault', entityId: row.id, to: 'acknowledged', place: row };
        await recordChange(tx, { ...about, ...authorOf(request, context) });
      });
      const acknowledged = await find();
      if (acknowledged === undefined) throw notFound('device ticket');
      return faultItem(acknowledged);
    },
  );

  api.post(
    '/cameras/:id/reference',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary:
          'Approve the last picture, or that of a test: here the camera shall look. Later pictures are compared with it',
        params: ByIdOrCode,
        body: Approval,
        response: { 200: Camera },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const find = () => selectCameras(db).where(isIdOrCode('camera', request.params.id)).executeTakeFirst();
      const row = seen(actor, 'registry.write', await find(), 'camera');
      await approvePicture(context, actor, row, request.body?.probe);
      const camera = seen(actor, 'registry.write', await find(), 'camera');
      return cameraItem(context, camera, await shownTo(context, actor, camera));
    },
  );

  api.post(
    '/cameras/:id/reference/decline',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary:
          'Decline the picture: out of service until another is approved; switched off where no camera may be',
        params: ByIdOrCode,
        body: NewDecline,
        response: { 200: Camera },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const find = () => selectCameras(db).where(isIdOrCode('camera', request.params.id)).executeTakeFirst();
      const row = seen(actor, 'registry.write', await find(), 'camera');
      const { reason, note = '' } = request.body;
      const author = { ...authorOf(request, context), reason, note };
      const declined = { reason, note, at: author.at.toISOString(), by: actor.username };
      await declinePicture(db, row.id, declined, author);
      const camera = seen(actor, 'registry.write', await find(), 'camera');
      return cameraItem(context, camera, await shownTo(context, actor, camera));
    },
  );
}
