import { type SqlBool, sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import { type Actor, may } from '../../domain/access.ts';
import { documentIsFor } from '../../domain/withheld.ts';
import type { FileSigner } from '../file-address.ts';
import type { Document } from '../schemas/document.ts';

export const selectDocuments = (db: Database) =>
  db
    .selectFrom('document')
    .innerJoin('document_type', 'document_type.code', 'document.type')
    .innerJoin('task', 'task.id', 'document.task_id')
    .innerJoin('region as place', 'place.id', 'task.region_id')
    .innerJoin('region', 'region.id', 'document.region_id')
    .innerJoin('merchant', 'merchant.id', 'document.merchant_id')
    .innerJoin('finding', 'finding.id', 'task.finding_id')
    .innerJoin('account', 'account.id', 'document.issued_by')
    .select([
      'document.id',
      'document.number',
      'document.type',
      'document.title',
      'document.state',
      'document.task_id',
      'document.sha256',
      'document.bytes',
      'document.issued_at',
      'document.voided_at',
      'document.void_reason',
      sql<string>`document.issued_at::text`.as('issued_at_text'),
      // Where it lies, for rights: with its task.
      'place.path as regionPath',
      'document.merchant_id as merchantId',
      'document_type.to_merchant as toMerchant',
      'finding.camera_id as cameraId',
      'task.number as task_number',
      'region.id as region_id',
      'region.code as region_code',
      'region.path as region_path',
      'region.name as region_name',
      'merchant.code as merchant_code',
      'merchant.name as merchant_name',
      'account.username',
    ]);

/** Condition on `selectDocuments`: those that are for the actor, as `documentIsFor` says of one. */
export const isFor = (actor: Actor) =>
  documentIsFor(false, (action) => may(actor, action))
    ? sql<SqlBool>`true`
    : sql<SqlBool>`document_type.to_merchant`;

/** Codes of the types whose documents go to merchants. */
export async function typesToMerchants(db: Database): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('document_type').select('code').where('to_merchant', '=', true).execute();
  return new Set(rows.map(({ code }) => code));
}

type DocumentRow = Awaited<ReturnType<ReturnType<typeof selectDocuments>['executeTakeFirstOrThrow']>>;

export function documentItem(files: FileSigner, row: DocumentRow): Static<typeof Document> {
  return {
    id: row.id,
    number: row.number,
    type: row.type,
    title: row.title,
    state: row.state,
    region: { id: row.region_id, code: row.region_code, path: row.region_path, name: row.region_name },
    merchant: { id: row.merchantId, code: row.merchant_code, name: row.merchant_name },
    task: { id: row.task_id, number: row.task_number },
    issuedAt: row.issued_at.toISOString(),
    issuedBy: row.username,
    url: row.state === 'rendering' ? null : files.address('document', row.id),
    sha256: row.sha256,
    bytes: row.bytes,
    voidedAt: row.voided_at?.toISOString() ?? null,
    voidReason: row.void_reason,
  };
}
