import { Type } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import type { Database } from '../../db/database.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, pageOf, UUID_PART } from '../cursor.ts';
import { invalid, Problem } from '../problem.ts';
import { ById, Closed, Page, pageQuery } from '../schemas/common.ts';
import { InspectorConflict, NewInspectorConflict } from '../schemas/draw.ts';
import { inScope, seen } from '../scope.ts';

const tags = ['draws'];
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id' };
const Query = Type.Object(pageQuery, Closed);

const selectConflicts = (db: Database) =>
  db
    .selectFrom('inspector_conflict as conflict')
    .innerJoin('account', 'account.id', 'conflict.account_id')
    .innerJoin('merchant', 'merchant.id', 'conflict.merchant_id')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .selectAll('conflict')
    .select([
      'account.username',
      'merchant.id as merchantId',
      'merchant.code',
      'merchant.name',
      'region.path as regionPath',
    ]);
type Row = Awaited<ReturnType<ReturnType<typeof selectConflicts>['executeTakeFirstOrThrow']>>;

const item = (row: Row) => ({
  id: row.id,
  username: row.username,
  merchant: { id: row.merchantId, code: row.code, name: row.name },
  reason: row.reason,
  recordedAt: row.recorded_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
});

/** 回避: who must not be sent to which merchant. Ended ones stay: past draws went by them. */
export function inspectorConflictRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.get(
    '/inspector-conflicts',
    {
      config: { access: 'draw.read' },
      schema: {
        tags,
        summary: 'Conflicts of interest between inspectors and merchants',
        querystring: Query,
        response: { 200: Page(InspectorConflict) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const after = decodeCursor(cursor, [UUID_PART]);
      let query = selectConflicts(db)
        .where(inScope(actorOf(request), PLACE))
        .orderBy('conflict.id')
        .limit(limit + 1);
      if (after) query = query.where('conflict.id', '>', after[0]);
      return pageOf(await query.execute(), limit, (row) => [row.id], item);
    },
  );

  api.post(
    '/inspector-conflicts',
    {
      config: { access: 'draw.make' },
      schema: {
        tags,
        summary: 'Record a conflict; again what is there changes nothing',
        body: NewInspectorConflict,
        response: { 201: InspectorConflict },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const now = context.now();
      const { username, merchant: code, reason } = request.body;
      const account = await db
        .selectFrom('account')
        .select('id')
        .where('username', '=', username)
        .where('role', 'in', ['inspector', 'field_inspector'])
        .executeTakeFirst();
      if (account === undefined) throw invalid({ field: 'username', ...said('no_such_inspector') });
      const merchant = await db
        .selectFrom('merchant')
        .innerJoin('region', 'region.id', 'merchant.region_id')
        .select(['merchant.id', 'region.path'])
        .where('merchant.code', '=', code)
        .where(inScope(actor, PLACE))
        .executeTakeFirst();
      if (merchant === undefined) throw invalid({ field: 'merchant', ...said('no_such_merchant') });
      await db.transaction().execute(async (tx) => {
        const added = await tx
          .insertInto('inspector_conflict')
          .values({
            account_id: account.id,
            merchant_id: merchant.id,
            reason,
            recorded_by: actor.accountId,
            recorded_at: now,
            ended_at: null,
          })
          .onConflict((conflict) =>
            conflict.columns(['account_id', 'merchant_id']).where('ended_at', 'is', null).doNothing(),
          )
          .returning('id')
          .executeTakeFirst();
        if (added === undefined) return;
        await recordChange(tx, {
          entity: 'inspector_conflict',
          entityId: added.id,
          to: 'created',
          actorId: actor.accountId,
          note: `${username} ${code}: ${reason}`,
          at: now,
          place: { regionPath: merchant.path, merchantId: merchant.id },
        });
      });
      const row = await selectConflicts(db)
        .where('conflict.account_id', '=', account.id)
        .where('conflict.merchant_id', '=', merchant.id)
        .where('conflict.ended_at', 'is', null)
        .executeTakeFirstOrThrow();
      return await reply.code(201).send(item(row));
    },
  );

  api.post(
    '/inspector-conflicts/:id/end',
    {
      config: { access: 'draw.make' },
      schema: {
        tags,
        summary: 'The conflict is over',
        params: ById,
        response: { 200: InspectorConflict },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const now = context.now();
      const find = () => selectConflicts(db).where('conflict.id', '=', request.params.id).executeTakeFirst();
      const row = seen(actor, 'draw.make', await find(), 'conflict');
      await db.transaction().execute(async (tx) => {
        const changed = await tx
          .updateTable('inspector_conflict')
          .set({ ended_at: now })
          .where('id', '=', row.id)
          .where('ended_at', 'is', null)
          .executeTakeFirst();
        if (changed.numUpdatedRows === 0n) throw new Problem('conflict', said('over_already'));
        await recordChange(tx, {
          entity: 'inspector_conflict',
          entityId: row.id,
          from: 'created',
          to: 'ended',
          actorId: actor.accountId,
          at: now,
          place: { regionPath: row.regionPath, merchantId: row.merchantId },
        });
      });
      return item(seen(actor, 'draw.make', await find(), 'conflict'));
    },
  );
}
