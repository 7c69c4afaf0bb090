/** The chain of history as migration 0006 writes it, computed a second time here: whoever alters the SQL does not alter this. */
import { createHash } from 'node:crypto';

export const FIRST_HASH = '0'.repeat(64);

/** A history row with everything as text, `at` in microseconds since 1970. */
export interface ChainRow {
  id: string;
  entity: string;
  entityId: string;
  from: string | null;
  to: string;
  actorId: string | null;
  reason: string;
  note: string;
  command: string;
  contentHash: string | null;
  atUs: string;
  prevHash: string;
  hash: string;
}

const part = (value: string | null): string =>
  value === null ? '-' : `${Buffer.byteLength(value)}:${value}`;

/** What the row's hash should be, given the hash it says it follows. */
export function historyHash(row: Omit<ChainRow, 'hash'>): string {
  const parts = [
    row.prevHash,
    row.id,
    row.entity,
    row.entityId,
    row.from,
    row.to,
    row.actorId,
    row.reason,
    row.note,
    row.command,
    row.contentHash,
    row.atUs,
  ];
  return createHash('sha256').update(parts.map(part).join('')).digest('hex');
}

/** Hash of an answer: its text and the hashes of its photos, in order. */
export function answerHash(answer: { type: string; text: string; photos: { sha256: string }[] }): string {
  const parts = [answer.type, answer.text, ...answer.photos.map((photo) => photo.sha256)];
  return createHash('sha256').update(parts.map(part).join('')).digest('hex');
}
