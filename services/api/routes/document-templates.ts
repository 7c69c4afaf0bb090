import type { Selectable } from 'kysely';
import { Type } from 'typebox';
import { addTemplate, issuingRegion, templateFor } from '../../db/documents.ts';
import { writeByCode } from '../../db/registry-audit.ts';
import type { DocumentTypeTable } from '../../db/schema-documents.ts';
import {
  DOCUMENT_FIELDS,
  type DocumentField,
  type DocumentValues,
  fillTemplate,
  templateFaults,
} from '../../domain/document-template.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import { afterOther, checkAfter } from '../changed-meanwhile.ts';
import type { ApiContext } from '../context.ts';
import { dayText, picturesOf, valuesOf } from '../documents/facts.ts';
import { toPdf } from '../documents/store.ts';
import { invalid } from '../problem.ts';
import { regionByCode } from '../queries/refs.ts';
import { selectTasks } from '../queries/tasks.ts';
import { timeZoneOf } from '../queries/time-zone.ts';
import { Closed } from '../schemas/common.ts';
import {
  DocumentTemplate,
  DocumentType,
  DocumentTypeChange,
  Preview,
  TemplateChange,
  Templates,
  TypeCode,
} from '../schemas/document.ts';
import { checkPolicyChange, inForceFor, seen } from '../scope.ts';

const tags = ['documents'];

const typeItem = ({ code, name, series, enabled, to_merchant, version }: Selectable<DocumentTypeTable>) => ({
  code,
  name,
  series,
  enabled,
  toMerchant: to_merchant,
  version,
});

/** Types of documents, and their templates by region. */
export function documentTemplateRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.get(
    '/document-types',
    {
      config: { access: 'document.read' },
      schema: {
        tags,
        summary: 'Types of documents',
        response: { 200: Type.Object({ items: Type.Array(DocumentType) }) },
      },
    },
    async () => {
      const rows = await db.selectFrom('document_type').selectAll().orderBy('code').execute();
      return { items: rows.map(typeItem) };
    },
  );

  api.put(
    '/document-types/:code',
    {
      config: { access: 'policy.write' },
      schema: {
        tags,
        summary:
          'Add a type of document, or change its name and series after the version that was looked at; for accounts of all regions',
        params: Type.Object({ code: TypeCode }, Closed),
        body: DocumentTypeChange,
        response: { 200: DocumentType },
      },
    },
    async (request) => {
      checkPolicyChange(actorOf(request), 'policy.write', null);
      const { after, name, series, enabled = true, toMerchant } = request.body;
      const { code } = request.params;
      const row = await writeByCode(db, 'document_type', code, authorOf(request, context), async (tx) => {
        const of = tx.selectFrom('document_type').select('version').where('code', '=', code);
        const there = (await of.executeTakeFirst())?.version ?? null;
        checkAfter(after, there);
        const values = {
          name,
          series,
          enabled,
          version: (there ?? 0) + 1,
          ...(toMerchant !== undefined && { to_merchant: toMerchant }),
        };
        // Of two who add the same at once the second is refused by its code.
        return there === null
          ? await tx
              .insertInto('document_type')
              .values({ code, ...values })
              .returningAll()
              .executeTakeFirstOrThrow()
          : await tx
              .updateTable('document_type')
              .set(values)
              .where('code', '=', code)
              .returningAll()
              .executeTakeFirstOrThrow();
      });
      return typeItem(row);
    },
  );

  api.get(
    '/document-templates',
    {
      config: { access: 'policy.read' },
      schema: {
        tags,
        summary:
          'Templates in force somewhere in the scope, newest version of each region, and the fields they may name',
        response: { 200: Templates },
      },
    },
    async (request) => {
      const rows = await db
        .selectFrom('document_template')
        .leftJoin('region', 'region.id', 'document_template.region_id')
        .leftJoin('account', 'account.id', 'document_template.changed_by')
        .selectAll('document_template')
        .select(['region.path as region_path', 'account.username'])
        .where(inForceFor(actorOf(request), 'region.path'))
        .distinctOn(['document_template.type', 'document_template.region_id'])
        .orderBy('document_template.type')
        .orderBy('document_template.region_id')
        .orderBy('document_template.version', 'desc')
        .execute();
      return {
        items: rows.map((row) => ({
          id: row.id,
          type: row.type,
          region: row.region_path,
          version: row.version,
          title: row.title,
          body: row.body,
          changedAt: row.changed_at.toISOString(),
          changedBy: row.username,
        })),
        fields: Object.entries(DOCUMENT_FIELDS).map(([name, meaning]) => ({ name, meaning })),
      };
    },
  );

  api.post(
    '/document-templates',
    {
      config: { access: 'policy.write' },
      schema: {
        tags,
        summary: 'A new version of a template; unknown fields are refused, with line and column',
        body: TemplateChange,
        response: { 201: DocumentTemplate },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { type, after, title, body } = request.body;
      checkText(body, 'body');
      await checkType(type);
      const { region: code } = request.body;
      const region = code === null ? null : await regionByCode(db, actor, code, 'region', 'policy.write');
      checkPolicyChange(actor, 'policy.write', region?.path ?? null);
      const now = context.now();
      const wanted = { regionId: region?.id ?? null, type, after, title, body, actorId: actor.accountId };
      const added = await addTemplate(db, wanted, now);
      if (!added.done) throw afterOther(after, added.version);
      const { version } = added;
      const { id } = await db
        .selectFrom('document_template')
        .select('id')
        .where('type', '=', type)
        .where('region_id', 'is not distinct from', wanted.regionId)
        .where('version', '=', version)
        .executeTakeFirstOrThrow();
      return await reply.code(201).send({
        id,
        type,
        region: region?.path ?? null,
        version,
        title,
        body,
        changedAt: now.toISOString(),
        changedBy: actor.username,
      });
    },
  );

  api.post(
    '/document-templates/preview',
    {
      config: { access: 'document.draft' },
      schema: {
        tags,
        summary:
          'A document as PDF without number and effect: of a text or template, for a task or with examples',
        produces: ['application/pdf'],
        body: Preview,
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { type, text, task: taskId, reason = '', recipient = '' } = request.body;
      if (text !== undefined) checkText(text.body, 'text.body');
      const now = context.now();
      const found =
        taskId === undefined
          ? undefined
          : seen(
              actor,
              'document.draft',
              await selectTasks(db).where('task.id', '=', taskId).executeTakeFirst(),
              'task',
            );
      const template = text ?? (await templateFor(db, found?.regionPath ?? actor.regionPath ?? '', type));
      if (template === undefined) throw invalid({ field: 'type', ...said('no_such_document_type') });
      const number = '（预览，无编号）';
      const given = { number, reason, recipient, inspector: actor.username };
      const region = found && (await issuingRegion(db, found.regionPath));
      const values =
        found && region
          ? await valuesOf(db, found, region, given, now)
          : examples(given, dayText(now, await timeZoneOf(db, actor)));
      const pictures = found && region ? await picturesOf(db, found, region.time_zone, undefined) : [];
      const pdf = await toPdf(context, {
        title: template.title,
        number,
        blocks: fillTemplate(template.body, values),
        pictures,
        issuedAt: now.toISOString(),
        watermark: '预览 不具效力',
      });
      return await reply.type('application/pdf').header('cache-control', 'no-store').send(pdf);
    },
  );

  async function checkType(type: string): Promise<void> {
    const known = await db
      .selectFrom('document_type')
      .select('code')
      .where('code', '=', type)
      .executeTakeFirst();
    if (known === undefined) throw invalid({ field: 'type', ...said('no_such_document_type') });
  }
}

/** @throws Problem with a line for each fault */
function checkText(body: string, field: string): void {
  const faults = templateFaults(body);
  if (faults.length === 0) return;
  throw invalid(
    ...faults
      .slice(0, 20)
      .map(({ line, column, why }) => ({ field, ...said('at_line', { line, column, why }) })),
  );
}

/** Each field with its meaning in brackets: shows where it goes. */
function examples(
  asked: { number: string; recipient: string; reason: string; inspector: string },
  date: string,
): DocumentValues {
  const named = Object.fromEntries(
    Object.entries(DOCUMENT_FIELDS).map(([name, meaning]) => [name, `【${meaning.split('，')[0]}】`]),
  ) as Record<DocumentField, string>;
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''));
  return { ...named, date, ...given };
}
