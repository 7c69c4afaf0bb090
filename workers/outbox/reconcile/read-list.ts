/** A platform's list of cases: GET url?since=…&cursor=… → {items: [{number, state, version?, externalRef?}], nextCursor?}. */
import type { CaseThere } from '../../../services/domain/reconcile.ts';
import { TASK_STATES } from '../../../services/domain/words.ts';
import type { Outbound } from '../../../services/outbound/request.ts';

const MOST_PAGES = 500;
const MOST_CASES = 100_000;
const LIMITS = { withinMs: 30_000, maxBytes: 8 * 1024 * 1024 };

const STATES: readonly string[] = [...TASK_STATES, 'open', 'closed'];

/**
 * Reads all pages. A case that moved from one page to another between the requests comes twice: what was said last counts.
 * @throws Error in plain words; an error in the list names page and field
 */
export async function readCaseList(
  outbound: Outbound,
  source: { url: string; token: string | null; since: Date },
): Promise<CaseThere[]> {
  const cases = new Map<string, CaseThere>();
  let cursor: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const url = new URL(source.url);
    url.searchParams.set('since', source.since.toISOString());
    if (cursor !== undefined) url.searchParams.set('cursor', cursor);
    const { status, body } = await outbound(
      {
        url: url.href,
        method: 'GET',
        headers: {
          accept: 'application/json',
          ...(source.token !== null && { authorization: `Bearer ${source.token}` }),
        },
      },
      LIMITS,
    );
    if (status !== 200) throw new Error(`the list was answered with ${status}`);
    const list = parsePage(body.toString('utf8'), page);
    for (const one of list.items) cases.set(one.number, one);
    if (cases.size > MOST_CASES) throw new Error(`the list has more than ${MOST_CASES} cases`);
    if (list.nextCursor === undefined) return [...cases.values()];
    if (list.nextCursor === cursor) throw new Error(`page ${page} leads back to itself`);
    cursor = list.nextCursor;
  }
  throw new Error(`the list has more than ${MOST_PAGES} pages`);
}

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsePage(text: string, page: number): { items: CaseThere[]; nextCursor: string | undefined } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`page ${page} is not JSON`);
  }
  if (!isObject(value) || !Array.isArray(value.items))
    throw new Error(`page ${page}: items: should be a list of cases`);
  const { nextCursor = null } = value;
  if (nextCursor !== null && typeof nextCursor !== 'string')
    throw new Error(`page ${page}: nextCursor: should be a text, or missing at the end`);
  const items = value.items.map((item: unknown, index) => parseCase(item, `page ${page}: items.${index}`));
  return { items, nextCursor: nextCursor === null || nextCursor === '' ? undefined : nextCursor };
}

function parseCase(item: unknown, at: string): CaseThere {
  if (!isObject(item)) throw new Error(`${at}: should be a case`);
  const { number, state, version = null, externalRef = null } = item;
  if (typeof number !== 'string' || number === '' || number.length > 40)
    throw new Error(`${at}.number: should be the number of a task`);
  if (!isState(state)) throw new Error(`${at}.state: should be one of ${STATES.join(', ')}`);
  if (version !== null && !(Number.isSafeInteger(version) && Number(version) >= 1))
    throw new Error(`${at}.version: should be a whole number, at least 1`);
  if (
    externalRef !== null &&
    (typeof externalRef !== 'string' || !/\S/.test(externalRef) || externalRef.length > 200)
  )
    throw new Error(`${at}.externalRef: should be a text of 1 to 200 characters`);
  return {
    number,
    state,
    ...(version !== null && { version: Number(version) }),
    ...(typeof externalRef === 'string' && { externalRef }),
  };
}

function isState(state: unknown): state is CaseThere['state'] {
  return typeof state === 'string' && STATES.includes(state);
}
