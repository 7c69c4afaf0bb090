/**
 * The rights matrix: every route × every role, unauthenticated too, × inside and outside of the scope (other camera, other merchant,
 * other region). What is expected follows from routes.ts, from the table of rights, and from `isInside` below, not from the code
 * that decides. A route without a line fails.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDocument } from '../../services/api/openapi.ts';
import { startSession } from '../../services/api/sessions.ts';
import { addAccount, as, useApi } from '../api/support.ts';
import { addFinding } from './findings.ts';
import { addPeople, EVERYWHERE, isInside, NOBODY, PLACES_OF, roleMay, WHO, type Who } from './people.ts';
import { type Made, PLACES, type Place, type Site, type World } from './places.ts';
import { type Line, ROUTES } from './routes.ts';
import { type Level, type PlaceOf, THINGS, type Thing } from './things.ts';
import { addWorld, make } from './world.ts';

/** Every write leaves a row of history that names who did it, but for these: nothing of them lasts, or what lasts is a log itself. */
const SILENT: readonly string[] = [
  // A question only.
  'POST /api/v1/cameras/{id}/effect',
  'PUT /api/v1/desk/claim',
  'DELETE /api/v1/session',
  'POST /api/v1/document-templates/preview',
  'POST /api/v1/history-checks',
  'POST /api/v1/notify-targets/{id}/test',
  'POST /api/v1/policies/dry-run',
  // Begun only: what is kept of it says who sent it.
  'POST /api/v1/tasks/{id}/photo-uploads',
  'POST /api/v1/report-photo-uploads',
];

interface Expected {
  what: 'status' | 'done';
  status: number;
}
const refused = (status: number): Expected => ({ what: 'status', status });
const DONE: Expected = { what: 'done', status: 200 };

const api = useApi();
let world: World;
let base = '';
let accounts: ReadonlyMap<Who, string>;
const tokens = new Map<Who, string>();
const fixed = new Map<string, Made>();
let cases = 0;

beforeAll(async () => {
  const admin = await addAccount(api(), 'root', 'operator');
  world = await addWorld(api(), admin);
  accounts = await addPeople(api(), world);
  const call = await as(api(), 'token-giver', 'operator');
  const token = await call(`POST /accounts/${accounts.get('platform')}/tokens`, { name: 'matrix' });
  tokens.set('platform', token.json<{ token: string }>().token);
  // Everybody has stated a purpose: that alone opens nothing.
  const { db } = api().context;
  const now = api().clock.now();
  for (const account_id of accounts.values()) {
    const until = new Date(now.getTime() + 3_600_000);
    const grant = { account_id, purpose: 'patrol', camera_id: null, granted_at: now, expires_at: until };
    await db.insertInto('live_grant').values(grant).execute();
  }
  for (const thing of Object.keys(THINGS) as Thing[])
    for (const place of PLACES_OF[THINGS[thing]])
      fixed.set(`${thing} ${place}`, await make(api(), world, thing, world[place]));
  base = await api().app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(() => {
  const routes = Object.keys(ROUTES).length;
  process.stdout.write(
    `rights matrix: ${routes} routes × ${WHO.length} kinds of callers × places: ${cases} cases\n`,
  );
});

/** A session of its own for each case, so that none spoils the next. */
async function headersOf(who: Who): Promise<Record<string, string>> {
  if (who === NOBODY) return {};
  const accountId = accounts.get(who) ?? '';
  const begin = { accountId, address: '127.0.0.1', userAgent: '' };
  const token = tokens.get(who) ?? (await startSession(api().context.db, begin, api().clock.now())).token;
  return { authorization: `Bearer ${token}` };
}

interface Asked {
  who: Who;
  route: string;
  site: Site;
  made?: Made | undefined;
}

function queryOf(line: Line, place: PlaceOf): string {
  const asked = typeof line.query === 'function' ? line.query(place) : line.query;
  if (asked !== undefined) return `?${asked}`;
  return line.kind === 'list' ? '?limit=200' : '';
}

let address = 0;

async function ask({ who, route, site, made }: Asked): Promise<{ status: number; text: string }> {
  const line = ROUTES[route];
  if (line === undefined) throw new Error(`no line for ${route}`);
  const [method = 'GET', template = ''] = route.split(' ');
  const lineOne = line.kind === 'one' ? line.one : undefined;
  const given = 'body' in line ? line.body : undefined;
  const here = await placeOf(site, typeof given === 'function');
  const path = template
    .replace('{id}', made?.id ?? randomUUID())
    .replace('{one}', (lineOne && made?.[lineOne]) ?? randomUUID())
    .replace('{kind}', 'picture')
    // A name of its own for what a body places; else one that everybody means.
    .replace('{code}', made?.code ?? (line.kind === 'named' ? `n-${here.tag}` : 'other'))
    .replace('{format}', 'auto');
  const body = typeof given === 'function' ? given(here) : given;
  address += 1;
  if (line.kind === 'stream' || line.opens === true)
    return await openStream(path + queryOf(line, here), await headersOf(who));
  const answer = await api().app.inject({
    method: method as 'GET',
    url: path + queryOf(line, here),
    remoteAddress: `10.${address >> 16}.${(address >> 8) & 255}.${address & 255}`,
    headers: {
      ...(await headersOf(who)),
      'idempotency-key': randomUUID(),
      ...(Buffer.isBuffer(body) && { 'content-type': 'image/jpeg' }),
      ...(typeof body === 'string' && { 'content-type': 'text/csv' }),
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: answer.statusCode, text: answer.body };
}

/** @param adds the body may name a finding */
const placeOf = async (site: Site, adds: boolean): Promise<PlaceOf> => ({
  region: site.regionCode,
  merchant: site.merchantCode,
  gateway: `${site.merchantCode}-box`,
  camera: site.cameraCode,
  finding: adds ? await addFinding(api().context.db, site) : '',
  task: fixed.get(`task ${PLACES.find((place) => world[place] === site)}`)?.id ?? '',
  tag: randomUUID().slice(0, 8),
});

/** A stream never ends by itself: its head is enough. */
async function openStream(path: string, headers: Record<string, string>) {
  const stop = new AbortController();
  const answer = await fetch(base + path, { headers, signal: stop.signal });
  stop.abort();
  return { status: answer.status, text: '' };
}

function expectedOf(line: Line, who: Who, place: Place): Expected {
  if (line.kind === 'open') return refused(line.status);
  if (who === NOBODY) return refused(401);
  if (line.kind === 'own') return DONE;
  if (!roleMay(who, line.action)) return refused(403);
  switch (line.kind) {
    case 'whole':
      return line.everywhere === true && who !== EVERYWHERE ? refused(403) : DONE;
    case 'stream':
    case 'list':
      return refused(200);
    case 'one':
      return isInside(who, THINGS[line.thing], place) ? DONE : refused(404);
    case 'named': {
      const may = line.needs === undefined || roleMay(who, line.needs);
      return may && isInside(who, line.level, place) ? DONE : refused(line.outside);
    }
  }
}

function isAsExpected(line: Line, expected: Expected, status: number): boolean {
  if (expected.what === 'status') return status === expected.status;
  const done = status >= 200 && status < 300;
  return done || status === 409 || (line.also?.includes(status) ?? false);
}

const levelOf = (line: Line): Level | undefined =>
  line.kind === 'one' ? THINGS[line.thing] : line.kind === 'named' ? line.level : undefined;

/** What a list shows of a thing. */
function markOf(thing: Thing, place: Place): string {
  const made = fixed.get(`${thing} ${place}`);
  return made?.shown ?? made?.id ?? '';
}

/** What of a list's answer does not fit the scope. */
function wrongIn(line: Line & { kind: 'list' }, who: Who, text: string): string[] {
  const level = THINGS[line.thing];
  return PLACES_OF[level].flatMap((place) => {
    const mark = markOf(line.thing, place);
    const shown = text.includes(`"${mark}"`);
    const expected = PLACES_OF[level].some(
      (other) => markOf(line.thing, other) === mark && isInside(who, level, other),
    );
    return shown === expected ? [] : [`${place} is ${shown ? 'shown' : 'missing'}`];
  });
}

test('every route of the OpenAPI document has a line, and no line is left over', async () => {
  const document = JSON.parse(await makeDocument()) as { paths: Record<string, Record<string, unknown>> };
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(Object.keys(ROUTES).sort()).toEqual(routes.sort());
});

/** Rows of history that say that this account did something. */
async function doneBy(who: Who): Promise<number> {
  const { count } = await api()
    .context.db.selectFrom('history')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('actor_id', '=', accounts.get(who) ?? '')
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Lists first: later cases add things. */
const ORDER = Object.entries(ROUTES).sort(
  ([, a], [, b]) => Number(b.kind === 'list') - Number(a.kind === 'list'),
);

describe('rights', () => {
  test.each(ORDER)('%s', async (route, line) => {
    const { db } = api().context;
    const level = levelOf(line);
    const wrong: string[] = [];
    // Asked of the route as a whole: who writes what stands there already changes nothing.
    let done = 0;
    let written = 0;
    for (const who of WHO) {
      for (const place of level === undefined ? (['inside'] as const) : PLACES_OF[level]) {
        cases += 1;
        const site = world[place];
        const expected = expectedOf(line, who, place);
        const changes = !route.startsWith('GET ') && expected.what === 'done';
        const made =
          line.kind !== 'one'
            ? undefined
            : changes
              ? await make(api(), world, line.thing, site)
              : fixed.get(`${line.thing} ${place}`);
        const before = changes ? await doneBy(who) : 0;
        const { status, text } = await ask({ who, route, site, made });
        if (changes && status < 300) {
          done += 1;
          written += (await doneBy(who)) - before;
        }
        if (!isAsExpected(line, expected, status))
          wrong.push(`${who}, ${place}: ${status}, not ${expected.status} ${text.slice(0, 200)}`);
        if (line.kind === 'list' && status === 200)
          wrong.push(...wrongIn(line, who, text).map((what) => `${who}: ${what}`));
        if (line.kind === 'named' && expected.status === 200 && expected.what === 'status')
          expect(text).not.toContain('"done":true');
        await db
          .updateTable('camera')
          .set({ removed_at: null })
          .where('removed_at', 'is not', null)
          .where(
            'code',
            'in',
            PLACES.map((one) => world[one].cameraCode),
          )
          .execute();
      }
    }
    if (done > 0 && written === 0 && !SILENT.includes(route)) wrong.push('leaves no row of history');
    expect(wrong).toEqual([]);
  });
});
