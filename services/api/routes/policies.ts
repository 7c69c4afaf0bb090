import type { FastifyRequest } from 'fastify';
import { newestPolicy, policiesInForce } from '../../db/policy.ts';
import { policyDryRun } from '../../db/policy-dry-run.ts';
import { type PolicyDocument, resolvePolicy } from '../../domain/policy.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import { addPolicy, checkDocument, withdrawPolicy } from '../commands/policies.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { invalid, notFound } from '../problem.ts';
import { effectivePolicy, holdsAt, type PolicyRow, policyItem, selectPolicies } from '../queries/policies.ts';
import { policyRegion } from '../queries/refs.ts';
import { ById, Nothing, Page } from '../schemas/common.ts';
import {
  DryRun,
  DryRunResult,
  EffectivePolicy,
  EffectiveQuery,
  InheritedPolicy,
  InheritedQuery,
  NewPolicy,
  PolicyVersion,
  PolicyVersionQuery,
} from '../schemas/policy-document.ts';
import { checkPolicyChange, inForceFor, inRegion, inScope } from '../scope.ts';

const tags = ['policy'];
const DAY_MS = 86_400_000;
const DRY_RUN_DAYS = 30;
const LONGEST_DRY_RUN_DAYS = 400;

/** 辖区政策: one versioned document a region. */
export function policyRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;

  api.get(
    '/policies',
    {
      config: { access: 'policy.read' },
      schema: {
        tags,
        summary: 'Versions of the policies that hold in the account’s regions, newest first',
        querystring: PolicyVersionQuery,
        response: { 200: Page(PolicyVersion) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, region, inForce } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      const at = now();
      let query = selectPolicies(db, at)
        .where(inForceFor(actorOf(request), 'region.path'))
        .orderBy('policy.changed_at', 'desc')
        .orderBy('policy.id', 'desc');
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      if (after) query = query.where(olderThan('policy.changed_at', 'policy.id', after));
      if (inForce === true) query = query.where(holdsAt(at));
      const rows = await query.limit(limit + 1).execute();
      return pageOf(
        rows,
        limit,
        (row) => [row.changed_at_text, row.id],
        (row) => policyItem(row, at),
      );
    },
  );

  const find = async (request: FastifyRequest, id: string): Promise<PolicyRow> => {
    const row = await selectPolicies(db, now())
      .where('policy.id', '=', id)
      .where(inForceFor(actorOf(request), 'region.path'))
      .executeTakeFirst();
    if (row === undefined) throw notFound('policy');
    return row;
  };

  api.get(
    '/policies/:id',
    {
      config: { access: 'policy.read' },
      schema: { tags, summary: 'One version of a policy', params: ById, response: { 200: PolicyVersion } },
    },
    async (request) => policyItem(await find(request, request.params.id), now()),
  );

  api.post(
    '/policies',
    {
      config: { access: 'policy.write' },
      schema: {
        tags,
        summary: 'The next version of a region’s policy',
        description:
          'Replaces what the region says, after the version that was looked at: 409 where another came meanwhile. What the document does not say is inherited from the region above. Tasks already ' +
          'issued keep the policy that was frozen onto them. An empty document inherits everything.',
        body: NewPolicy,
        response: { 201: PolicyVersion },
      },
    },
    async (request, reply) => {
      const where = await policyRegion(db, actorOf(request), request.body.region, 'policy.write');
      checkPolicyChange(actorOf(request), 'policy.write', where?.path ?? null);
      const id = await addPolicy(db, where, request.body, authorOf(request, context));
      return await reply.code(201).send(policyItem(await find(request, id), now()));
    },
  );

  api.delete(
    '/policies/:id',
    {
      config: { access: 'policy.write' },
      schema: {
        tags,
        summary: 'Take back a version that has not come into force',
        params: ById,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const row = await find(request, request.params.id);
      checkPolicyChange(actorOf(request), 'policy.write', row.region_path);
      await withdrawPolicy(db, row.id, row.region_path, authorOf(request, context));
      return await reply.code(204).send(null);
    },
  );

  api.get(
    '/policies/effective',
    {
      config: { access: 'policy.read' },
      schema: {
        tags,
        summary: 'What holds in a region or for a merchant, all inheritance resolved',
        querystring: EffectiveQuery,
        response: { 200: EffectivePolicy },
      },
    },
    async (request) => {
      const { region, merchant } = request.query;
      if ((region === undefined) === (merchant === undefined))
        throw invalid({ field: 'query.region', ...said('region_or_merchant') });
      const at = request.query.at === undefined ? now() : new Date(request.query.at);
      const found =
        merchant === undefined
          ? await regionPlace(request, region ?? '')
          : await merchantPlace(request, merchant);
      return await effectivePolicy(db, found.region, found.place, at);
    },
  );

  api.get(
    '/policies/inherited',
    {
      config: { access: 'policy.read' },
      schema: {
        tags,
        summary: 'What a region says itself, and what it inherits; without a region: what holds everywhere',
        querystring: InheritedQuery,
        response: { 200: InheritedPolicy },
      },
    },
    async (request) => {
      const { region: code } = request.query;
      const place = code === undefined ? null : (await regionPlace(request, code)).region;
      const path = place?.path ?? null;
      const documents = await policiesInForce(db, now());
      const own = documents.find(({ regionPath }) => regionPath === path);
      const others = documents.filter((one) => one !== own);
      return {
        region: place,
        version: own?.version ?? null,
        newest: await newestPolicy(db, place?.id ?? null),
        own: own?.document ?? {},
        inherited: resolvePolicy(others, path ?? '').policy,
      };
    },
  );

  async function regionPlace(request: FastifyRequest, code: string) {
    const row = await db
      .selectFrom('region')
      .select(['id', 'code', 'path', 'name', 'time_zone'])
      .where('code', '=', code)
      .where(inScope(actorOf(request), { regionPath: 'region.path', merchantId: null }))
      .executeTakeFirst();
    if (row === undefined) throw notFound('region');
    const { time_zone: timeZone, ...region } = row;
    return { region, place: { regionPath: row.path, timeZone, merchantType: '' } };
  }

  async function merchantPlace(request: FastifyRequest, code: string) {
    const row = await db
      .selectFrom('merchant')
      .innerJoin('region', 'region.id', 'merchant.region_id')
      .select(['region.id', 'region.code', 'region.path', 'region.name', 'region.time_zone', 'merchant.type'])
      .where('merchant.code', '=', code)
      .where(inScope(actorOf(request), { regionPath: 'region.path', merchantId: 'merchant.id' }))
      .executeTakeFirst();
    if (row === undefined) throw notFound('merchant');
    const { time_zone: timeZone, type: merchantType, ...region } = row;
    return { region, place: { regionPath: row.path, timeZone, merchantType } };
  }

  api.post(
    '/policies/dry-run',
    {
      config: { access: 'policy.write' },
      schema: {
        tags,
        summary: 'What a changed policy would have done to the findings and tasks of last month',
        description:
          'Changes nothing. The precision of each kind is taken as it stood at the start of the period. Tasks are run through ' +
          'the same functions as the real ones, with people acting when they did.',
        body: DryRun,
        response: { 200: DryRunResult },
      },
    },
    async (request) => {
      const where = await policyRegion(db, actorOf(request), request.body.region, 'policy.write');
      checkPolicyChange(actorOf(request), 'policy.write', where?.path ?? null);
      const at = now();
      const to = request.body.to === undefined ? at : new Date(request.body.to);
      const from =
        request.body.from === undefined
          ? new Date(to.getTime() - DRY_RUN_DAYS * DAY_MS)
          : new Date(request.body.from);
      if (from >= to) throw invalid({ field: 'from', ...said('before_to') });
      if (to.getTime() - from.getTime() > LONGEST_DRY_RUN_DAYS * DAY_MS)
        throw invalid({ field: 'from', ...said('too_many_days_before_to', { most: LONGEST_DRY_RUN_DAYS }) });
      const document = request.body.document as PolicyDocument;
      await checkDocument(db, where, document, at);
      const changed = { regionPath: where?.path ?? null, version: 0, document };
      const result = await policyDryRun(db, changed, { from, to }, at);
      return { from: from.toISOString(), to: to.toISOString(), ...result };
    },
  );
}
