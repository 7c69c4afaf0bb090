/**
 * 随机抽查画面墙: which cameras an inspector looks at is drawn by the rule of draw.ts, with one ticket a camera. The same seed over the
 * same list gives the same wall, so that somebody else can look at what was looked at. Pure.
 */
import { createHash } from 'node:crypto';
import { canonical, ticketOf } from './draw.ts';

/** Cameras on a wall. */
export const MOST_ON_WALL = 16;

export interface WallDraw {
  /** SHA-256 of the codes that could be drawn, sorted, as JSON: another hash, another list. */
  listHash: string;
  /** Codes in the order in which they were drawn. */
  drawn: string[];
}

/** @param codes cameras that may be drawn, in any order */
export function drawWall(seed: string, codes: readonly string[], count: number): WallDraw {
  const list = [...codes].sort((a, b) => (a < b ? -1 : 1));
  const drawn = list
    .map((code) => ({ code, ticket: ticketOf(seed, 'entry', code) }))
    .sort((a, b) => (a.ticket < b.ticket ? -1 : 1))
    .slice(0, count)
    .map(({ code }) => code);
  return { listHash: createHash('sha256').update(canonical(list), 'utf8').digest('hex'), drawn };
}
