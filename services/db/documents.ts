import { sql } from 'kysely';
import { documentNumber } from '../domain/document-template.ts';
import type { Database, Tx } from './database.ts';
import { settleDrafts } from './document-drafts.ts';
import { appendEvent } from './events.ts';
import { auditedAddIn } from './registry-audit.ts';
import { keepTaskHistory } from './task-history.ts';
import { lockTask } from './task-record.ts';

/** The template that holds in a region: the newest of the deepest region that has one. */
export async function templateFor(db: Database | Tx, regionPath: string, type: string) {
  return await db
    .selectFrom('document_template')
    .innerJoin('document_type', 'document_type.code', 'document_template.type')
    .leftJoin('region', 'region.id', 'document_template.region_id')
    .selectAll('document_template')
    .select([
      'document_type.series',
      'document_type.to_merchant',
      'document_type.name as type_name',
      'region.path as region_path',
    ])
    .where('document_template.type', '=', type)
    .where('document_type.enabled', '=', true)
    .where(
      sql<boolean>`(region.path is null or region.path = ${regionPath} or starts_with(${regionPath}, region.path || '.'))`,
    )
    .orderBy(sql`coalesce(length(region.path), 0)`, 'desc')
    .orderBy('document_template.version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The region whose office issues: the county of a place; where there is none above it, the place itself. */
export async function issuingRegion(db: Database | Tx, regionPath: string) {
  return await db
    .selectFrom('region')
    .selectAll()
    .where(
      sql<boolean>`(path = ${regionPath} or (level = 'county' and starts_with(${regionPath}, path || '.')))`,
    )
    .orderBy(sql`level = 'county'`, 'desc')
    .orderBy(sql`length(path)`)
    .limit(1)
    .executeTakeFirstOrThrow();
}

export interface NewDocument {
  taskId: string;
  /** The version of the task that was looked at. */
  taskVersion: number;
  type: string;
  templateId: string;
  series: string;
  /** Whether the merchant is told of it. */
  toMerchant: boolean;
  region: { id: string };
  /** Year of the issuing office's calendar. */
  year: number;
  title: string;
  /** What the page is made of, given its number. */
  content: (number: string) => unknown;
  actorId: string;
}

export type NewDocumentResult =
  | { done: true; documentId: string }
  | { done: false; why: 'not_found' | 'changed'; state?: string; version?: number };

/**
 * Gives out the next number and keeps all that the page is made of, with history and event, in the caller's transaction: a number
 * is there exactly when its document is. The bytes come afterwards, and may be made again should the process end in between.
 */
export async function addDocument(tx: Tx, document: NewDocument, now: Date): Promise<NewDocumentResult> {
  const task = await lockTask(tx, document.taskId);
  if (task === undefined) return { done: false, why: 'not_found' };
  if (task.version !== document.taskVersion)
    return { done: false, why: 'changed', state: task.state, version: task.version };
  const { last: serial } = await tx
    .insertInto('document_counter')
    .values({ region_id: document.region.id, type: document.type, year: document.year, last: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['region_id', 'type', 'year'])
        .doUpdateSet({ last: sql<number>`document_counter.last + 1` }),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  const number = documentNumber(document.series, document.year, serial);
  const { id } = await tx
    .insertInto('document')
    .values({
      number,
      region_id: document.region.id,
      type: document.type,
      year: document.year,
      serial,
      task_id: task.id,
      merchant_id: task.merchant_id,
      template_id: document.templateId,
      title: document.title,
      content: JSON.stringify(document.content(number)),
      object_key: null,
      sha256: null,
      bytes: null,
      issued_by: document.actorId,
      issued_at: now,
      voided_by: null,
      voided_at: null,
      void_reason: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const issued = { documentId: id, taskId: task.id, type: document.type, actorId: document.actorId };
  await settleDrafts(tx, issued, now);
  const what = { reason: `${document.type}:${number}`, actorId: document.actorId };
  await keepTaskHistory(tx, { task, command: 'document', ...what }, now);
  await appendEvent(tx, {
    type: 'document.issued',
    regionPath: task.region_path,
    merchantId: task.merchant_id,
    payload: {
      documentId: id,
      number,
      type: document.type,
      toMerchant: document.toMerchant,
      taskId: task.id,
      taskNumber: task.number,
    },
  });
  return { done: true, documentId: id };
}

/** The bytes are stored. Done twice at once it is done once: the same content gives the same bytes. */
export async function finishDocument(
  db: Database,
  id: string,
  stored: { key: string; sha256: string; bytes: number },
): Promise<void> {
  await db
    .updateTable('document')
    .set({ state: 'issued', object_key: stored.key, sha256: stored.sha256, bytes: stored.bytes })
    .where('id', '=', id)
    .where('state', '=', 'rendering')
    .execute();
}

/** 作废: the document stays with its number and says that it is void, and why. @returns false when it was not issued */
export async function voidDocument(
  db: Database,
  command: { documentId: string; actorId: string; reason: string },
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    // The task first, as everybody does: the document's change enters the chain of its case.
    const found = await tx
      .selectFrom('document')
      .select('task_id')
      .where('id', '=', command.documentId)
      .executeTakeFirst();
    const task = found === undefined ? undefined : await lockTask(tx, found.task_id);
    if (task === undefined) return false;
    const row = await tx
      .updateTable('document')
      .set({ state: 'void', voided_by: command.actorId, voided_at: now, void_reason: command.reason })
      .where('id', '=', command.documentId)
      .where('state', '=', 'issued')
      .returning(['number', 'type'])
      .executeTakeFirst();
    if (row === undefined) return false;
    const type = await tx
      .selectFrom('document_type')
      .select('to_merchant')
      .where('code', '=', row.type)
      .executeTakeFirstOrThrow();
    const { actorId, reason: note } = command;
    const reason = `${row.type}:${row.number}`;
    await keepTaskHistory(tx, { task, command: 'void_document', actorId, reason, note }, now);
    await appendEvent(tx, {
      type: 'document.voided',
      regionPath: task.region_path,
      merchantId: task.merchant_id,
      payload: {
        documentId: command.documentId,
        number: row.number,
        type: row.type,
        toMerchant: type.to_merchant,
        taskId: task.id,
        reason: command.reason,
      },
    });
    return true;
  });
}

export interface NewTemplate {
  /** null: everywhere. */
  regionId: string | null;
  type: string;
  /** The version that was looked at; null: the region had none. */
  after: number | null;
  title: string;
  body: string;
  actorId: string;
}
export type TemplateResult = { done: true; version: number } | { done: false; version: number | null };

/** A new version of a region's template. Where another is there than was looked at, nothing is added. */
export async function addTemplate(db: Database, template: NewTemplate, now: Date): Promise<TemplateResult> {
  return await db.transaction().execute(async (tx): Promise<TemplateResult> => {
    // Of two at once the second finds the first.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`template|${template.regionId}|${template.type}`}, 19))`.execute(
      tx,
    );
    const { last } = await tx
      .selectFrom('document_template')
      .select((eb) => eb.fn.max('version').as('last'))
      .where('type', '=', template.type)
      .where('region_id', 'is not distinct from', template.regionId)
      .executeTakeFirstOrThrow();
    const there = last === null ? null : Number(last);
    if (there !== template.after) return { done: false, version: there };
    const version = (there ?? 0) + 1;
    const values = {
      region_id: template.regionId,
      type: template.type,
      version,
      title: template.title,
      body: template.body,
      changed_by: template.actorId,
      changed_at: now,
    };
    const author = { actorId: template.actorId, at: now };
    await auditedAddIn(tx, 'document_template', author, (inner) =>
      inner.insertInto('document_template').values(values).returning('id').executeTakeFirstOrThrow(),
    );
    return { done: true, version };
  });
}
