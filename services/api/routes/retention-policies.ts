import { recordChange } from '../../db/audit.ts';
import { isOfNoCase } from '../../domain/retention.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { invalid } from '../problem.ts';
import { policyRegion } from '../queries/refs.ts';
import { RetentionRule, RetentionRules } from '../schemas/case.ts';
import { checkPolicyChange, inForceFor } from '../scope.ts';

const tags = ['cases'];

/** 保存期限: how long what is kept, by region. */
export function retentionPolicyRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;

  api.get(
    '/retention-policies',
    {
      config: { access: 'policy.read' },
      schema: {
        tags,
        summary: 'How long what is kept; the deepest region wins',
        response: { 200: RetentionRules },
      },
    },
    async (request) => {
      const rows = await db
        .selectFrom('retention_policy')
        .leftJoin('region', 'region.id', 'retention_policy.region_id')
        .select(['region.code', 'item', 'since', 'keep_days'])
        .where(inForceFor(actorOf(request), 'region.path'))
        .orderBy('region.path', (order) => order.asc().nullsFirst())
        .orderBy('item')
        .orderBy('since')
        .execute();
      return {
        items: rows.map((row) => ({
          region: row.code,
          item: row.item,
          since: row.since,
          keepDays: row.keep_days,
        })),
      };
    },
  );

  api.put(
    '/retention-policies',
    {
      config: { access: 'policy.write' },
      schema: {
        tags,
        summary: 'Sets how long one thing is kept',
        body: RetentionRule,
        response: { 200: RetentionRule },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { region: code, item, since, keepDays } = request.body;
      if (isOfNoCase(item) !== (since === 'written'))
        throw invalid({
          field: 'since',
          message: isOfNoCase(item)
            ? `${item} counts since written`
            : `${item} counts since its case was closed or dismissed`,
        });
      if (isOfNoCase(item) && code !== null)
        throw invalid({ field: 'region', message: `${item} is of no region: null` });
      const region = await policyRegion(db, actor, code, 'policy.write');
      checkPolicyChange(actor, 'policy.write', region?.path ?? null);
      await db.transaction().execute(async (tx) => {
        const before = await tx
          .selectFrom('retention_policy')
          .select(['id', 'keep_days'])
          .where('region_id', 'is not distinct from', region?.id ?? null)
          .where('item', '=', item)
          .where('since', '=', since)
          .forUpdate()
          .executeTakeFirst();
        const { id } = await tx
          .insertInto('retention_policy')
          .values({ region_id: region?.id ?? null, item, since, keep_days: keepDays })
          .onConflict((conflict) =>
            conflict.columns(['region_id', 'item', 'since']).doUpdateSet({ keep_days: keepDays }),
          )
          .returning('id')
          .executeTakeFirstOrThrow();
        await recordChange(tx, {
          entity: 'retention_policy',
          entityId: id,
          to: before === undefined ? 'created' : 'changed',
          actorId: actor.accountId,
          at: now(),
          place: region === null ? null : { regionPath: region.path, merchantId: null },
          detail: [
            {
              entity: 'retention_policy',
              entityId: id,
              before: before === undefined ? null : { keep_days: before.keep_days },
              after: { keep_days: keepDays, ...(before === undefined && { item, since }) },
            },
          ],
        });
      });
      return request.body;
    },
  );
}
