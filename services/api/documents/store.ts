import { finishDocument } from '../../db/documents.ts';
import type { DocumentContent } from '../../documents/content.ts';
import { renderDocument } from '../../documents/render.ts';
import { said } from '../../domain/said.ts';
import { sha256 } from '../../evidence/keys.ts';
import { ObjectMissing } from '../../evidence/object-store.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';

/** The PDF of a content, with its pictures from the store; each must be the one that was hashed. @throws Problem */
export async function toPdf(context: ApiContext, content: DocumentContent): Promise<Buffer> {
  return await renderDocument(content, async ({ key, sha256: hash }) => {
    const bytes = await context.store.get(key).catch((error: unknown) => {
      if (error instanceof ObjectMissing) throw new Problem('conflict', said('document_picture_gone'));
      throw error;
    });
    if (sha256(bytes) !== hash) throw new Problem('conflict', said('document_picture_altered'));
    return bytes;
  });
}

/**
 * Makes and stores the bytes of a document that has its number. Whoever comes first does it; made twice, for instance after a
 * crash, they are the same.
 */
export async function storeDocument(context: ApiContext, id: string): Promise<void> {
  const row = await context.db
    .selectFrom('document')
    .select(['content', 'state'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined || row.state !== 'rendering') return;
  const bytes = await toPdf(context, row.content as DocumentContent);
  const hash = sha256(bytes);
  const key = `documents/${id}/${hash}.pdf`;
  await context.store.put(key, bytes, { contentType: 'application/pdf' });
  await finishDocument(context.db, id, { key, sha256: hash, bytes: bytes.length });
}
