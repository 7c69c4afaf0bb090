import { Type } from 'typebox';
import { currentGrants, grantFor, recordLiveLook } from '../../db/live.ts';
import { VIDEO_STREAMS } from '../../domain/live-video.ts';
import type { App } from '../app-type.ts';
import { sessionOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { refuseVideo } from '../live-video.ts';
import { Problem } from '../problem.ts';
import { isIdOrCode } from '../queries/by-id.ts';
import { selectCameras } from '../queries/cameras.ts';
import { ByIdOrCode, Closed } from '../schemas/common.ts';
import { seen } from '../scope.ts';

const VideoQuery = Type.Object(
  {
    /** `sub`: the smaller stream beside it, for players that cannot show the main one. */
    stream: Type.Optional(Type.Enum([...VIDEO_STREAMS])),
  },
  Closed,
);

/** Live video of one camera, for a purpose that was stated. */
export function liveVideoRoutes(api: App, context: ApiContext): void {
  const { db, liveVideo, now } = context;

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
          'or a part of a fragmented MP4. 409 with `reason` `pictures` for a camera that sends pictures only, `no_sub` where no sub-stream is known; 503 with `not_pulled` or `full`. ' +
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
      if (camera.source !== 'rtsp') refuseVideo('pictures');
      if (stream === 'sub' && camera.rtsp_sub_url_sealed === null) refuseVideo('no_sub');
      const grant = grantFor(await currentGrants(db, actor.accountId, now()), camera.id);
      // The look is kept before anything is shown.
      if (grant === undefined || !(await recordLiveLook(db, grant.id, camera.id, now())))
        throw new Problem('purpose-required', 'Say first why you look at live pictures (POST /live/grants).');
      await liveVideo.stream({ session, camera, stream, grantId: grant.id }, reply.raw);
      reply.hijack();
    },
  );
}
