import { addDocument, issuingRegion, templateFor, voidDocument } from '../../db/documents.ts';
import { once } from '../../db/request-keys.ts';
import { fillTemplate } from '../../domain/document-template.ts';
import { localTime } from '../../domain/hours.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { picturesOf, valuesOf } from '../documents/facts.ts';
import { storeDocument } from '../documents/store.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { documentItem, isFor, selectDocuments } from '../queries/documents.ts';
import { selectTasks } from '../queries/tasks.ts';
import { ById, Page } from '../schemas/common.ts';
import { Document, DocumentQuery, NewDocument, VoidDocument } from '../schemas/document.ts';
import { OrderHeaders } from '../schemas/task-order.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const tags = ['documents'];
const PLACE = { regionPath: 'place.path', merchantId: 'document.merchant_id', cameraId: 'finding.camera_id' };

/** 责令改正通知书, 约谈, 三书一函: issued for a task, numbered without gaps, immutable. */
export function documentRoutes(api: App, context: ApiContext): void {
  const { db, files } = context;
  const item = async (id: string) => {
    const row = await selectDocuments(db).where('document.id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound('document');
    return documentItem(files, row);
  };

  api.post(
    '/tasks/:id/documents',
    {
      config: { access: 'document.issue' },
      schema: {
        tags,
        summary: 'Issue a document (文书) for a task: numbered, rendered to PDF with the evidence, immutable',
        description: 'Takes an Idempotency-Key: sent again with the same key it is one document.',
        params: ById,
        headers: OrderHeaders,
        body: NewDocument,
        response: { 201: Document },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { body } = request;
      const found = await selectTasks(db).where('task.id', '=', request.params.id).executeTakeFirst();
      const task = seen(actor, 'document.issue', found, 'task');
      const template = await templateFor(db, task.regionPath, body.type);
      if (template === undefined) throw invalid({ field: 'type', ...said('document_type_off') });
      const region = await issuingRegion(db, task.regionPath);
      const now = context.now();
      const given = { recipient: body.recipient ?? '', reason: body.reason, inspector: actor.username };
      const values = await valuesOf(db, task, region, { ...given, number: '' }, now);
      const pictures = await picturesOf(db, task, region.time_zone, body.pictures);
      const document = {
        taskId: task.id,
        taskVersion: body.version,
        type: body.type,
        templateId: template.id,
        series: template.series,
        toMerchant: template.to_merchant,
        region,
        year: Number(localTime(now, region.time_zone).date.slice(0, 4)),
        title: template.title,
        content: (number: string) => ({
          title: template.title,
          number,
          blocks: fillTemplate(template.body, { ...values, number }),
          pictures,
          issuedAt: now.toISOString(),
          watermark: null,
        }),
        actorId: actor.accountId,
      };
      const key = { accountId: actor.accountId, key: String(request.headers['idempotency-key']) };
      const answer = await db.transaction().execute((tx) =>
        once(
          tx,
          key,
          ['document', task.id, body],
          now,
          () => addDocument(tx, document, now),
          (one) => one.done,
        ),
      );
      if ('keyReused' in answer) throw new Problem('conflict', said('key_used'));
      const { result, repeated } = answer;
      if (!result.done) {
        const { why, state, version } = result;
        if (why === 'not_found') throw notFound('task');
        throw new Problem('conflict', said('task_changed'), {
          extra: { why, state, version },
        });
      }
      if (repeated) reply.header('idempotency-replayed', 'true');
      await storeDocument(context, result.documentId);
      return await reply.code(201).send(await item(result.documentId));
    },
  );

  api.get(
    '/documents',
    {
      config: { access: 'document.read' },
      schema: {
        tags,
        summary: 'Documents, newest first',
        querystring: DocumentQuery,
        response: { 200: Page(Document) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, type, task, region } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      const actor = actorOf(request);
      let query = selectDocuments(db)
        .where(inScope(actor, PLACE))
        .where(isFor(actor))
        .orderBy('document.issued_at', 'desc')
        .orderBy('document.id', 'desc')
        .limit(limit + 1);
      if (type !== undefined) query = query.where('document.type', '=', type);
      if (task !== undefined) query = query.where('document.task_id', '=', task);
      if (region !== undefined) query = query.where(inRegion('place.path', region));
      if (after) query = query.where(olderThan('document.issued_at', 'document.id', after));
      return pageOf(
        await query.execute(),
        limit,
        (row) => [row.issued_at_text, row.id],
        (row) => documentItem(files, row),
      );
    },
  );

  api.get(
    '/documents/:id',
    {
      config: { access: 'document.read' },
      schema: {
        tags,
        summary: 'One document; what a crash left without its PDF is completed by that',
        params: ById,
        response: { 200: Document },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const found = await selectDocuments(db)
        .where('document.id', '=', request.params.id)
        .where(isFor(actor))
        .executeTakeFirst();
      const { id } = seen(actor, 'document.read', found, 'document');
      await storeDocument(context, id);
      return await item(id);
    },
  );

  api.post(
    '/documents/:id/void',
    {
      config: { access: 'document.issue' },
      schema: {
        tags,
        summary: 'Declare a document void (作废): it stays, with its number and the reason',
        params: ById,
        body: VoidDocument,
        response: { 200: Document },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const found = await selectDocuments(db).where('document.id', '=', request.params.id).executeTakeFirst();
      const { id } = seen(actor, 'document.issue', found, 'document');
      const command = { documentId: id, actorId: actor.accountId, reason: request.body.reason };
      if (!(await voidDocument(db, command, context.now())))
        throw new Problem('conflict', said('document_not_in_force'));
      return await item(id);
    },
  );
}
