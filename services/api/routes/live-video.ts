import { Type } from 'typebox';
import { currentGrants, grantFor, recordLiveLook, recordLiveLooks } from '../../db/live.ts';
import { mayBeSeen } from '../../domain/approval.ts';
import { VIDEO_STREAMS } from '../../domain/live-video.ts';
import { WALL_MBITS } from '../../domain/live-wall.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { sessionOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { refuseVideo } from '../live-video.ts';
import type { WallWatch } from '../live-wall/wall.ts';
import { Problem } from '../problem.ts';
import { isIdOrCode } from '../queries/by-id.ts';
import { selectCameras } from '../queries/cameras.ts';
import { ByIdOrCode, Closed, Codes } from '../schemas/common.ts';
import { seen } from '../scope.ts';

const VideoQuery = Type.Object(
  {
    /** `sub`: the smaller stream beside it, for players that cannot show the main one. */
    stream: Type.Optional(Type.Enum([...VIDEO_STREAMS])),
  },
  Closed,
);

const WallVideoQuery = Type.Object(
  {
    cameras: Codes,
    /** Whether the browser plays H.265. */
    hevc: Type.Optional(Type.Boolean()),
    /** Megabits a second that all cameras together may have. */
    mbits: Type.Optional(Type.Number({ minimum: 0.1, maximum: WALL_MBITS })),
  },
  Closed,
);

/** Live video, of one camera or of a wall, for a purpose that was stated. */
export function liveVideoRoutes(api: App, context: ApiContext): void {
  const { db, liveVideo, liveWalls, now } = context;

  api.get(
    '/cameras/:id/video',
    {
      // A HEAD request would open a stream that nobody reads.
      exposeHeadRoute: false,
      config: { access: 'live.view' },
      schema: {
        tags: ['live'],
        summary:
          'Live video of a camera that is pulled by RTSP, as it was sent; needs a purpose (POST /live/grants)',
        description:
          'Records one after the other (services/domain/live-video.ts): a head of 29 bytes with kind, length and times, then JSON ' +
          'or a part of a fragmented MP4. 409 with `reason` `pictures` for a camera that sends pictures only, `no_sub` where no sub-stream is known, `awaiting` until its first picture is approved; 503 with `not_pulled` or `full`. ' +
          'Ends when the page reads too slowly, when the session or the purpose is over, or when the camera changes.',
        produces: ['application/octet-stream'],
        params: ByIdOrCode,
        querystring: VideoQuery,
      },
    },
    async (request, reply) => {
      const session = sessionOf(request);
      const { actor } = session;
      const found = await selectCameras(db).where(isIdOrCode('camera', request.params.id)).executeTakeFirst();
      const camera = seen(actor, 'live.view', found, 'camera');
      const { stream = 'main' } = request.query;
      if (!mayBeSeen(actor, camera)) refuseVideo('awaiting');
      if (camera.source !== 'rtsp') refuseVideo('pictures');
      if (stream === 'sub' && camera.rtsp_sub_url_sealed === null) refuseVideo('no_sub');
      const grant = grantFor(await currentGrants(db, actor.accountId, now()), camera.id);
      // The look is kept before anything is shown.
      if (grant === undefined || !(await recordLiveLook(db, grant.id, camera.id, now())))
        throw new Problem('purpose-required', said('purpose_first'));
      await liveVideo.stream({ session, camera, stream, grantId: grant.id }, reply.raw);
      reply.hijack();
    },
  );

  api.get(
    '/live/wall-video',
    {
      // A HEAD request would open a stream that nobody reads.
      exposeHeadRoute: false,
      config: { access: 'live.view' },
      schema: {
        tags: ['live'],
        summary:
          'Live video of up to 16 cameras over one connection, as they sent it; needs a purpose (POST /live/grants)',
        description:
          'The records of GET /cameras/{id}/video, before each one byte with the camera’s place in `cameras`. From the sub-stream where there ' +
          'is one that this browser plays, else from the main one while all fit into `mbits` and what a browser decodes. A camera without ' +
          'video ends with a reason (services/domain/live-wall.ts): `pictures`, `hevc`, `limit`, `awaiting` and `purpose` last; after the others it is tried again ' +
          'by itself. A slow reader is left out fragments up to the next keyframe.',
        produces: ['application/octet-stream'],
        querystring: WallVideoQuery,
      },
    },
    async (request, reply) => {
      const session = sessionOf(request);
      const { actor } = session;
      const { hevc = false, mbits = WALL_MBITS } = request.query;
      const codes = request.query.cameras.split(',');
      const rows = await selectCameras(db).where('camera.code', 'in', codes).execute();
      const cameras = codes.map((code) =>
        seen(
          actor,
          'live.view',
          rows.find((row) => row.code === code),
          'camera',
        ),
      );
      const grants = await currentGrants(db, actor.accountId, now());
      const asked = cameras.flatMap((camera) => {
        const grant = grantFor(grants, camera.id);
        return camera.source === 'rtsp' && grant !== undefined && mayBeSeen(actor, camera)
          ? [{ cameraId: camera.id, grantId: grant.id }]
          : [];
      });
      if (!cameras.some(({ id }) => grantFor(grants, id) !== undefined))
        throw new Problem('purpose-required', said('purpose_first'));
      // The looks are kept before anything is shown.
      const kept = await recordLiveLooks(db, asked, now());
      const seats = cameras.map((camera): WallWatch['seats'][number] => ({
        cameraId: camera.id,
        grantId: grantFor(grants, camera.id)?.id ?? '',
        streams: camera.rtsp_sub_url_sealed === null ? ['main'] : ['sub', 'main'],
        ...(!mayBeSeen(actor, camera)
          ? { refused: 'awaiting' as const }
          : camera.source !== 'rtsp'
            ? { refused: 'pictures' as const }
            : !kept.has(camera.id) && { refused: 'purpose' as const }),
      }));
      liveWalls.stream({ session, seats, hevc, mbits }, reply.raw);
      reply.hijack();
    },
  );
}
