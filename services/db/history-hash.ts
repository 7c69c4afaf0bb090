/**
 * The chain of history as migrations 0006 and 0007 write it, computed a second time here: whoever alters the SQL does not
 * alter this.
 */
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
  /** Place of the row (since migration 0007); rows without one hash as before. */
  regionPath: string | null;
  merchantId: string | null;
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
    ...(row.regionPath === null && row.merchantId === null ? [] : [row.regionPath, row.merchantId]),
  ];
  return createHash('sha256').update(parts.map(part).join('')).digest('hex');
}

/** Hash of an answer: its text and the hashes of its photos, in order. */
export function answerHash(answer: { type: string; text: string; photos: { sha256: string }[] }): string {
  const parts = [answer.type, answer.text, ...answer.photos.map((photo) => photo.sha256)];
  return createHash('sha256').update(parts.map(part).join('')).digest('hex');
}

/** One thing that a row of history changed, as its JSON text. */
export interface ChangeText {
  entity: string;
  entityId: string;
  before: string | null;
  after: string | null;
}

/** Hash of all that a row of history changed, in order: its content_hash. */
export function changesHash(changes: readonly ChangeText[]): string {
  const hash = createHash('sha256');
  for (const { entity, entityId, before, after } of changes)
    hash.update([entity, entityId, before, after].map(part).join(''));
  return hash.digest('hex');
}
