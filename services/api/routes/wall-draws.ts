import { randomBytes, randomUUID } from 'node:crypto';
import { recordChange } from '../../db/audit.ts';
import { drawWall } from '../../domain/wall-draw.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { selectCameras } from '../queries/cameras.ts';
import { NewWallDraw, WallDraw } from '../schemas/wall-draw.ts';
import { inRegion, inScope } from '../scope.ts';

const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id', cameraId: 'camera.id' };
const SEED_BYTES = 4;

/** Walls of cameras that were drawn, not chosen. */
export function wallDrawRoutes(api: App, { db, now }: ApiContext): void {
  api.post(
    '/live/wall-draws',
    {
      config: { access: 'live.view' },
      schema: {
        tags: ['live'],
        summary: 'Draw cameras to look at; the same seed over the same list draws the same ones',
        description: 'Seed and SHA-256 of the list are kept in the audit. Pictures still ask a purpose.',
        body: NewWallDraw,
        response: { 201: WallDraw },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { count, region, merchant, seed = randomBytes(SEED_BYTES).toString('hex') } = request.body;
      let query = selectCameras(db).where(inScope(actor, PLACE)).where('camera.enabled', '=', true);
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      if (merchant !== undefined) query = query.where('merchant.code', '=', merchant);
      const codes = (await query.clearSelect().select('camera.code').execute()).map(({ code }) => code);
      const { listHash, drawn } = drawWall(seed, codes, count);
      const result = { seed, listHash, of: codes.length, cameras: drawn };
      const id = randomUUID();
      await db.transaction().execute((tx) =>
        recordChange(tx, {
          entity: 'wall_draw',
          entityId: id,
          to: request.body.seed === undefined ? 'drawn' : 'drawn_again',
          actorId: actor.accountId,
          at: now(),
          place: actor.regionPath === null ? null : { regionPath: actor.regionPath, merchantId: null },
          detail: [
            {
              entity: 'wall_draw',
              entityId: id,
              before: null,
              after: { ...result, region: region ?? null, merchant: merchant ?? null },
            },
          ],
        }),
      );
      return await reply.code(201).send(result);
    },
  );
}
