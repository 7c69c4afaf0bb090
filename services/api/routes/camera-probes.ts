import type { Static } from 'typebox';
import { askProbe } from '../../db/camera-probes.ts';
import { PROBE_PATIENCE_MS, type StreamProbeAnswer } from '../../domain/probe.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import { checkRtsp } from '../commands/cameras.ts';
import type { ApiContext } from '../context.ts';
import { invalid } from '../problem.ts';
import { selectCameras } from '../queries/cameras.ts';
import { merchantByCode } from '../queries/refs.ts';
import { CameraProbe, NewCameraProbe } from '../schemas/camera-probe.ts';
import { ById } from '../schemas/common.ts';
import { seen } from '../scope.ts';

const tags = ['registry'];

/** 测试连接: a gateway connects to a camera and says what it found. */
export function cameraProbeRoutes(api: App, context: ApiContext): void {
  const { db, sealer, now } = context;
  const find = async (id: string) =>
    await db
      .selectFrom('camera_probe as probe')
      .innerJoin('merchant', 'merchant.id', 'probe.merchant_id')
      .innerJoin('region', 'region.id', 'merchant.region_id')
      .selectAll('probe')
      .select(['probe.merchant_id as merchantId', 'probe.camera_id as cameraId', 'region.path as regionPath'])
      .where('probe.id', '=', id)
      .where('probe.kind', '=', 'stream')
      .executeTakeFirst();
  type Row = NonNullable<Awaited<ReturnType<typeof find>>>;
  const item = (row: Row): Static<typeof CameraProbe> => {
    const answer = row.answer as StreamProbeAnswer | null;
    return {
      id: row.id,
      state: row.state,
      askedAt: row.asked_at.toISOString(),
      unheard: row.state === 'waiting' && now().getTime() - row.asked_at.getTime() > PROBE_PATIENCE_MS,
      main: answer?.main ?? null,
      sub: answer?.sub ?? null,
      picture:
        row.picture === null || row.picture_at === null
          ? null
          : {
              url: `data:image/jpeg;base64,${row.picture.toString('base64')}`,
              at: row.picture_at.toISOString(),
            },
    };
  };

  api.post(
    '/camera-probes',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary:
          'Test a connection: a gateway connects, tells codec, size and frames a second, and takes the first picture',
        description:
          'Answered within half a minute; ask GET /camera-probes/{id} until `state` is `done`. Users and passwords are kept sealed until the ' +
          'answer and then forgotten; the picture is kept for a day. Who tested which camera is in the audit.',
        body: NewCameraProbe,
        response: { 202: CameraProbe },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { merchant: code, camera: cameraCode, rtspUrl, rtspSubUrl } = request.body;
      const merchant = await merchantByCode(db, actor, code);
      const camera =
        cameraCode === undefined
          ? undefined
          : await selectCameras(db)
              .where('camera.code', '=', cameraCode)
              .where('camera.merchant_id', '=', merchant.id)
              .executeTakeFirst();
      if (cameraCode !== undefined && camera === undefined) {
        throw invalid({ field: 'camera', ...said('camera_not_of_merchant') });
      }
      if (rtspUrl !== undefined) checkRtsp(rtspUrl, 'rtspUrl');
      if (typeof rtspSubUrl === 'string') checkRtsp(rtspSubUrl, 'rtspSubUrl');
      if (rtspUrl === undefined && camera === undefined) {
        throw invalid({ field: 'rtspUrl', ...said('address_or_camera') });
      }
      const opened = (sealed: Buffer | null | undefined): string | null =>
        sealed ? sealer.open(sealed) : null;
      const main = rtspUrl ?? opened(camera?.rtsp_url_sealed);
      const sub = rtspSubUrl !== undefined ? rtspSubUrl : opened(camera?.rtsp_sub_url_sealed);
      const id = await askProbe(
        db,
        {
          kind: 'stream',
          merchantId: merchant.id,
          cameraId: camera?.id ?? null,
          question: sealer.seal(JSON.stringify({ main, sub })),
          place: merchant,
          note: main === null ? '' : (URL.parse(main)?.host ?? ''),
        },
        { actorId: actor.accountId, at: authorOf(request, context).at },
      );
      const made = seen(actor, 'registry.write', await find(id), 'test');
      return await reply.code(202).send(item(made));
    },
  );

  api.get(
    '/camera-probes/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'A test of a connection and what came of it',
        params: ById,
        response: { 200: CameraProbe },
      },
    },
    async (request) => item(seen(actorOf(request), 'registry.write', await find(request.params.id), 'test')),
  );
}
