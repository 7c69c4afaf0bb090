/** Photographs that were sent and wait for what they belong to: a cadre's visit, a report. */
import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Photographs that one person may have waiting: more is no report but a flood. */
const MOST_WAITING = 60;

/** A photograph whose bytes are stored: as received, and a copy for showing. */
export interface WaitingPhoto {
  accountId: string;
  key: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  shownKey: string;
  shownSha256: string;
}

/** Who sent it, and what it will belong to; null until then. */
const TABLES = {
  visit_photo: { sender: 'account_id', belongsTo: 'visit_id' },
  report_photo: { sender: 'uploaded_by', belongsTo: 'finding_id' },
} as const;

/**
 * @param told of a report's photograph: the camera that it is of, and when it was taken
 * @returns its id; undefined when too many of the account wait
 */
export async function addWaitingPhoto(
  db: Database,
  table: keyof typeof TABLES,
  photo: WaitingPhoto,
  now: Date,
  told?: { cameraId: string | null; takenAt: Date | null },
): Promise<string | undefined> {
  const { sender, belongsTo } = TABLES[table];
  const { rows } = await sql<{ id: string }>`
    insert into ${sql.table(table)} (${sql.ref(sender)}, object_key, sha256, bytes, width, height, shown_key, shown_sha256, uploaded_at
      ${told === undefined ? sql`` : sql`, camera_id, taken_at`})
    select ${photo.accountId}::uuid, ${photo.key}, ${photo.sha256}, ${photo.bytes}::integer, ${photo.width}::integer,
      ${photo.height}::integer, ${photo.shownKey}, ${photo.shownSha256}, ${now}::timestamptz
      ${told === undefined ? sql`` : sql`, ${told.cameraId}::uuid, ${told.takenAt}::timestamptz`}
    where ${MOST_WAITING} > (
      select count(*) from ${sql.table(table)}
      where ${sql.ref(sender)} = ${photo.accountId}::uuid and ${sql.ref(belongsTo)} is null)
    returning id
  `.execute(db);
  return rows[0]?.id;
}
