/**
 * The chain of a case: one link an item, each covering the hash before it. Pure; migration 0010 writes the same in SQL, and whoever
 * alters the one does not alter the other.
 */
import { createHash } from 'node:crypto';

export const FIRST_HASH = '0'.repeat(64);

/** One link, everything as text; `recordedAtUs`: microseconds since 1970 by the database's clock. */
export interface CaseLink {
  caseId: string;
  /** 1, 2, 3 … without gaps. */
  seq: number;
  source: string;
  itemId: string;
  /** SHA-256 over the item's text, hex. */
  digest: string;
  recordedAtUs: string;
  prevHash: string;
  hash: string;
}

/** Length before every value: no two rows give the same text. */
const part = (value: string): string => `${Buffer.byteLength(value)}:${value}`;

export function linkHash(link: Omit<CaseLink, 'hash'>): string {
  const parts = [
    link.prevHash,
    link.caseId,
    String(link.seq),
    link.source,
    link.itemId,
    link.digest,
    link.recordedAtUs,
  ];
  return createHash('sha256').update(parts.map(part).join('')).digest('hex');
}

/** Something about a chain that is not as it was written. `seq` null: about the chain as a whole. */
export interface ChainFault {
  seq: number | null;
  detail: string;
}

/**
 * Walks the links of one chain in order. @param end what the chain must end with, when that is known from elsewhere
 */
export function chainFaults(links: readonly CaseLink[], end?: { links: number; hash: string }): ChainFault[] {
  const faults: ChainFault[] = [];
  let before = FIRST_HASH;
  let seq = 0;
  for (const link of links) {
    seq += 1;
    const what = `link ${link.seq} (${link.source} ${link.itemId})`;
    if (link.seq !== seq) {
      faults.push({ seq: link.seq, detail: `${what}: link ${seq} before it is missing or out of place` });
      seq = link.seq;
    } else if (link.prevHash !== before)
      faults.push({ seq: link.seq, detail: `${what} does not follow the link before it` });
    if (linkHash(link) !== link.hash)
      faults.push({ seq: link.seq, detail: `${what} is not what was written` });
    before = link.hash;
  }
  if (end !== undefined && (end.links !== links.length || end.hash !== before))
    faults.push({ seq: null, detail: `ends after link ${links.length}, but ${end.links} were written` });
  return faults;
}
