import { createECDH, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowedFrom } from '../../services/outbound/address.ts';
import { createOutbound } from '../../services/outbound/request.ts';
import { tellDue } from '../../workers/outbox/messages/round.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';
import { type Company, startCompany } from './support/company.ts';

const api = useApi();
let world: World;
let company: Company;
let operator: Call;
let inspector: Call;
let owner: Call;
let stranger: Call;

const HABITS = { language: 'en', quiet: null, topics: ['task'], leastClass: 3 };
const robot = (key: string) => ({ channel: 'wecom', url: `${company.url}/send?key=${key}` });
const tell = async (seconds = 70): Promise<void> => {
  const { db, sealer, now, config } = api().context;
  api().clock.move(seconds * 1000);
  await tellDue({
    db,
    sealer,
    now,
    publicUrl: config.publicUrl,
    outbound: createOutbound(allowedFrom(['127.0.0.1'])),
    line: { command: () => Promise.reject(new Error('no broker here')), close: async () => {} },
    claimer: 'test',
    random: () => 0.5,
  });
};
const confirmed = async (): Promise<void> => {
  const id = await addFinding(api(), world.eastCamera, api().clock.now());
  expect((await inspector(`POST /findings/${id}/confirm`, {})).statusCode).toBe(200);
};
const someone = () => `person-${randomUUID().slice(0, 8)}`;

beforeAll(async () => {
  world = await addWorld(api());
  company = await startCompany();
  operator = await as(api(), 'admin', 'operator');
  inspector = await as(api(), 'inspector', 'inspector', { regionId: world.east });
  owner = await as(api(), 'owner', 'merchant', { merchantId: world.eastMerchant });
  stranger = await as(api(), 'stranger', 'merchant', { merchantId: world.westMerchant });
});
afterAll(() => company.close());

test('a person adds an address, tests it, and is told; the operator sees every sending', async () => {
  const first = (await owner('GET /my/notifications')).json();
  expect(first).toMatchObject({
    habits: { topics: ['task'] },
    targets: [],
    pushKey: expect.stringMatching(/^[\w-]{87}$/),
  });
  expect((await owner('PUT /my/notifications', HABITS)).statusCode).toBe(200);
  const added = await owner('POST /my/notifications/targets', robot('mine'));
  expect([added.statusCode, added.json()]).toMatchObject([
    201,
    { channel: 'wecom', shown: new URL(company.url).host },
  ]);
  expect(added.body).not.toContain('key=');
  const { id } = added.json<{ id: string }>();

  expect((await owner(`POST /my/notifications/targets/${id}/test`)).statusCode).toBe(202);
  expect((await owner(`POST /my/notifications/targets/${id}/test`)).statusCode).toBe(429);
  await tell(1);
  expect(company.received[0]?.text).toContain('This is a test');

  company.answer = () => ({ json: { errcode: 93000, errmsg: 'invalid webhook url' } });
  await confirmed();
  await tell();
  const page = (await operator('GET /messages?state=dead&account=owner')).json();
  expect(page).toMatchObject({
    counts: { delivered: 1, dead: 1 },
    items: [
      {
        account: 'owner',
        class: 2,
        title: '[Mingzao] merchant em: no hat to be handled',
        attempts: 1,
        lastStatus: 93000,
      },
    ],
  });
  const [dead] = page.items;
  const detail = (await operator(`GET /messages/${dead.id}`)).json();
  expect(detail.sendings).toMatchObject([{ attempt: 1, ok: false, status: 93000 }]);
  const alert = detail.notifications[0].subject.slice('alert:'.length);
  expect((await operator(`GET /notifications?alert=${alert}`)).json().items).toMatchObject([
    {
      account: 'owner',
      about: 'new',
      occurrence: 1,
      state: 'gathered',
      messageId: dead.id,
      messageState: 'dead',
    },
  ]);
  // The robot is no more: its address was forgotten, so sending again has nowhere to go, and says so.
  expect((await owner('GET /my/notifications')).json().targets).toEqual([]);
  expect((await operator(`POST /messages/${dead.id}/retry`)).statusCode).toBe(200);
  await tell(1);
  expect((await operator(`GET /messages/${dead.id}`)).json()).toMatchObject({
    state: 'stopped',
    lastError: 'removed',
  });
  expect((await operator(`POST /messages/${dead.id}/retry`)).statusCode).toBe(409);
  company.answer = () => ({ json: { errcode: 0 } });
  expect((await owner('GET /my/notifications/messages')).json().items).toHaveLength(2);
});

test('subscribing a browser anew replaces its old address; another browser is another address', async () => {
  const me = await as(api(), someone(), 'merchant', { merchantId: world.eastMerchant });
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  const subscribe = (device: string, endpoint: string) =>
    me('POST /my/notifications/targets', {
      channel: 'push',
      device,
      subscription: {
        endpoint,
        keys: { p256dh: keys.getPublicKey('base64url'), auth: Buffer.alloc(16).toString('base64url') },
      },
    });
  for (const [device, endpoint] of [
    ['browser-1', 'https://push.test/1'],
    ['browser-1', 'https://push.test/2'],
    ['browser-2', 'https://push.test/3'],
  ] as const)
    expect((await subscribe(device, endpoint)).statusCode).toBe(201);
  const { targets } = (await me('GET /my/notifications')).json<{ targets: { device: string }[] }>();
  expect(targets.map(({ device }) => device).sort()).toEqual(['browser-1', 'browser-2']);
});

describe('what is wrong is named', () => {
  test.each([
    [
      'PUT /my/notifications',
      { ...HABITS, quiet: { from: '25:00', to: '07:00', timeZone: 'Asia/Shanghai' } },
      'quiet',
    ],
    [
      'PUT /my/notifications',
      { ...HABITS, quiet: { from: '22:00', to: '07:00', timeZone: 'Mars/Olympus' } },
      'timeZone',
    ],
    ['POST /my/notifications/targets', { channel: 'sms', phone: '12' }, 'phone'],
    ['POST /my/notifications/targets', { channel: 'wecom', url: 'ftp://x' }, 'url'],
    ['POST /my/notifications/targets', { channel: 'webhook', url: 'https://x.example' }, 'secret'],
    [
      'POST /my/notifications/targets',
      { channel: 'webhook', url: 'https://x.example', secret: 'open' },
      'secret',
    ],
  ])('%s %j', async (what, body, field) => {
    const answer = await owner(what, body);
    expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining(field)]);
  });

  test('a field of a text message that does not exist', async () => {
    const answer = await operator('PUT /sms-providers', {
      region: 'east',
      name: 'sms',
      request: {
        url: 'https://sms.test/',
        method: 'POST',
        headers: {},
        contentType: 'application/json',
        body: '{"to":"{{fone}}"}',
        success: null,
      },
    });
    expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining('{{fone}}')]);
  });
});

test('addresses and sendings of others are nobody else’s business', async () => {
  const mine = await owner('POST /my/notifications/targets', robot('private'));
  const { id } = mine.json<{ id: string }>();
  expect((await stranger(`DELETE /my/notifications/targets/${id}`)).statusCode).toBe(404);
  expect((await stranger(`POST /my/notifications/targets/${id}/test`)).statusCode).toBe(404);
  for (const route of [
    'GET /messages',
    'GET /notifications',
    'GET /notify-targets',
    'GET /notify-policies',
    'GET /sms-providers',
  ])
    expect((await stranger(route)).statusCode).toBe(403);
  expect((await stranger(`GET /merchants/${world.eastMerchant}/notify-duties`)).statusCode).toBe(404);
  const westOperator = await as(api(), someone(), 'operator', { regionId: world.west });
  expect((await westOperator('GET /messages')).json().items).toEqual([]);
  const shared = await operator('POST /notify-targets', {
    ...robot('group'),
    region: 'east',
    habits: HABITS,
  });
  expect(shared.statusCode).toBe(201);
  expect((await westOperator(`DELETE /notify-targets/${shared.json<{ id: string }>().id}`)).statusCode).toBe(
    404,
  );
  expect((await owner(`DELETE /my/notifications/targets/${id}`)).statusCode).toBe(204);
});

test('groups: of a region, of a merchant, a buzzer at a gateway of the merchant and at no other', async () => {
  const group = await operator('POST /notify-targets', {
    ...robot('desk'),
    name: 'desk',
    region: 'east',
    habits: { ...HABITS, topics: ['finding'] },
  });
  expect(group.json()).toMatchObject({ name: 'desk', region: { code: 'east' }, merchant: null });
  const buzzer = (gateway: string) =>
    operator('POST /notify-targets', { channel: 'gateway', gateway, merchant: 'em', habits: HABITS });
  expect((await buzzer('em-box')).json()).toMatchObject({
    channel: 'gateway',
    shown: 'MQTT',
    merchant: { code: 'em' },
  });
  expect([(await buzzer('wm-box')).statusCode, (await buzzer('wm-box')).body]).toEqual([
    400,
    expect.stringContaining('gateway'),
  ]);
  company.received.length = 0;
  // A finding of its own, not one more sight of the last.
  api().clock.move(2 * 3_600_000);
  await addFinding(api(), world.eastCamera, api().clock.now());
  await tell();
  expect(company.received.map(({ path }) => path)).toEqual(['/send?key=desk']);
  const { id } = group.json<{ id: string }>();
  expect((await operator(`PATCH /notify-targets/${id}`, { enabled: false })).json()).toMatchObject({
    enabled: false,
  });
  expect((await operator(`DELETE /notify-targets/${id}`)).statusCode).toBe(204);
});

test('the owner says who of the people is told what', async () => {
  const officer = someone();
  await as(api(), officer, 'food_safety_officer', { merchantId: world.eastMerchant });
  const path = `/merchants/${world.eastMerchant}/notify-duties`;
  const changed = await owner(`PUT ${path}`, {
    duties: [{ account: officer, topics: ['task', 'fault'], step: 2 }],
  });
  expect(changed.json<{ people: object[] }>().people).toContainEqual({
    account: officer,
    displayName: '',
    channels: [],
    topics: ['task', 'fault'],
    step: 2,
  });
  const wrong = await owner(`PUT ${path}`, { duties: [{ account: 'stranger', topics: [], step: 1 }] });
  expect([wrong.statusCode, wrong.body]).toEqual([400, expect.stringContaining('duties.0.account')]);
});

test('policies and providers, each change with its author; what is secret is never shown', async () => {
  const settings = {
    waitS: 30,
    graveWaitS: 5,
    intervalS: 600,
    graveIntervalS: 20,
    reminderMin: 60,
    graveReminderMin: 10,
    mostReminders: 2,
    graveThroughQuiet: true,
    buzzerMin: 10,
  };
  expect((await operator('PUT /notify-policies', { region: null, settings })).json()).toEqual({
    region: null,
    settings,
  });
  expect(
    (await operator('PUT /notify-policies', { region: null, settings: { ...settings, waitS: 20 } }))
      .statusCode,
  ).toBe(200);
  expect((await operator('GET /notify-policies')).json().items).toHaveLength(1);
  const slow = await operator('PUT /notify-policies', {
    region: 'east',
    settings: { ...settings, graveWaitS: 120 },
  });
  expect([slow.statusCode, slow.body]).toEqual([400, expect.stringContaining('settings.graveWaitS')]);
  const request = {
    url: 'https://sms.test/send?to={{phone}}',
    method: 'GET',
    headers: { authorization: 'Basic topsecret' },
    contentType: 'application/json',
    body: '',
    success: { contains: 'OK' },
  };
  const provider = await operator('PUT /sms-providers', { region: 'east', name: 'county sms', request });
  expect([provider.statusCode, provider.json()]).toMatchObject([
    200,
    { name: 'county sms', host: 'sms.test' },
  ]);
  expect((await operator('GET /sms-providers')).body).not.toContain('topsecret');
  const audit = await api()
    .context.db.selectFrom('history')
    .select(['entity', 'to_state'])
    .where('entity', 'in', [
      'notify_policy',
      'sms_provider',
      'notify_target',
      'notify_setting',
      'notify_duty',
    ])
    .execute();
  expect(new Set(audit.map(({ entity }) => entity)).size).toBe(5);
});
