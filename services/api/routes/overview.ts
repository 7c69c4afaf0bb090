import { sql } from 'kysely';
import { Type } from 'typebox';
import { may } from '../../domain/access.ts';
import { localTime } from '../../domain/hours.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { installedModels } from '../models.ts';
import { isOpen, isOverdue } from '../queries/tasks.ts';
import { timeZoneOf } from '../queries/time-zone.ts';
import { queueDepthOrNull } from '../queue-depth.ts';
import { ModelRef, Nullable, Time } from '../schemas/common.ts';
import { inScope } from '../scope.ts';

const count = Type.Integer({ minimum: 0 });

const Overview = Type.Object(
  {
    at: Time,
    cameras: Type.Object({
      total: count,
      online: count,
      offline: count,
      frozen: count,
      closed: count,
      unknown: count,
    }),
    /** null where the account may not read it. */
    pendingFindings: Nullable(count),
    findingsToday: Nullable(count),
    /** Tips of the public that nobody looked at yet; null where the account may not read them. */
    waitingTips: Nullable(count),
    openTasks: count,
    overdueTasks: count,
    /** Looks that wait and that are being judged; null where the queue does not answer. */
    queue: Nullable(Type.Object({ waiting: count, active: count })),
    /** Looks since local midnight that a newer one replaced under overload, or that could not be judged. */
    dropsToday: count,
    models: Type.Array(ModelRef),
  },
  { title: 'Overview' },
);

/** Numbers for the head of the page, within the account's scope. */
export function overviewRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  api.get(
    '/overview',
    {
      config: { access: 'registry.read' },
      schema: {
        tags: ['overview'],
        summary: 'Numbers for the head of the page',
        response: { 200: Overview },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const now = context.now();
      const place = (merchantId: string, cameraId: string) =>
        inScope(actor, { regionPath: 'region.path', merchantId, cameraId });
      const { minute } = localTime(now, await timeZoneOf(db, actor));
      const midnight = new Date(now.getTime() - minute * 60_000 - (now.getTime() % 60_000));

      const cameras = db
        .selectFrom('camera')
        .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
        .innerJoin('region', 'region.id', 'merchant.region_id')
        .leftJoin('camera_status as status', 'status.camera_id', 'camera.id')
        .where('camera.removed_at', 'is', null)
        .where(place('merchant.id', 'camera.id'))
        .groupBy('status.state')
        .select((eb) => ['status.state', eb.fn.countAll<string>().as('count')])
        .execute();
      const findings = db
        .selectFrom('finding')
        .innerJoin('region', 'region.id', 'finding.region_id')
        .where(place('finding.merchant_id', 'finding.camera_id'))
        .where((eb) =>
          eb.or([eb('finding.state', '=', 'pending_review'), eb('finding.first_seen', '>=', midnight)]),
        )
        .select([
          sql<number>`count(*) filter (where finding.state = 'pending_review')::int`.as('pending'),
          sql<number>`count(*) filter (where finding.first_seen >= ${midnight})::int`.as('today'),
        ])
        .executeTakeFirstOrThrow();
      const tasks = db
        .selectFrom('task')
        .innerJoin('finding', 'finding.id', 'task.finding_id')
        .innerJoin('region', 'region.id', 'task.region_id')
        .where(place('task.merchant_id', 'finding.camera_id'))
        .where(isOpen)
        .select([
          sql<number>`count(*)::int`.as('open'),
          sql<number>`count(*) filter (where ${isOverdue(now)})::int`.as('overdue'),
        ])
        .executeTakeFirstOrThrow();
      const drops = db
        .selectFrom('look')
        .innerJoin('camera', 'camera.id', 'look.camera_id')
        .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
        .innerJoin('region', 'region.id', 'merchant.region_id')
        .where(place('merchant.id', 'camera.id'))
        .where('look.outcome', 'in', ['dropped', 'failed'])
        .where('look.decided_at', '>=', midnight)
        .select(sql<number>`count(*)::int`.as('count'))
        .executeTakeFirstOrThrow();
      const tips = may(actor, 'tip.read')
        ? db
            .selectFrom('tip')
            .innerJoin('merchant', 'merchant.id', 'tip.merchant_id')
            .innerJoin('region', 'region.id', 'merchant.region_id')
            .where(inScope(actor, { regionPath: 'region.path', merchantId: 'merchant.id' }))
            .where('tip.state', '=', 'new')
            .select(sql<number>`count(*)::int`.as('count'))
            .executeTakeFirstOrThrow()
        : null;
      const queue = queueDepthOrNull(context);

      const states = { total: 0, online: 0, offline: 0, frozen: 0, closed: 0, unknown: 0 };
      for (const row of await cameras) {
        states[row.state ?? 'unknown'] += Number(row.count);
        states.total += Number(row.count);
      }
      const { pending, today } = await findings;
      const { open, overdue } = await tasks;
      const readsFindings = may(actor, 'finding.read');
      return {
        at: now.toISOString(),
        cameras: states,
        pendingFindings: readsFindings ? pending : null,
        findingsToday: readsFindings ? today : null,
        waitingTips: (await tips)?.count ?? null,
        openTasks: open,
        overdueTasks: overdue,
        queue: await queue,
        dropsToday: (await drops).count,
        models: await installedModels(context.config.modelsDir),
      };
    },
  );
}
