import { sql } from 'kysely';
import { type Static, Type } from 'typebox';
import { addDraft, discardDraft } from '../../db/document-drafts.ts';
import { once } from '../../db/request-keys.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { selectTasks } from '../queries/tasks.ts';
import {
  ById,
  Closed,
  MerchantRef,
  Nullable,
  Page,
  pageQuery,
  ShortCode,
  Time,
  Uuid,
} from '../schemas/common.ts';
import { NewDraft, TypeCode, VoidDocument } from '../schemas/document.ts';
import { OrderHeaders } from '../schemas/task-order.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const tags = ['documents'];
const PLACE = { regionPath: 'place.path', merchantId: 'task.merchant_id', cameraId: 'finding.camera_id' };
const STATES = ['waiting', 'issued', 'discarded'] as const;

const Draft = Type.Object(
  {
    id: Uuid,
    type: TypeCode,
    typeName: Type.String(),
    task: Type.Object({ id: Uuid, number: Type.String(), version: Type.Integer() }),
    merchant: MerchantRef,
    /** Facts that the system knows; whoever issues the document sends them on, or says more. */
    reason: Type.String(),
    /** The step of the chain: what was late, and its place, from 0; null: a person drafted it. */
    late: Nullable(Type.Enum(['acknowledge', 'submit'])),
    level: Nullable(Type.Integer()),
    /** Who drafted it; null: the step of the chain. */
    draftedBy: Nullable(Type.String()),
    recipient: Type.String(),
    state: Type.Enum([...STATES]),
    createdAt: Time,
    document: Nullable(Type.Object({ id: Uuid, number: Type.String() })),
    decidedBy: Nullable(Type.String()),
    decidedAt: Nullable(Time),
    note: Type.String(),
  },
  { title: 'DocumentDraft' },
);
const DraftQuery = Type.Object(
  {
    ...pageQuery,
    state: Type.Optional(Type.Enum([...STATES])),
    task: Type.Optional(Uuid),
    region: Type.Optional(ShortCode),
  },
  Closed,
);

/** 文书草稿: what steps of the chain drafted, for a head to issue (POST /tasks/:id/documents) or to let be. */
export function documentDraftRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const select = () =>
    db
      .selectFrom('document_draft as draft')
      .innerJoin('task', 'task.id', 'draft.task_id')
      .innerJoin('finding', 'finding.id', 'task.finding_id')
      .innerJoin('region as place', 'place.id', 'task.region_id')
      .innerJoin('merchant', 'merchant.id', 'task.merchant_id')
      .innerJoin('document_type', 'document_type.code', 'draft.type')
      .leftJoin('document', 'document.id', 'draft.document_id')
      .leftJoin('account', 'account.id', 'draft.decided_by')
      .leftJoin('account as author', 'author.id', 'draft.drafted_by')
      .selectAll('draft')
      .select([
        sql<string>`draft.created_at::text`.as('created_at_text'),
        'place.path as regionPath',
        'task.merchant_id as merchantId',
        'finding.camera_id as cameraId',
        'task.number as task_number',
        'task.version as task_version',
        'merchant.code as merchant_code',
        'merchant.name as merchant_name',
        'document_type.name as type_name',
        'document.number as document_number',
        'account.username',
        'author.username as author_username',
      ]);
  type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;
  const item = (row: Row): Static<typeof Draft> => ({
    id: row.id,
    type: row.type,
    typeName: row.type_name,
    task: { id: row.task_id, number: row.task_number, version: row.task_version },
    merchant: { id: row.merchantId, code: row.merchant_code, name: row.merchant_name },
    reason: row.reason,
    late: row.late,
    level: row.level,
    draftedBy: row.author_username,
    recipient: row.recipient,
    state: row.state,
    createdAt: row.created_at.toISOString(),
    document:
      row.document_id === null || row.document_number === null
        ? null
        : { id: row.document_id, number: row.document_number },
    decidedBy: row.username,
    decidedAt: row.decided_at?.toISOString() ?? null,
    note: row.note,
  });

  api.get(
    '/document-drafts',
    {
      config: { access: 'document.issue' },
      schema: {
        tags,
        summary: 'Documents that steps of the chain drafted, newest first; those that wait, unless told',
        querystring: DraftQuery,
        response: { 200: Page(Draft) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, state = 'waiting', task, region } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = select()
        .where(inScope(actorOf(request), PLACE))
        .where('draft.state', '=', state)
        .orderBy('draft.created_at', 'desc')
        .orderBy('draft.id', 'desc');
      if (task !== undefined) query = query.where('draft.task_id', '=', task);
      if (region !== undefined) query = query.where(inRegion('place.path', region));
      if (after) query = query.where(olderThan('draft.created_at', 'draft.id', after));
      const rows = await query.limit(limit + 1).execute();
      return pageOf(rows, limit, (row) => [row.created_at_text, row.id], item);
    },
  );

  api.post(
    '/tasks/:id/document-drafts',
    {
      config: { access: 'document.draft' },
      schema: {
        tags,
        summary: 'Draft a document (文书草稿) for a task; a head issues it or lets it be',
        description: 'Takes an Idempotency-Key: sent again with the same key it is one draft.',
        params: ById,
        headers: OrderHeaders,
        body: NewDraft,
        response: { 201: Draft },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { body } = request;
      const found = await selectTasks(db).where('task.id', '=', request.params.id).executeTakeFirst();
      const { id: taskId } = seen(actor, 'document.draft', found, 'task');
      const now = context.now();
      const key = {
        accountId: actor.accountId,
        key: String(request.headers['idempotency-key']),
        part: 'draft',
      };
      const draft = { ...body, taskId, recipient: body.recipient ?? '', actorId: actor.accountId };
      const answer = await db.transaction().execute((tx) =>
        once(
          tx,
          key,
          ['draft', taskId, body],
          now,
          () => addDraft(tx, draft, now),
          (one) => one !== null,
        ),
      );
      if ('keyReused' in answer) throw new Problem('conflict', said('key_used'));
      if (answer.result === null) throw invalid({ field: 'type', ...said('document_type_off') });
      if (answer.repeated) reply.header('idempotency-replayed', 'true');
      const row = await select().where('draft.id', '=', answer.result).executeTakeFirst();
      if (row === undefined) throw notFound('document');
      return await reply.code(201).send(item(row));
    },
  );

  api.post(
    '/document-drafts/:id/discard',
    {
      config: { access: 'document.issue' },
      schema: {
        tags,
        summary: 'Let a drafted document be, with a reason that stays in the task’s history',
        params: ById,
        body: VoidDocument,
        response: { 200: Draft },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const find = () => select().where('draft.id', '=', request.params.id).executeTakeFirst();
      const { id } = seen(actor, 'document.issue', await find(), 'document');
      const command = { draftId: id, actorId: actor.accountId, reason: request.body.reason };
      if (!(await discardDraft(db, command, context.now())))
        throw new Problem('conflict', said('draft_waits_no_more'));
      const row = await find();
      if (row === undefined) throw notFound('document');
      return item(row);
    },
  );
}
