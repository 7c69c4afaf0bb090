/** Who sees which figures, wrong questions, and files for spreadsheets. */
import { beforeAll, expect, test } from 'vitest';
import { confirmFinding, dismissFinding } from '../../services/db/verdicts.ts';
import { addAccount, as, type Call, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const api = useApi();
let world: World;
let director: Call;
let eastInspector: Call;
let eastMerchant: Call;

beforeAll(async () => {
  world = await addWorld(api());
  const { db } = api().context;
  const actorId = await addAccount(api(), 'judge', 'inspector');
  director = await as(api(), 'director', 'director');
  eastInspector = await as(api(), 'east', 'inspector', { regionId: world.east });
  eastMerchant = await as(api(), 'owner', 'merchant', { merchantId: world.eastMerchant });
  for (const [index, camera] of [
    world.eastCamera,
    world.eastCamera,
    world.westCamera,
    world.westCamera,
  ].entries()) {
    const at = new Date(Date.parse('2026-11-19T15:30:00Z') + index * 3_600_000);
    const findingId = await addFinding(api(), camera, at);
    const order = { findingId, actorId, version: undefined, note: '' };
    if (index === 1) await dismissFinding(db, { ...order, reason: 'not_staff' }, at);
    else await confirmFinding(db, order, at);
  }
  await db
    .updateTable('merchant')
    .set({ name: '=HYPERLINK("http://x","a,b")' })
    .where('id', '=', world.westMerchant)
    .execute();
});

const found = async (call: Call, query: string) => {
  const answer = await call(`GET /statistics?from=2026-11-01&to=2026-11-21&${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<{
    totals: { counts: Record<string, number | null>; rates: Record<string, number | null> };
    items: { code: string | null; counts: Record<string, number | null> }[];
  }>();
};

test('each sees the own scope alone', async () => {
  const all = await found(director, 'groupBy=town');
  expect(all.items.map(({ code, counts }) => [code, counts.found])).toEqual([
    ['east', 2],
    ['east-west', 2],
  ]);
  const east = await found(eastInspector, 'groupBy=merchant');
  expect(east.items.map(({ code, counts }) => [code, counts.found])).toEqual([['em', 2]]);
  expect((await found(eastInspector, 'region=east-west')).totals.counts.found).toBe(0);
});

test('a precision counts what models found and people judged, with the lists behind it', async () => {
  const only = 'source=model&person=true&groupBy=kind';
  const { totals } = await found(director, only);
  expect(totals.counts).toMatchObject({ confirmed: 3, dismissed: 1, pending: 0 });
  expect((await found(director, 'source=tip')).totals.counts).toMatchObject({ found: 0, confirmed: 0 });
  const span = 'from=2026-11-01&to=2026-11-21';
  const list = await director(`GET /statistics/list?${span}&${only}&measure=confirmed&key=no_hat`);
  expect(list.json<{ items: unknown[] }>().items).toHaveLength(3);
  // A verdict that a policy gave says nothing of the model.
  const one = (await director(`GET /statistics/list?${span}&measure=dismissed`)).json<{
    items: { findingId: string }[];
  }>();
  await api()
    .context.db.updateTable('finding')
    .set({ verdict_by: null })
    .where('id', '=', one.items[0]?.findingId ?? '')
    .execute();
  expect((await found(director, only)).totals.counts).toMatchObject({ confirmed: 3, dismissed: 0 });
  expect((await found(director, 'source=model')).totals.counts).toMatchObject({ dismissed: 1 });
  const wrong = await director(`GET /statistics?${span}&source=nobody`);
  expect(wrong.json()).toMatchObject({ status: 400, errors: [{ field: 'query.source' }] });
});

test('a merchant sees its tasks and its cameras, and not how many leads there are', async () => {
  const { totals } = await found(eastMerchant, 'groupBy=camera');
  expect(totals.counts).toMatchObject({
    issued: 1,
    confirmed: 1,
    found: null,
    dismissed: null,
    pending: null,
  });
  expect(totals.rates.dismissal).toBeNull();
  const span = 'from=2026-11-01&to=2026-11-21';
  expect((await eastMerchant(`GET /statistics/list?${span}&measure=found`)).statusCode).toBe(403);
  const issued = (await eastMerchant(`GET /statistics/list?${span}&measure=issued`)).json<{
    items: unknown[];
  }>();
  expect(issued.items).toMatchObject([{ of: 'task', merchant: { code: 'em' } }]);
});

test('a finding belongs to the local day that it was seen on', async () => {
  // 15:30 and 16:30 UTC: half an hour before and after midnight in China.
  expect((await found(eastInspector, '')).totals.counts.found).toBe(2);
  const counts = async (day: string) =>
    (await eastInspector(`GET /statistics?from=${day}&to=${day}`)).json<{
      totals: { counts: { found: number } };
    }>().totals.counts.found;
  expect([await counts('2026-11-19'), await counts('2026-11-20')]).toEqual([1, 1]);
});

test.each([
  ['from=2026-02-30', 'query.from'],
  ['from=2026-11-02&to=2026-11-01', 'query.from'],
  ['from=2026-01-01&to=2026-11-01&step=day', 'query.from'],
  ['from=yesterday', 'query.from'],
  ['groupBy=colour', 'query.groupBy'],
  ['sort=beauty', 'query.sort'],
  ['class=4', 'query.class'],
])('%s is refused with the name of the field', async (query, field) => {
  const answer = await director(`GET /statistics?${query}`);
  expect(answer.statusCode).toBe(400);
  expect(answer.json<{ errors: { field: string }[] }>().errors[0]?.field).toBe(field);
});

test('CSV opens in Excel: a byte order mark, Chinese, and no formula from a name', async () => {
  const answer = await director(
    'GET /statistics/export?format=csv&from=2026-11-01&to=2026-11-21&groupBy=merchant&language=zh',
  );
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(answer.headers['content-disposition']).toContain('statistics-2026-11-01-2026-11-21.csv');
  expect([...answer.rawPayload.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const lines = answer.body.slice(1).split('\r\n');
  expect(lines[0]).toMatch(/^分组,编码,周期起始,发现,/);
  expect(lines.find((line) => line.includes('HYPERLINK'))).toMatch(
    /^"'=HYPERLINK\(""http:\/\/x"",""a,b""\)",wm,,2,/,
  );
  expect(lines.some((line) => line.startsWith('='))).toBe(false);
});

test('XLSX is a workbook whose texts are texts', async () => {
  const answer = await director(
    'GET /statistics/export?format=xlsx&from=2026-11-01&to=2026-11-21&groupBy=merchant&language=en',
  );
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toContain('spreadsheetml');
  expect(answer.rawPayload.subarray(0, 2).toString()).toBe('PK');
  expect(answer.rawPayload.length).toBeGreaterThan(2000);
});
