/**
 * 双随机: a draw that anyone can repeat. Pure; docs/draw.md describes it for those who check one by hand.
 *
 * Commit, then reveal: the list and the SHA-256 of a secret are published before the draw; the secret, and if agreed a value from
 * outside that nobody could know then (lottery numbers), afterwards. From them comes the seed, and each entry draws tickets:
 *
 *   seed   = SHA-256("mingzao-draw/1," + secret + "," + listHash + "," + publicValue)
 *   ticket = SHA-256(seed + "," + what + "," + id + "," + n)          n = 1 … weight
 *
 * all as lower-case hex digits in UTF-8. An entry's number is the least of its tickets; the least numbers win. That is Rivest's
 * consistent sampling (arXiv:1808.10016): the order of the list does not matter, and with w tickets an entry is drawn first w
 * times as often as with one. No floating point, so that every language gets the same.
 */

import { createHash } from 'node:crypto';
import { type Said, said } from './said.ts';

export const DRAW_FORMAT = 'mingzao-draw/1';

export const DRAW_SUBJECTS = ['merchants', 'cameras'] as const;
export type DrawSubject = (typeof DRAW_SUBJECTS)[number];

/** One that may be drawn. */
export interface DrawEntry {
  /** Code of the merchant or camera. */
  id: string;
  name: string;
  /** Code of the town, whose quota it counts towards. */
  town: string;
  /** Code of the merchant: itself, or that of the camera. */
  merchant: string;
  /** Tickets. */
  weight: number;
}

/** What is published before the draw: everything that the result depends on, but for the seed. */
export interface DrawList {
  subject: DrawSubject;
  /** Drawn of each town, or of all together: one of the two. */
  perTown: number | null;
  total: number | null;
  /** Inspectors sent to each; 0: none is drawn. */
  inspectorsEach: number;
  entries: DrawEntry[];
  /** User names. */
  inspectors: string[];
  /** Who must not be sent where: [user name, code of the merchant]. */
  conflicts: [string, string][];
  /** What the value from outside will be, and when it will be known; empty: there is none. */
  publicSource: string;
}

export interface DrawnEntry {
  id: string;
  /** Its least ticket: who doubts the result computes it again. */
  ticket: string;
  inspectors: string[];
}

/** In the order in which they were drawn, town after town. */
export type DrawResult = DrawnEntry[];

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** JSON with sorted keys and without spaces (RFC 8785 for what stands in a list: texts, whole numbers, null). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

export function listHash(list: DrawList): string {
  return sha256(canonical(list));
}

/** @param secret 64 hex digits */
export function commitmentOf(secret: string): string {
  return sha256(secret);
}

export function resultHash(result: DrawResult): string {
  return sha256(canonical(result));
}

export function seedOf(secret: string, hash: string, publicValue: string): string {
  return sha256([DRAW_FORMAT, secret, hash, publicValue].join(','));
}

/** Least of an entry's tickets. */
export function ticketOf(seed: string, what: 'entry' | 'inspector', id: string, weight = 1): string {
  let least = '';
  for (let n = 1; n <= weight; n += 1) {
    const ticket = sha256([seed, what, id, String(n)].join(','));
    if (least === '' || ticket < least) least = ticket;
  }
  return least;
}

const byTicket = (a: { ticket: string; id: string }, b: { ticket: string; id: string }): number =>
  a.ticket < b.ticket ? -1 : a.ticket > b.ticket ? 1 : a.id < b.id ? -1 : 1;

/** Draws. The same list and seed give the same result, whatever the order of the list. */
export function draw(list: DrawList, seed: string): DrawResult {
  const tickets = list.entries.map((entry) => ({
    ...entry,
    ticket: ticketOf(seed, 'entry', entry.id, entry.weight),
  }));
  const drawn =
    list.perTown === null
      ? tickets.toSorted(byTicket).slice(0, list.total ?? 0)
      : [...Map.groupBy(tickets, ({ town }) => town)]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .flatMap(([, ofTown]) => ofTown.toSorted(byTicket).slice(0, list.perTown ?? 0));
  return assign(list, seed, drawn);
}

/**
 * Inspectors for each drawn entry, in order: of those without a conflict the ones with the fewest so far, among equals the least
 * ticket of "entry/inspector". Fewer than asked where conflicts leave no more.
 */
function assign(
  list: DrawList,
  seed: string,
  drawn: readonly (DrawEntry & { ticket: string })[],
): DrawResult {
  const conflicts = new Set(list.conflicts.map(([inspector, merchant]) => canonical([inspector, merchant])));
  const load = new Map(list.inspectors.map((inspector) => [inspector, 0]));
  return drawn.map(({ id, merchant, ticket }) => {
    const free = list.inspectors
      .filter((inspector) => !conflicts.has(canonical([inspector, merchant])))
      .map((inspector) => ({
        id: inspector,
        load: load.get(inspector) ?? 0,
        ticket: ticketOf(seed, 'inspector', `${id}/${inspector}`),
      }))
      .sort((a, b) => a.load - b.load || byTicket(a, b));
    const sent = free.slice(0, list.inspectorsEach).map((one) => one.id);
    for (const inspector of sent) load.set(inspector, (load.get(inspector) ?? 0) + 1);
    return { id, ticket, inspectors: sent };
  });
}

/** Why a list cannot be drawn from; undefined: it can. */
export function listFault(list: DrawList): ({ field: string } & Said) | undefined {
  if ((list.perTown === null) === (list.total === null))
    return { field: 'perTown', ...said('per_town_or_total') };
  if (list.entries.length === 0) return { field: 'region', ...said('nothing_to_draw') };
  if (list.inspectors.length < list.inspectorsEach)
    return { field: 'inspectorsEach', ...said('too_few_inspectors', { inspectors: list.inspectors.length }) };
  return undefined;
}

/** A draw as it is handed out: enough to repeat it without this system. */
export interface DrawExport {
  format: typeof DRAW_FORMAT;
  number: string;
  region: string;
  committedAt: string;
  drawnAt: string;
  list: DrawList;
  listHash: string;
  commitment: string;
  secret: string;
  publicValue: string;
  seed: string;
  result: DrawResult;
  resultHash: string;
}

/** What in an export is not as it must be, in plain words; empty: the draw is right. */
export function verifyDraw(given: DrawExport): string[] {
  const faults: string[] = [];
  const expect = (name: string, is: string, should: string): void => {
    if (is !== should) faults.push(`${name} is ${is || 'missing'}, but should be ${should}`);
  };
  expect('listHash', given.listHash, listHash(given.list));
  expect('commitment', given.commitment, commitmentOf(given.secret));
  expect('seed', given.seed, seedOf(given.secret, listHash(given.list), given.publicValue));
  const result = draw(given.list, seedOf(given.secret, listHash(given.list), given.publicValue));
  expect('resultHash', given.resultHash, resultHash(result));
  for (const [index, should] of result.entries()) {
    const is = given.result[index];
    if (is?.id !== should.id)
      faults.push(`place ${index + 1} went to ${is?.id ?? 'nobody'}, but is ${should.id}'s`);
    else if (canonical(is) !== canonical(should))
      faults.push(
        `${is.id}: ticket or inspectors are not those that were drawn (${should.inspectors.join(', ')})`,
      );
  }
  if (given.result.length > result.length)
    faults.push(`${given.result.length} were drawn, but the quota is ${result.length}`);
  return faults;
}
