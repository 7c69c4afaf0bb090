import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { auditedAdd, auditedChange } from '../../db/registry-audit.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, pageOf, UUID_PART } from '../cursor.ts';
import { notFound } from '../problem.ts';
import { policyRegion } from '../queries/refs.ts';
import { ById, Nothing, Page } from '../schemas/common.ts';
import { DeadlinePolicy, DeadlinePolicyChange, NewDeadlinePolicy, PolicyQuery } from '../schemas/policy.ts';
import { checkPolicyChange, inForceFor } from '../scope.ts';

const tags = ['policy'];

/** Deadlines of tasks per region and class; they are frozen onto a task when it is issued. */
export function deadlinePolicyRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const select = () =>
    db
      .selectFrom('deadline_policy')
      .leftJoin('region', 'region.id', 'deadline_policy.region_id')
      .selectAll('deadline_policy')
      .select(['region.path as region_path', 'region.code as region_code', 'region.name as region_name']);
  type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;
  const item = (row: Row): Static<typeof DeadlinePolicy> => ({
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
    class: row.class,
    acknowledgeMin: row.acknowledge_min,
    submitMin: row.submit_min,
    recheckMin: row.recheck_min,
  });
  const one = async (id: string) =>
    item(await select().where('deadline_policy.id', '=', id).executeTakeFirstOrThrow());
  const find = async (request: FastifyRequest, id: string): Promise<Row> => {
    const row = await select()
      .where('deadline_policy.id', '=', id)
      .where(inForceFor(actorOf(request), 'region.path'))
      .executeTakeFirst();
    if (row === undefined) throw notFound('deadline policy');
    return row;
  };

  api.get(
    '/deadline-policies',
    {
      config: { access: 'registry.read' },
      schema: {
        tags,
        summary: 'Deadlines per region and class',
        querystring: PolicyQuery,
        response: { 200: Page(DeadlinePolicy) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const after = decodeCursor(cursor, [UUID_PART]);
      let query = select()
        .where(inForceFor(actorOf(request), 'region.path'))
        .orderBy('deadline_policy.id')
        .limit(limit + 1);
      if (after) query = query.where('deadline_policy.id', '>', after[0]);
      return pageOf(await query.execute(), limit, (row) => [row.id], item);
    },
  );

  api.post(
    '/deadline-policies',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Add deadlines', body: NewDeadlinePolicy, response: { 201: DeadlinePolicy } },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { region, acknowledgeMin, submitMin, recheckMin } = request.body;
      const place = await policyRegion(db, actor, region);
      checkPolicyChange(actor, 'registry.write', place?.path ?? null);
      const { id } = await auditedAdd(db, 'deadline_policy', authorOf(request, context), (tx) =>
        tx
          .insertInto('deadline_policy')
          .values({
            region_id: place?.id ?? null,
            class: request.body.class,
            acknowledge_min: acknowledgeMin,
            submit_min: submitMin,
            recheck_min: recheckMin,
          })
          .returning('id')
          .executeTakeFirstOrThrow(),
      );
      return await reply.code(201).send(await one(id));
    },
  );

  api.patch(
    '/deadline-policies/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Change deadlines; tasks already issued keep theirs',
        params: ById,
        body: DeadlinePolicyChange,
        response: { 200: DeadlinePolicy },
      },
    },
    async (request) => {
      const row = await find(request, request.params.id);
      checkPolicyChange(actorOf(request), 'registry.write', row.region_path);
      const { acknowledgeMin, submitMin, recheckMin } = request.body;
      await auditedChange(db, 'deadline_policy', row.id, authorOf(request, context), (tx) =>
        tx
          .updateTable('deadline_policy')
          .set({
            id: row.id,
            ...(acknowledgeMin && { acknowledge_min: acknowledgeMin }),
            ...(submitMin && { submit_min: submitMin }),
            ...(recheckMin && { recheck_min: recheckMin }),
          })
          .where('id', '=', row.id)
          .execute(),
      );
      return await one(row.id);
    },
  );

  api.delete(
    '/deadline-policies/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Remove deadlines; the next wider ones hold',
        params: ById,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const row = await find(request, request.params.id);
      checkPolicyChange(actorOf(request), 'registry.write', row.region_path);
      await auditedChange(db, 'deadline_policy', row.id, authorOf(request, context), (tx) =>
        tx.deleteFrom('deadline_policy').where('id', '=', row.id).execute(),
      );
      return await reply.code(204).send(null);
    },
  );
}
