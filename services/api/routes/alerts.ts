import { sql } from 'kysely';
import type { Static } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import { may } from '../../domain/access.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { notFound } from '../problem.ts';
import { cameraRef } from '../queries/evidence.ts';
import { ById, Page } from '../schemas/common.ts';
import { Alert, AlertQuery } from '../schemas/task.ts';
import { inScope, seen } from '../scope.ts';

const tags = ['alerts'];
const PLACE = { regionPath: 'region.path', merchantId: 'alert.merchant_id', cameraId: 'finding.camera_id' };

export function alertRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const select = () =>
    db
      .selectFrom('alert')
      .innerJoin('region', 'region.id', 'alert.region_id')
      .innerJoin('merchant', 'merchant.id', 'alert.merchant_id')
      .innerJoin('finding', 'finding.id', 'alert.finding_id')
      .leftJoin('camera', 'camera.id', 'finding.camera_id')
      .leftJoin('account', 'account.id', 'alert.acknowledged_by')
      .selectAll('alert')
      .select([
        sql<string>`alert.created_at::text`.as('created_at_text'),
        'alert.merchant_id as merchantId',
        'finding.camera_id as cameraId',
        'region.path as regionPath',
        'merchant.code as merchant_code',
        'merchant.name as merchant_name',
        'camera.id as camera_id',
        'camera.code as camera_code',
        'camera.name as camera_name',
        'account.username',
      ]);
  type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;
  const item = (row: Row): Static<typeof Alert> => ({
    id: row.id,
    audience: row.audience,
    about: row.about,
    roles: row.roles,
    kind: row.kind,
    class: row.class,
    merchant: { id: row.merchant_id, code: row.merchant_code, name: row.merchant_name },
    camera: cameraRef(row),
    findingId: row.finding_id,
    taskId: row.task_id,
    createdAt: row.created_at.toISOString(),
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    acknowledgedBy: row.username,
  });

  api.get(
    '/alerts',
    {
      config: { access: 'alert.read' },
      schema: {
        tags,
        summary: 'Alerts, newest first',
        querystring: AlertQuery,
        response: { 200: Page(Alert) },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { limit = DEFAULT_LIMIT, cursor, audience, acknowledged, merchant } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = select()
        .where(inScope(actor, PLACE))
        .orderBy('alert.created_at', 'desc')
        .orderBy('alert.id', 'desc')
        .limit(limit + 1);
      // What an inspector has not confirmed is nothing that a merchant is told.
      if (actor.merchantId !== null) query = query.where('audience', '=', 'merchant');
      // Nor its cadre.
      else if (!may(actor, 'finding.read'))
        query = query.where((eb) =>
          eb.or([eb('alert.task_id', 'is not', null), eb('audience', '=', 'merchant')]),
        );
      // What names its roles is for them; the operator sees what everybody was told.
      if (actor.role !== 'operator')
        query = query.where(sql<boolean>`(alert.roles is null or ${actor.role} = any (alert.roles))`);
      if (audience !== undefined) query = query.where('audience', '=', audience);
      if (merchant !== undefined) query = query.where('merchant.code', '=', merchant);
      if (acknowledged !== undefined) {
        query = query.where('acknowledged_at', acknowledged ? 'is not' : 'is', null);
      }
      if (after) query = query.where(olderThan('alert.created_at', 'alert.id', after));
      return pageOf(await query.execute(), limit, (row) => [row.created_at_text, row.id], item);
    },
  );

  api.post(
    '/alerts/:id/acknowledge',
    {
      config: { access: 'alert.acknowledge' },
      schema: {
        tags,
        summary: 'Acknowledge an alert; the first time and account stay',
        params: ById,
        response: { 200: Alert },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const find = () => select().where('alert.id', '=', request.params.id).executeTakeFirst();
      const row = seen(actor, 'alert.acknowledge', await find(), 'alert');
      if (actor.merchantId !== null && row.audience !== 'merchant') throw notFound('alert');
      if (row.audience === 'inspector' && row.task_id === null && !may(actor, 'finding.read'))
        throw notFound('alert');
      await db.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('alert')
          .set({ acknowledged_at: context.now(), acknowledged_by: actor.accountId })
          .where('id', '=', row.id)
          .where('acknowledged_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return;
        const about = { entity: 'alert', entityId: row.id, to: 'acknowledged', place: row };
        await recordChange(tx, { ...about, ...authorOf(request, context) });
      });
      const acknowledged = await find();
      if (acknowledged === undefined) throw notFound('alert');
      return item(acknowledged);
    },
  );
}
