/** Whom a document is for: the merchant reads what is addressed to it, and does not hear that others were written to about it. */
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { baseOf, Stream } from '../api/event-client.ts';
import { addAccount, as, type Call, signIn, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const HOUR = 3_600_000;
const MERCHANTS = ['merchant', 'officer'];
const OTHERS = ['desk', 'head', 'cadre'];
const api = useApi();
let world: World;
let desk: Call;
const tokens = new Map<string, string>();
let task = '';
let back = 0;

interface Document {
  id: string;
  number: string;
  type: string;
}

beforeAll(async () => {
  await api().app.listen({ host: '127.0.0.1', port: 0 });
  world = await addWorld(api());
  desk = await as(api(), 'desk', 'inspector', { regionId: world.county });
  await addAccount(api(), 'head', 'station_head', { regionId: world.county });
  await addAccount(api(), 'root', 'operator');
  const cadre = await addAccount(api(), 'cadre', 'cadre', { regionId: world.county });
  await addAccount(api(), 'merchant', 'merchant', { merchantId: world.eastMerchant });
  await addAccount(api(), 'officer', 'food_safety_officer', { merchantId: world.eastMerchant });
  await api()
    .context.db.insertInto('cadre_merchant')
    .values({ account_id: cadre, merchant_id: world.eastMerchant, level: 'C' })
    .execute();
});
beforeEach(async () => {
  back += 1;
  const at = new Date(api().clock.now().getTime() - back * 2 * HOUR);
  const finding = await addFinding(api(), world.eastCamera, at);
  task = (await desk(`POST /findings/${finding}/confirm`)).json<{ taskId: string }>().taskId;
});

async function tokenOf(who: string): Promise<string> {
  const token = tokens.get(who) ?? (await signIn(api(), who));
  tokens.set(who, token);
  return token;
}
async function ask(who: string, path: string, method: 'GET' | 'POST' | 'PUT' = 'GET', payload?: object) {
  return await api().app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${await tokenOf(who)}`, 'idempotency-key': randomUUID() },
    ...(payload && { payload }),
  });
}
async function issue(type: string): Promise<Document> {
  const version = (await ask('head', `/tasks/${task}`)).json<{ version: number }>().version;
  const body = { type, version, reason: '见附件', recipient: '县公安局', pictures: [] };
  const answer = await ask('head', `/tasks/${task}/documents`, 'POST', body);
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<Document>();
}
/** All the ways by which one may come across the documents of the task. */
async function found(who: string, { id, number }: Document) {
  const list = (await ask(who, `/documents?task=${task}`)).json<{ items: Document[] }>().items;
  const { history } = (await ask(who, `/tasks/${task}`)).json<{ history: { reason: string }[] }>();
  return {
    list: list.some((one) => one.id === id),
    one: (await ask(who, `/documents/${id}`)).statusCode === 200,
    history: history.some(({ reason }) => reason.includes(number)),
  };
}
const ALL = { list: true, one: true, history: true };
const NONE = { list: false, one: false, history: false };

describe('documents of a task', () => {
  test.each(['lead_transfer', 'supervision', 'urging_letter'])(
    'the merchant comes across no %s, by whatever way; the office and its cadre do',
    async (type) => {
      const document = await issue(type);
      for (const who of MERCHANTS) expect([who, await found(who, document)]).toEqual([who, NONE]);
      for (const who of OTHERS) expect([who, await found(who, document)]).toEqual([who, ALL]);
      await ask('head', `/documents/${document.id}/void`, 'POST', { reason: '误发' });
      for (const who of MERCHANTS) {
        expect([who, await found(who, document)]).toEqual([who, NONE]);
        expect((await ask(who, `/tasks/${task}`)).body).not.toMatch(/误发|void_document/);
      }
    },
  );

  test.each(['rectification_order', 'interview', 'reminder', 'rectification_notice'])(
    'the merchant reads the %s that is for it',
    async (type) => {
      const document = await issue(type);
      for (const who of [...MERCHANTS, ...OTHERS])
        expect([who, await found(who, document)]).toEqual([who, ALL]);
    },
  );

  test('the merchant hears of those for it alone', async () => {
    const open = async (who: string) =>
      await new Stream().open(`${baseOf(api())}?types=document.issued,document.voided`, await tokenOf(who));
    const streams = { merchant: await open('merchant'), desk: await open('desk') };
    const letter = await issue('lead_transfer');
    await ask('head', `/documents/${letter.id}/void`, 'POST', { reason: '误发' });
    const order = await issue('rectification_order');
    const heard = async (stream: Stream) => {
      await stream.until(() => stream.received.some(({ data }) => data?.payload?.documentId === order.id));
      stream.close();
      return stream.received.map(({ type, data }) => [type, data?.payload?.number]);
    };
    expect(await heard(streams.merchant)).toEqual([['document.issued', order.number]]);
    expect(await heard(streams.desk)).toEqual([
      ['document.issued', letter.number],
      ['document.voided', letter.number],
      ['document.issued', order.number],
    ]);
  });
});

test('a type that a county makes is for the office, until it says that the merchant is its addressee', async () => {
  const put = async (body: object) => {
    const answer = await ask('root', '/document-types/fire_letter', 'PUT', body);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<{ toMerchant: boolean }>().toMerchant;
  };
  const [name, series] = ['消防隐患移交函', '食消函'];
  expect(await put({ after: null, name, series })).toBe(false);
  const template = { type: 'fire_letter', region: null, after: null, title: name, body: '{{reason}}' };
  expect((await ask('root', '/document-templates', 'POST', template)).statusCode).toBe(201);
  const document = await issue('fire_letter');
  expect(await found('merchant', document)).toEqual(NONE);
  expect(await put({ after: 1, name, series, toMerchant: true })).toBe(true);
  expect(await found('merchant', document)).toEqual(ALL);
  // Another name says nothing of whom it is for.
  expect(await put({ after: 2, name: '消防隐患告知书', series })).toBe(true);
  expect((await ask('root', '/document-types')).json()).toMatchObject({
    items: expect.arrayContaining([
      expect.objectContaining({ code: 'fire_letter', toMerchant: true }),
      expect.objectContaining({ code: 'lead_transfer', toMerchant: false }),
    ]),
  });
});
