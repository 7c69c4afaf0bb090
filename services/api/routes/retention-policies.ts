import type { Static } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import { dueItems, removedSince } from '../../db/retention-dry-run.ts';
import { STORED_POLICIES, withPolicy } from '../../db/retention-due.ts';
import {
  boundsOf,
  FIXED_RETENTION,
  type FixedRetention,
  isOfNoCase,
  RETENTION_ITEMS,
  type RetentionItem,
  type RetentionSince,
} from '../../domain/retention.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { invalid, notFound } from '../problem.ts';
import { policyRegion } from '../queries/refs.ts';
import { Nothing } from '../schemas/common.ts';
import {
  NewRetentionRule,
  RetentionDryRun,
  RetentionRule,
  RetentionRuleQuery,
  RetentionRules,
  RetentionTrial,
} from '../schemas/retention.ts';
import { checkPolicyChange, inForceFor, mayEverywhere } from '../scope.ts';

const tags = ['cases'];
const REMOVED_MS = 30 * 86_400_000;

/** 保存期限: how long what is kept, by region; what the next run would remove. */
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
        bounds: RETENTION_ITEMS.map((item) => {
          const { least, most, source } = boundsOf(item);
          return { item, leastDays: least, mostDays: most, source };
        }),
        fixed: fixedItems(),
      };
    },
  );

  api.get(
    '/retention-policies/dry-run',
    {
      config: { access: 'policy.read' },
      schema: {
        tags,
        summary: 'What the next run of retention would remove, as policies are or with one of them changed',
        description:
          'Objects of cases in the regions of the account; what is of no case, and what was removed lately, is told to accounts of ' +
          'all regions. Nothing is changed.',
        querystring: RetentionTrial,
        response: { 200: RetentionDryRun },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { region: code, item, since, keepDays } = request.query;
      let policies = STORED_POLICIES;
      if (item !== undefined || since !== undefined || code !== undefined || keepDays !== undefined) {
        if (item === undefined || since === undefined)
          throw invalid({
            field: item === undefined ? 'query.item' : 'query.since',
            ...said('change_names_rule'),
          });
        checkFits({ item, since, region: code ?? null }, 'query.');
        const region = await policyRegion(db, actor, code ?? null, 'policy.read');
        policies = withPolicy({ regionId: region?.id ?? null, item, since, keepDays: keepDays ?? null });
      }
      const at = now();
      const everywhere = mayEverywhere(actor);
      // Who sees single cameras or merchants sees no region as a whole.
      const seesRegion = everywhere || (actor.regionPath !== null && actor.cameraIds === null);
      const items = seesRegion ? await dueItems(db, policies, at, actor.regionPath) : [];
      const removed = everywhere ? await removedSince(db, new Date(at.getTime() - REMOVED_MS)) : [];
      return {
        at: at.toISOString(),
        items: items.map(({ oldest, ...rest }) => ({ ...rest, oldestAt: oldest?.toISOString() ?? null })),
        removed: removed.map(({ last, ...rest }) => ({ ...rest, lastAt: last.toISOString() })),
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
        body: NewRetentionRule,
        response: { 200: RetentionRule },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { note, ...rule } = request.body;
      const { region: code, item, since, keepDays } = rule;
      checkFits(rule, '');
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
          ...(note !== undefined && note.trim() !== '' && { note: note.trim() }),
          ...authorOf(request, context),
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
      return rule;
    },
  );

  api.delete(
    '/retention-policies',
    {
      config: { access: 'policy.write' },
      schema: {
        tags,
        summary: 'Takes back what a region set: the regions above it count again',
        querystring: RetentionRuleQuery,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { item, since } = request.query;
      const region = await policyRegion(db, actor, request.query.region, 'policy.write');
      checkPolicyChange(actor, 'policy.write', region?.path ?? null);
      await db.transaction().execute(async (tx) => {
        const gone = await tx
          .deleteFrom('retention_policy')
          .where('region_id', '=', region?.id ?? null)
          .where('item', '=', item)
          .where('since', '=', since)
          .returning(['id', 'keep_days'])
          .executeTakeFirst();
        if (gone === undefined) throw notFound('retention policy');
        await recordChange(tx, {
          entity: 'retention_policy',
          entityId: gone.id,
          to: 'removed',
          ...authorOf(request, context),
          place: region === null ? null : { regionPath: region.path, merchantId: null },
          detail: [
            {
              entity: 'retention_policy',
              entityId: gone.id,
              before: { item, since, keep_days: gone.keep_days },
              after: null,
            },
          ],
        });
      });
      return await reply.code(204).send(null);
    },
  );
}

/** @throws Problem where the item does not count since then, or is of no region */
function checkFits(
  rule: { item: RetentionItem; since: RetentionSince; region: string | null },
  prefix: 'query.' | '',
): void {
  const { item, since, region } = rule;
  if (isOfNoCase(item) !== (since === 'written'))
    throw invalid({
      field: `${prefix}since`,
      ...(isOfNoCase(item) ? said('counts_since_written', { item }) : said('counts_since_closed', { item })),
    });
  if (isOfNoCase(item) && region !== null)
    throw invalid({ field: `${prefix}region`, ...said('of_no_region', { item }) });
}

function fixedItems(): Static<typeof RetentionRules>['fixed'] {
  return (Object.entries(FIXED_RETENTION) as [FixedRetention, number][]).map(([what, value]) => ({
    what,
    hours: what === 'boxes' ? null : value,
    looks: what === 'boxes' ? value : null,
  }));
}
