import { loadLookBoxes } from '../../db/look-boxes.ts';
import { loadCamera, loadRules } from '../../db/registry.ts';
import { zonesOf } from '../../domain/areas.ts';
import { type CountingView, effectOf } from '../../domain/effect.ts';
import { rulesFor } from '../../domain/rules.ts';
import { said } from '../../domain/said.ts';
import { type Area, VIOLATION_KINDS } from '../../domain/words.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { areaProblem } from '../camera-areas.ts';
import type { ApiContext } from '../context.ts';
import { invalid, notFound } from '../problem.ts';
import { isIdOrCode } from '../queries/by-id.ts';
import { selectCameras } from '../queries/cameras.ts';
import { ByIdOrCode } from '../schemas/common.ts';
import { Effect, EffectQuestion } from '../schemas/effect.ts';
import { seen } from '../scope.ts';

/** 规则效果: what a change would have done to the camera's last looks; changes nothing. */
export function cameraEffectRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.post(
    '/cameras/:id/effect',
    {
      config: { access: 'registry.write' },
      schema: {
        tags: ['registry'],
        summary: "What areas, scores or sizes would have done to the camera's last looks; nothing is changed",
        params: ByIdOrCode,
        body: EffectQuestion,
        response: { 200: Effect },
      },
    },
    async (request) => {
      const row = await selectCameras(db).where(isIdOrCode('camera', request.params.id)).executeTakeFirst();
      const { id } = seen(actorOf(request), 'registry.write', row, 'camera');
      const { body } = request;
      const problem = areaProblem(body);
      if (problem !== undefined) throw invalid(problem);
      const [camera, rules, kept] = await Promise.all([
        loadCamera(db, id),
        loadRules(db),
        loadLookBoxes(db, id),
      ]);
      if (camera === undefined) throw notFound('camera');
      const zones = await db
        .selectFrom('zone')
        .select(['id', 'code', 'kind'])
        .where('merchant_id', '=', camera.merchantId)
        .execute();
      const drawn = body.zoneAreas?.map(({ zone, area }, i) => {
        const found = zones.find(({ code }) => code === zone);
        if (found === undefined)
          throw invalid({
            field: `zoneAreas.${i}.zone`,
            ...said('no_such_zone_of_merchant'),
          });
        return { zoneId: found.id, zoneKind: found.kind, area: area as unknown as Area };
      });
      const after: CountingView = {
        ...camera,
        ...(body.regionsOfInterest && { regionsOfInterest: body.regionsOfInterest as unknown as Area[] }),
        ...(body.ignoreAreas && { ignoreAreas: body.ignoreAreas as unknown as Area[] }),
        ...(body.minScores && { minScores: body.minScores }),
        ...(body.minSizes && { minSizes: body.minSizes }),
        ...(drawn && { zoneAreas: drawn }),
      };
      const looks = kept.map(({ lookId, capturedAt, frames }) => ({
        lookId,
        capturedAt,
        frames: frames.map(({ at, detections }) => ({ at: new Date(at), detections })),
      }));
      return {
        rules: zonesOf(after).flatMap(({ zoneKind }) =>
          rulesFor(rules, { regionPath: camera.regionPath, zoneKind }, VIOLATION_KINDS).map(
            ({ kind, minScore, minSizePx, k, n }) => ({ zoneKind, kind, minScore, minSizePx, k, n }),
          ),
        ),
        looks: effectOf(looks, rules, camera, after).map(({ lookId, capturedAt, boxes, ...verdicts }) => ({
          id: lookId,
          at: capturedAt.toISOString(),
          ...verdicts,
          boxes: boxes.map(({ box, ...rest }) => ({ ...rest, box: [...box] })),
        })),
      };
    },
  );
}
