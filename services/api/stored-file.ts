/** Where the bytes lie that a signed address names. */
import type { Database } from '../db/database.ts';
import type { CommonFileKind } from './file-address.ts';

export interface StoredFile {
  key: string;
  contentType: string;
  /** Known for evidence; a picture's is taken from its bytes. */
  sha256: string | null;
}

type Find = (db: Database, id: string) => Promise<StoredFile | undefined>;

const contentType = 'image/jpeg';

/** What is named by its kind alone: a kind without a line here is served by no route of files. */
const FINDERS: Readonly<Record<CommonFileKind, Find>> = {
  async evidence(db, id) {
    const row = await db
      .selectFrom('evidence')
      .select(['object_key', 'content_type', 'sha256', 'detail'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    // A person's photograph is shown without its metadata.
    const { key, sha256 } = row.detail.shown ?? { key: row.object_key, sha256: row.sha256 };
    return { key, contentType: row.content_type, sha256 };
  },
  async picture(db, id) {
    const row = await db
      .selectFrom('camera_status')
      .select('picture_key')
      .where('camera_id', '=', id)
      .executeTakeFirst();
    const key = row?.picture_key;
    return typeof key === 'string' ? { key, contentType, sha256: null } : undefined;
  },
  async reference(db, id) {
    const row = await db
      .selectFrom('camera_reference')
      .select(['object_key', 'sha256'])
      .where('camera_id', '=', id)
      .where('origin', '=', 'approved')
      .executeTakeFirst();
    if (row === undefined || row.object_key === null || row.sha256 === null) return undefined;
    return { key: row.object_key, contentType, sha256: row.sha256 };
  },
  async answer(db, id) {
    const row = await db
      .selectFrom('task_photo')
      .select(['shown_key', 'shown_sha256'])
      .where('id', '=', id)
      .executeTakeFirst();
    return row && { key: row.shown_key, contentType, sha256: row.shown_sha256 };
  },
  async original(db, id) {
    const row = await db
      .selectFrom('task_photo')
      .select(['object_key', 'sha256'])
      .where('id', '=', id)
      .executeTakeFirst();
    return row && { key: row.object_key, contentType, sha256: row.sha256 };
  },
  async report(db, id) {
    const row = await db
      .selectFrom('report_photo')
      .select(['shown_key', 'shown_sha256'])
      .where('id', '=', id)
      .executeTakeFirst();
    return row && { key: row.shown_key, contentType, sha256: row.shown_sha256 };
  },
  async visit(db, id) {
    const row = await db
      .selectFrom('visit_photo')
      .select(['shown_key', 'shown_sha256'])
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    return row && { key: row.shown_key, contentType, sha256: row.shown_sha256 };
  },
  async document(db, id) {
    const row = await db
      .selectFrom('document')
      .select(['object_key', 'sha256'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined || row.object_key === null || row.sha256 === null) return undefined;
    return { key: row.object_key, contentType: 'application/pdf', sha256: row.sha256 };
  },
  async notice(db, id) {
    const row = await db
      .selectFrom('camera_notice')
      .select(['shown_key', 'shown_sha256'])
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined || row.shown_key === null || row.shown_sha256 === null) return undefined;
    return { key: row.shown_key, contentType, sha256: row.shown_sha256 };
  },
};

export const findFile = (db: Database, kind: CommonFileKind, id: string): Promise<StoredFile | undefined> =>
  FINDERS[kind](db, id);
