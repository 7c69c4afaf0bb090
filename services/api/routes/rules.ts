import type { Static } from 'typebox';
import { auditedAdd, auditedChange } from '../../db/registry-audit.ts';
import { ruleColumns, ruleValues } from '../../db/rule-columns.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, pageOf, UUID_PART } from '../cursor.ts';
import { invalid, notFound } from '../problem.ts';
import { policyRegion } from '../queries/refs.ts';
import { ById, Nothing, Page } from '../schemas/common.ts';
import { NewRule, PolicyQuery, Rule, RuleChange } from '../schemas/policy.ts';
import { checkPolicyChange, inForceFor } from '../scope.ts';

const tags = ['policy'];

function checkFrames(k: number, n: number): void {
  if (k > n) throw invalid({ field: 'k', ...said('k_above_n', { k, n }) });
}

export function ruleRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const select = () =>
    db
      .selectFrom('rule')
      .leftJoin('region', 'region.id', 'rule.region_id')
      .selectAll('rule')
      .select(['region.path as region_path', 'region.code as region_code', 'region.name as region_name']);
  type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;
  const item = (row: Row): Static<typeof Rule> => ({
    id: row.id,
    region:
      row.region_id === null
        ? null
        : {
            id: row.region_id,
            code: row.region_code ?? '',
            path: row.region_path ?? '',
            name: row.region_name ?? '',
          },
    zoneKind: row.zone_kind,
    kind: row.kind,
    ...ruleValues(row),
  });
  const one = async (id: string) => item(await select().where('rule.id', '=', id).executeTakeFirstOrThrow());

  api.get(
    '/rules',
    {
      config: { access: 'registry.read' },
      schema: {
        tags,
        summary: 'Rules: the deepest region wins, then a rule for the zone',
        querystring: PolicyQuery,
        response: { 200: Page(Rule) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const after = decodeCursor(cursor, [UUID_PART]);
      let query = select()
        .where(inForceFor(actorOf(request), 'region.path'))
        .orderBy('rule.id')
        .limit(limit + 1);
      if (after) query = query.where('rule.id', '>', after[0]);
      return pageOf(await query.execute(), limit, (row) => [row.id], item);
    },
  );

  const find = async (request: Parameters<typeof actorOf>[0], id: string): Promise<Row> => {
    const row = await select()
      .where('rule.id', '=', id)
      .where(inForceFor(actorOf(request), 'region.path'))
      .executeTakeFirst();
    if (row === undefined) throw notFound('rule');
    return row;
  };

  api.get(
    '/rules/:id',
    {
      config: { access: 'registry.read' },
      schema: { tags, summary: 'One rule', params: ById, response: { 200: Rule } },
    },
    async (request) => item(await find(request, request.params.id)),
  );

  api.post(
    '/rules',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Add a rule', body: NewRule, response: { 201: Rule } },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { kind, zoneKind, region, ...values } = request.body;
      checkFrames(values.k, values.n);
      const place = await policyRegion(db, actor, region);
      checkPolicyChange(actor, 'registry.write', place?.path ?? null);
      const { id } = await auditedAdd(db, 'rule', authorOf(request, context), (tx) =>
        tx
          .insertInto('rule')
          .values({
            region_id: place?.id ?? null,
            zone_kind: zoneKind ?? null,
            kind,
            ...ruleColumns(values),
          })
          .returning('id')
          .executeTakeFirstOrThrow(),
      );
      return await reply.code(201).send(await one(id));
    },
  );

  api.patch(
    '/rules/:id',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Change a rule', params: ById, body: RuleChange, response: { 200: Rule } },
    },
    async (request) => {
      const row = await find(request, request.params.id);
      checkPolicyChange(actorOf(request), 'registry.write', row.region_path);
      checkFrames(request.body.k ?? row.k, request.body.n ?? row.n);
      await auditedChange(db, 'rule', row.id, authorOf(request, context), (tx) =>
        tx
          .updateTable('rule')
          .set({ id: row.id, ...ruleColumns(request.body) })
          .where('id', '=', row.id)
          .execute(),
      );
      return await one(row.id);
    },
  );

  api.delete(
    '/rules/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Remove a rule; the next wider one is in force',
        params: ById,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const row = await find(request, request.params.id);
      checkPolicyChange(actorOf(request), 'registry.write', row.region_path);
      await auditedChange(db, 'rule', row.id, authorOf(request, context), (tx) =>
        tx.deleteFrom('rule').where('id', '=', row.id).execute(),
      );
      return await reply.code(204).send(null);
    },
  );
}
