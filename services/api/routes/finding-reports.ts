import { reportFinding } from '../../db/finding-reports.ts';
import { once } from '../../db/request-keys.ts';
import { confirmIn } from '../../db/verdicts.ts';
import { may } from '../../domain/access.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { findingItems, selectFindings } from '../queries/findings.ts';
import { merchantByCode, zoneByCode } from '../queries/refs.ts';
import { FindingReport, Reported } from '../schemas/finding-case.ts';
import { OrderHeaders } from '../schemas/task-order.ts';

/** Seconds that a reporter's clock may be ahead. */
const AHEAD_S = 300;
const OLDEST_DAYS = 30;

/** Findings that people report: 网上巡查, 陪餐, tips, visits. */
export function findingReportRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.post(
    '/findings',
    {
      config: { access: 'finding.create' },
      schema: {
        tags: ['findings'],
        summary:
          'Report a finding; it enters like those of models, and may be confirmed at once by one who may judge',
        description: 'Takes an Idempotency-Key: sent again with the same key it is one finding.',
        headers: OrderHeaders,
        body: FindingReport,
        response: { 201: Reported },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { body } = request;
      const now = context.now();
      const seenAt = body.seenAt === undefined ? now : new Date(body.seenAt);
      const age = now.getTime() - seenAt.getTime();
      if (age < -AHEAD_S * 1000) throw invalid({ field: 'seenAt', ...said('in_the_future') });
      if (age > OLDEST_DAYS * 86_400_000)
        throw invalid({ field: 'seenAt', ...said('too_many_days_ago', { days: OLDEST_DAYS }) });
      const merchant = await merchantByCode(db, actor, body.merchant, 'merchant', 'finding.create');
      const zone = await zoneByCode(db, merchant.id, body.zone);
      if (body.confirm === true && !may(actor, 'finding.judge', merchant))
        throw new Problem('not-allowed', said('role_may_not_confirm', { role: actor.role }));
      const cameraId = body.camera === undefined ? null : await cameraOf(body.camera, merchant.id);
      const key = String(request.headers['idempotency-key']);
      const asked = await db.transaction().execute((tx) =>
        once(
          tx,
          { accountId: actor.accountId, key },
          ['report', body],
          now,
          async () => {
            const report = await reportFinding(
              tx,
              {
                source: body.source,
                kind: body.kind,
                class: (body.class as 1 | 2 | 3 | undefined) ?? null,
                merchantId: merchant.id,
                zoneId: zone.id,
                cameraId,
                place: body.place ?? '',
                text: body.text,
                seenAt,
                photoIds: body.photos ?? [],
                actorId: actor.accountId,
                key,
              },
              now,
            );
            if (!report.done) return report;
            if (body.confirm === true) {
              const command = {
                findingId: report.findingId,
                actorId: actor.accountId,
                version: undefined,
                note: '',
                undoMs: context.undoMs,
              };
              await confirmIn(tx, command, now);
            }
            return report;
          },
          (result) => result.done,
        ),
      );
      if ('keyReused' in asked) throw new Problem('conflict', said('key_used'));
      const { result, repeated } = asked;
      if (!result.done) throw refusal(result.why);
      const row = await selectFindings(db).where('finding.id', '=', result.findingId).executeTakeFirst();
      const [finding] = row === undefined ? [] : await findingItems(context, [row], actor);
      if (finding === undefined) throw notFound('finding');
      if (repeated) reply.header('idempotency-replayed', 'true');
      return await reply.code(201).send({ repeated, finding });
    },
  );

  async function cameraOf(code: string, merchantId: string): Promise<string> {
    const camera = await db
      .selectFrom('camera')
      .select('id')
      .where('code', '=', code)
      .where('merchant_id', '=', merchantId)
      .executeTakeFirst();
    if (camera === undefined)
      throw invalid({
        field: 'camera',
        ...said('camera_code_unknown', { code: JSON.stringify(code) }),
      });
    return camera.id;
  }
}

function refusal(why: 'unknown_kind' | 'unknown_zone' | 'unknown_camera' | 'unknown_photo'): Problem {
  switch (why) {
    case 'unknown_kind':
      return invalid({
        field: 'kind',
        ...said('kind_off'),
      });
    case 'unknown_zone':
      return invalid({ field: 'zone', ...said('zone_not_of_merchant') });
    case 'unknown_camera':
      return invalid({ field: 'camera', ...said('no_such_camera_of_merchant') });
    case 'unknown_photo':
      return invalid({
        field: 'photos',
        ...said('photo_not_for_report'),
      });
  }
}
