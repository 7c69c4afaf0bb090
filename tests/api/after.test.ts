/** What is written whole comes after the version that was looked at: nobody writes over what another wrote meanwhile. */
import { beforeAll, describe, expect, test } from 'vitest';
import { as, type Call, signIn, useApi } from './support.ts';
import { addWorld } from './world.ts';

const api = useApi();
let operator: Call;
beforeAll(async () => {
  await addWorld(api());
  operator = await as(api(), 'writer', 'operator');
});

const DAYS = [{ date: '2026-10-01', type: 'off', name: '国庆节' }];
const ITEM = { code: 'a', text: '查', textEn: 'look', kinds: [], faults: false };

interface Kind {
  name: string;
  /** One that is the first of its place, written with `text` in it. */
  write: (after: number | null | undefined, text: string) => ReturnType<Call>;
  /** The text that is there. */
  read: () => Promise<unknown>;
}
const itemsOf = async (path: string): Promise<Record<string, unknown>[]> =>
  (await operator(`GET ${path}`)).json<{ items: Record<string, unknown>[] }>().items;
const KINDS: Kind[] = [
  {
    name: 'a calendar',
    write: (after, text) => operator('PUT /calendars/cn-2026', { after, name: text, days: DAYS, terms: [] }),
    read: async () => (await operator('GET /calendars/cn-2026')).json().name,
  },
  {
    name: 'a type of document',
    write: (after, text) => operator('PUT /document-types/warning', { after, name: '警示函', series: text }),
    read: async () => (await itemsOf('/document-types')).find(({ code }) => code === 'warning')?.series,
  },
  {
    name: 'a template',
    write: (after, text) =>
      operator('POST /document-templates', {
        after,
        type: 'interview',
        region: 'county',
        title: text,
        body: text,
      }),
    read: async () =>
      (await itemsOf('/document-templates')).find(
        (one) => one.type === 'interview' && one.region === 'county',
      )?.title,
  },
  {
    name: 'a checklist',
    write: (after, text) =>
      operator('POST /checklists', {
        after,
        region: 'county',
        merchantType: 'canteen',
        period: 'day',
        title: text,
        titleEn: text,
        items: [ITEM],
      }),
    read: async () => (await itemsOf('/checklists')).find((one) => one.region === 'county')?.title,
  },
  {
    name: 'a policy',
    write: (after, text) => operator('POST /policies', { after, region: 'county', note: text, document: {} }),
    read: async () => (await itemsOf('/policies?region=county&inForce=true'))[0]?.note,
  },
];

describe.each(KINDS)('$name', ({ write, read }) => {
  test('comes after the version that was looked at, and a new one is not written over one that is there', async () => {
    const silent = await write(undefined, 'of nothing');
    expect(silent.json()).toMatchObject({ status: 400, errors: [{ field: 'after' }] });
    const early = await write(1, 'of nothing');
    expect(early.json()).toMatchObject({ status: 409, code: 'changed_meanwhile', version: null });
    expect(await read()).toBe(undefined);

    const first = await write(null, 'first');
    expect(first.json()).toMatchObject({ version: 1 });
    api().clock.move(1000);
    const again = await write(null, 'again');
    expect(again.json()).toMatchObject({ status: 409, code: 'there_already', version: 1 });
    expect(await read()).toBe('first');

    expect((await write(1, 'second')).json()).toMatchObject({ version: 2 });
    const late = await write(1, 'late');
    expect(late.json()).toMatchObject({ status: 409, code: 'changed_meanwhile', why: 'changed', version: 2 });
    expect(await read()).toBe('second');

    api().clock.move(1000);
    const both = await Promise.all([write(2, 'left'), write(2, 'right')]);
    expect(both.map(({ statusCode }) => Math.floor(statusCode / 100)).sort()).toEqual([2, 4]);
    const won = both[0]?.statusCode === 409 ? 'right' : 'left';
    expect(await read()).toBe(won);
  });
});

test('a calendar’s file comes after the version that was looked at too', async () => {
  const token = await signIn(api(), 'writer');
  const send = (query: string) =>
    api().app.inject({
      method: 'POST',
      url: `/api/v1/calendars/file-2026/import?name=x${query}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      payload: 'date,type,name\n2026-01-01,off,元旦\n',
    });
  expect((await send('')).json()).toMatchObject({ version: 1 });
  expect((await send('')).json()).toMatchObject({ status: 409, code: 'there_already' });
  expect((await send('&after=2')).json()).toMatchObject({ status: 409, code: 'changed_meanwhile' });
  expect((await send('&after=1')).json()).toMatchObject({ version: 2 });
  expect((await send('&after=x')).json()).toMatchObject({ errors: [{ field: 'query.after' }] });
});

test('a policy that is not in force yet counts, one that was taken back does not', async () => {
  const effectiveFrom = new Date(api().clock.now().getTime() + 86_400_000).toISOString();
  const write = (after: number | null, more: object) =>
    operator('POST /policies', { after, region: 'east', document: {}, ...more });
  const newest = async () => (await operator('GET /policies/inherited?region=east')).json();
  expect(await newest()).toMatchObject({ version: null, newest: null });
  const coming = (await write(null, { effectiveFrom })).json<{ id: string }>();
  expect(await newest()).toMatchObject({ version: null, newest: 1 });
  expect((await write(null, {})).statusCode).toBe(409);
  expect((await operator(`DELETE /policies/${coming.id}`)).statusCode).toBe(204);
  expect((await write(1, {})).json()).toMatchObject({ status: 409, version: null });
  expect((await write(null, {})).json()).toMatchObject({ version: 2 });
});

test('two who change other fields of one platform at once both keep theirs', async () => {
  const platform = { name: 'broker', url: 'mqtts://old.example.org', topicPrefix: 'old' };
  const { id } = (await operator('POST /webhooks', platform)).json<{ id: string }>();
  for (let round = 1; round <= 5; round += 1) {
    const changes = [{ url: `mqtts://new${round}.example.org` }, { topicPrefix: `new${round}` }];
    const answers = await Promise.all(changes.map((change) => operator(`PATCH /webhooks/${id}`, change)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect((await operator(`GET /webhooks/${id}`)).json()).toMatchObject(Object.assign({}, ...changes));
  }
});
