import type { FastifyReply, FastifyRequest } from 'fastify';
import { type SqlBool, sql } from 'kysely';
import type { Static } from 'typebox';
import {
  countLeads,
  type SendResult,
  type StepResult,
  selectLeads,
  sendLead,
  takeLeadStep,
} from '../../db/leads.ts';
import { type Once, once } from '../../db/request-keys.ts';
import { type Action, may } from '../../domain/access.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { loadHistory } from '../queries/evidence.ts';
import { leadItem } from '../queries/leads.ts';
import { merchantByCode } from '../queries/refs.ts';
import { selectTasks } from '../queries/tasks.ts';
import { ById, Page } from '../schemas/common.ts';
import {
  Lead,
  LeadCountQuery,
  LeadCounts,
  LeadPage,
  LeadProgress,
  LeadQuery,
  NewLead,
} from '../schemas/lead.ts';
import { OrderHeaders } from '../schemas/task-order.ts';
import { inRegion, inScope, seen } from '../scope.ts';
import { refusal } from '../task-refusal.ts';

const tags = ['leads'];
const PLACE = { regionPath: 'region.path', merchantId: 'lead.merchant_id', cameraId: 'finding.camera_id' };
const COUNTED = ['sent', 'unanswered', 'underReview', 'cases', 'rejected', 'concluded'] as const;

/** 线索移送: handed to another authority, and what became of it there, told by its platform or entered by hand. */
export function leadRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const one = async (id: string) => await selectLeads(db).where('lead.id', '=', id).executeTakeFirst();
  const item = async (id: string) => {
    const row = await one(id);
    if (row === undefined) throw notFound('lead');
    return leadItem(row);
  };
  const keyOf = (request: FastifyRequest) => ({
    accountId: actorOf(request).accountId,
    key: String(request.headers['idempotency-key']),
    part: 'lead',
  });

  api.post(
    '/leads',
    {
      config: { access: 'lead.transfer' },
      schema: {
        tags,
        summary: 'Hand a task, or what was seen at a merchant, to another authority (线索移送)',
        description: 'Takes an Idempotency-Key: sent again with the same key it is one transfer.',
        headers: OrderHeaders,
        body: NewLead,
        response: { 201: Lead },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const subject = await subjectOf(request);
      const lead = {
        ...subject,
        target: body.target,
        targetName: body.targetName,
        legalReason: body.legalReason,
        summary: body.summary ?? '',
        documentRef: body.documentRef ?? '',
        exportId: body.export ?? null,
        endsTask: body.endTaskVersion === undefined ? null : { version: body.endTaskVersion },
        actorId: actorOf(request).accountId,
      };
      const now = context.now();
      const result = counted(
        await db.transaction().execute((tx) =>
          once(
            tx,
            keyOf(request),
            ['lead', body],
            now,
            () => sendLead(tx, lead, now),
            (sent) => sent.done,
          ),
        ),
        reply,
      );
      if (!result.done) throw unsent(result);
      return await reply.code(201).send(await item(result.id));
    },
  );

  /** The task, or the merchant, in the actor's scope. @throws Problem that names the field */
  async function subjectOf(request: FastifyRequest) {
    const actor = actorOf(request);
    const { task, merchant, endTaskVersion } = request.body as Static<typeof NewLead>;
    if ((task === undefined) === (merchant === undefined))
      throw invalid({ field: 'task', ...said('task_or_merchant') });
    if (task === undefined) {
      if (endTaskVersion !== undefined)
        throw invalid({ field: 'endTaskVersion', ...said('of_task_transfers') });
      const { id } = await merchantByCode(db, actor, merchant ?? '', 'merchant', 'lead.transfer');
      return { taskId: null, merchantId: id };
    }
    const found = await selectTasks(db).where('task.id', '=', task).executeTakeFirst();
    if (found === undefined || !may(actor, 'lead.transfer', found))
      throw invalid({ field: 'task', ...said('no_such_task') });
    if (endTaskVersion !== undefined && !may(actor, 'task.decide', found))
      throw new Problem('not-allowed', said('ending_is_the_desks'));
    return { taskId: found.id, merchantId: found.merchant_id };
  }

  api.get(
    '/leads',
    {
      config: { access: 'lead.read' },
      schema: {
        tags,
        summary: 'Transferred leads, newest first',
        querystring: LeadQuery,
        response: { 200: Page(Lead) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, state, target, merchant, region } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = selectLeads(db)
        .where(inScope(actorOf(request), PLACE))
        .orderBy('lead.sent_at', 'desc')
        .orderBy('lead.id', 'desc')
        .limit(limit + 1);
      if (state !== undefined) query = query.where('lead.state', '=', state);
      if (target !== undefined) query = query.where('lead.target', '=', target);
      if (merchant !== undefined) query = query.where('merchant.code', '=', merchant);
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      if (after) query = query.where(olderThan('lead.sent_at', 'lead.id', after));
      return pageOf(await query.execute(), limit, (row) => [row.sent_at_text, row.id], leadItem);
    },
  );

  api.get(
    '/leads/:id',
    {
      config: { access: 'lead.read' },
      schema: { tags, summary: 'One lead with its history', params: ById, response: { 200: LeadPage } },
    },
    async (request) => {
      const row = seen(actorOf(request), 'lead.read', await one(request.params.id), 'lead');
      return { ...leadItem(row), history: await loadHistory(db, 'lead_transfer', row.id) };
    },
  );

  api.get(
    '/lead-counts',
    {
      config: { access: 'lead.read' },
      schema: {
        tags,
        summary: 'Leads sent in a period and the cases that came of them, by authority',
        querystring: LeadCountQuery,
        response: { 200: LeadCounts },
      },
    },
    async (request) => {
      const { from, to, region } = request.query;
      const own = inScope(actorOf(request), PLACE);
      const scope = region === undefined ? own : sql<SqlBool>`${own} and ${inRegion('region.path', region)}`;
      const byTarget = await countLeads(db, { from: new Date(from), to: new Date(to) }, scope);
      const sum = (name: (typeof COUNTED)[number]) => byTarget.reduce((all, row) => all + row[name], 0);
      const [sent, unanswered, underReview, cases, rejected, concluded] = COUNTED.map(sum);
      return {
        sent: sent ?? 0,
        unanswered: unanswered ?? 0,
        underReview: underReview ?? 0,
        cases: cases ?? 0,
        rejected: rejected ?? 0,
        concluded: concluded ?? 0,
        byTarget,
      };
    },
  );

  /** The same step by two doors: a person of the desk enters what a letter says; a platform says it itself. */
  function progress(path: string, access: Action, summary: string): void {
    api.post(
      path,
      {
        config: { access },
        schema: {
          tags,
          summary,
          params: ById,
          headers: OrderHeaders,
          body: LeadProgress,
          response: { 200: Lead },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        const { id } = seen(actor, access, await one(request.params.id), 'lead');
        const { body } = request;
        const order = { ...body, leadId: id, actorId: actor.accountId, note: body.note ?? '' };
        const now = context.now();
        const result = counted(
          await db.transaction().execute((tx) =>
            once(
              tx,
              keyOf(request),
              ['step', id, body],
              now,
              () => takeLeadStep(tx, order, now),
              (step) => step.done,
            ),
          ),
          reply,
        );
        if (!result.done) throw untaken(result);
        return await item(id);
      },
    );
  }
  progress('/leads/:id/progress', 'task.decide', 'What the authority answered, entered by hand');
  progress(
    '/platform/leads/:id/progress',
    'platform.command',
    'What the authority answers, from its platform',
  );
}

function counted<T>(answer: Once<T>, reply: FastifyReply): T {
  if ('keyReused' in answer) throw new Problem('conflict', said('key_used'));
  if (answer.repeated) reply.header('idempotency-replayed', 'true');
  return answer.result;
}

function unsent(result: Extract<SendResult, { done: false }>): Problem {
  if ('task' in result) return refusal(result.task);
  return invalid({ field: 'export', ...said('not_an_export_of_case') });
}

function untaken({ why, state, version }: Extract<StepResult, { done: false }>): Problem {
  switch (why) {
    case 'not_found':
      return notFound('lead');
    case 'changed':
      return new Problem('conflict', said('lead_changed'), {
        extra: { why, state, version },
      });
    case 'wrong_state':
      return new Problem('conflict', said('lead_is', { state }), {
        extra: { why, state, version },
      });
    case 'case_number_missing':
      return invalid({ field: 'caseNumber', ...said('needs_case_number') });
    case 'outcome_missing':
      return invalid({ field: 'outcome', ...said('needs_outcome') });
  }
}
