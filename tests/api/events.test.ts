import { connect, createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendEvent, type NewEvent } from '../../services/db/events.ts';
import { EVENT_TYPES } from '../../services/domain/event-types.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { baseOf, Stream } from './event-client.ts';
import { type Api, addAccount, signIn, startApi, stopApi, useApi } from './support.ts';
import { addWorld, type World } from './world.ts';

const happens = (api: Api, n: number, more: Partial<NewEvent> = {}) =>
  appendEvent(api.context.db, {
    type: 'camera.state',
    regionPath: 'county.east',
    merchantId: null,
    payload: { n },
    ...more,
  });

describe('event stream', () => {
  const api = useApi({ heartbeatMs: 100 });
  let world: World;
  let token = '';
  beforeAll(async () => {
    world = await addWorld(api());
    await addAccount(api(), 'admin', 'operator');
    token = await signIn(api(), 'admin');
    await api().app.listen({ host: '127.0.0.1', port: 0 });
  });

  test('tells what happens, in order, and continues after the last that was heard', async () => {
    const first = await new Stream().open(baseOf(api()), token);
    for (const n of [1, 2, 3]) await happens(api(), n);
    await first.until(() => first.received.length >= 3);
    expect(first.numbers).toEqual([1, 2, 3]);
    first.close();
    for (const n of [4, 5]) await happens(api(), n);
    const second = await new Stream().open(baseOf(api()), token, {
      'last-event-id': first.received[1]?.id ?? '',
    });
    await second.until(() => second.received.length >= 3);
    await happens(api(), 6);
    await second.until(() => second.received.length >= 4);
    expect(second.numbers).toEqual([3, 4, 5, 6]);
    second.close();
  });

  test('no event is stepped over that was numbered earlier and committed later', async () => {
    const stream = await new Stream().open(baseOf(api()), token);
    const late = new pg.Client({ connectionString: api().databaseUrl });
    await late.connect();
    await late.query('begin');
    await late.query(
      `insert into event (type, region_path, merchant_id, payload) values ('camera.state', 'county.east', null, '{"n": 10}')`,
    );
    await happens(api(), 11);
    // While the older transaction is open, nobody hears of the younger one.
    const before = stream.comments;
    await stream.until(() => stream.comments > before);
    expect(stream.received).toEqual([]);
    await late.query('commit');
    await late.end();
    await stream.until(() => stream.received.length >= 2);
    expect(stream.numbers).toEqual([10, 11]);
    stream.close();
  });

  test('types can be chosen; a wrong one and a wrong id are said so', async () => {
    const stream = await new Stream().open(`${baseOf(api())}?types=task.issued,gateway.state`, token);
    await happens(api(), 20);
    await happens(api(), 21, { type: 'gateway.state' });
    await stream.until(() => stream.received.length >= 1);
    expect(stream.numbers).toEqual([21]);
    expect(stream.received[0]?.type).toBe('gateway.state');
    stream.close();
    await expect(new Stream().open(`${baseOf(api())}?types=nonsense`, token)).rejects.toThrow('query.types');
    await expect(new Stream().open(baseOf(api()), token, { 'last-event-id': 'x' })).rejects.toThrow(
      'Last-Event-ID',
    );
    await expect(
      new Stream().open(baseOf(api()), token, { 'last-event-id': '99999999999999999999-1' }),
    ).rejects.toThrow('Last-Event-ID');
  });

  test('an id of another database is answered with reset', async () => {
    const stream = await new Stream().open(baseOf(api()), token, {
      'last-event-id': '18446744073709551000-5',
    });
    await stream.until(() => stream.received.length >= 1);
    expect(stream.received[0]).toMatchObject({ type: 'reset' });
    await happens(api(), 30);
    await stream.until(() => stream.received.length >= 2);
    expect(stream.numbers[1]).toBe(30);
    stream.close();
  });

  test('each hears what lies in its scope, and a merchant nothing of findings', async () => {
    await addAccount(api(), 'east', 'inspector', { regionId: world.east });
    await addAccount(api(), 'em', 'merchant', { merchantId: world.eastMerchant });
    const [inspector, merchant] = await Promise.all([
      new Stream().open(baseOf(api()), await signIn(api(), 'east')),
      new Stream().open(baseOf(api()), await signIn(api(), 'em')),
    ]);
    await happens(api(), 40, { regionPath: 'county.east-west', merchantId: world.westMerchant });
    await happens(api(), 41, { type: 'finding.created', merchantId: world.eastMerchant });
    await happens(api(), 42, {
      type: 'task.issued',
      regionPath: 'county.east-west',
      merchantId: world.westMerchant,
    });
    await happens(api(), 43, { type: 'task.issued', merchantId: world.eastMerchant });
    await inspector.until(() => inspector.received.length >= 2);
    await merchant.until(() => merchant.received.length >= 1);
    expect(inspector.numbers).toEqual([41, 43]);
    expect(merchant.numbers).toEqual([43]);
    inspector.close();
    merchant.close();
  });

  test('each role hears of what it may read, type by type, and of an unknown type nobody hears', async () => {
    const people = ['merchant', 'cadre', 'platform', 'inspector', 'operator'] as const;
    const streams = new Map<string, Stream>();
    for (const role of people) {
      const scope = role === 'merchant' ? { merchantId: world.eastMerchant } : {};
      const id = await addAccount(api(), `hears-${role}`, role, scope);
      if (role === 'cadre')
        await api()
          .context.db.insertInto('cadre_merchant')
          .values({ account_id: id, merchant_id: world.eastMerchant, level: 'C' })
          .execute();
      streams.set(role, await new Stream().open(baseOf(api()), await signIn(api(), `hears-${role}`)));
    }
    const place = { regionPath: 'county.east', merchantId: world.eastMerchant };
    for (const type of EVENT_TYPES) await happens(api(), 50, { ...place, type });
    await api()
      .context.db.insertInto('event')
      .values({
        type: 'nonsense.new',
        region_path: 'county.east',
        merchant_id: world.eastMerchant,
        payload: '{}',
      })
      .execute();
    await happens(api(), 51, { ...place, type: 'task.issued' });
    const heard = async (role: string) => {
      const stream = streams.get(role);
      if (stream === undefined) throw new Error(role);
      await stream.until(() => stream.numbers.includes(51));
      stream.close();
      return new Set(stream.received.map(({ type }) => type));
    };
    const but = (...hidden: string[]) =>
      new Set(EVENT_TYPES.filter((type) => !hidden.some((start) => type.startsWith(start))));
    const bureau = ['platform.', 'history.', 'policy.', 'task.step_repaired'];
    const office = ['task.visit_due', 'task.review_overdue'];
    // Of documents it hears when they say that they are for it (tests/documents/addressee.test.ts).
    expect(await heard('merchant')).toEqual(
      but('finding.', 'lead.', 'document.', 'tip.', ...office, ...bureau),
    );
    expect(await heard('cadre')).toEqual(but('finding.', 'tip.', ...office, ...bureau));
    expect(await heard('platform')).toEqual(but('document.', 'tip.', ...bureau));
    expect(await heard('inspector')).toEqual(but('platform.', 'history.', 'task.step_repaired'));
    expect(await heard('operator')).toEqual(but());
  });

  test('a merchant hears that its task was transferred, escalated, prolonged; not to whom, by which draft, or why', async () => {
    await addAccount(api(), 'told', 'merchant', { merchantId: world.eastMerchant });
    await addAccount(api(), 'telling', 'inspector', { regionId: world.east });
    const open = async (who: string) => await new Stream().open(`${baseOf(api())}`, await signIn(api(), who));
    const [merchant, inspector] = [await open('told'), await open('telling')];
    const place = { regionPath: 'county.east', merchantId: world.eastMerchant };
    const escalation = { late: 'submit', level: 1, told: 'head' };
    const [police, draft] = ['县公安局食药侦大队', { document: 'interview', draftId: 'd-1' }];
    const wait = { reason: 'finding_waits', observedMin: 3 };
    const send = (type: NewEvent['type'], payload: NewEvent['payload']) =>
      appendEvent(api().context.db, { type, ...place, payload });
    await send('task.transferred', { n: 60, reason: police });
    await send('task.escalated', {
      n: 61,
      reason: 'overdue_submit',
      escalation: { ...escalation, ...draft },
    });
    await send('task.recheck_prolonged', { n: 62, ...wait, neededMin: 9 });
    const payloads = async (stream: Stream) => {
      await stream.until(() => stream.numbers.includes(62));
      stream.close();
      return stream.received.map(({ data }) => data?.payload);
    };
    expect(await payloads(merchant)).toEqual([
      { n: 60, reason: '' },
      { n: 61, reason: 'overdue_submit', escalation },
      { n: 62, reason: '', observedMin: 3 },
    ]);
    expect(await payloads(inspector)).toEqual([
      { n: 60, reason: police },
      { n: 61, reason: 'overdue_submit', escalation: { ...escalation, ...draft } },
      { n: 62, ...wait, neededMin: 9 },
    ]);
  });

  test('ends when the session ends', async () => {
    await addAccount(api(), 'leaver', 'inspector');
    const leaving = await signIn(api(), 'leaver');
    const stream = await new Stream().open(baseOf(api()), leaving);
    await api().app.inject({
      method: 'DELETE',
      url: '/api/v1/session',
      headers: { authorization: `Bearer ${leaving}` },
    });
    await stream.until(() => stream.ended);
  });

  test('a client that is far behind gets everything, once', async () => {
    const stream = await new Stream().open(baseOf(api()), token);
    await stream.until(() => stream.lastId !== '');
    const start = stream.lastId;
    stream.close();
    const { db } = api().context;
    const many = Array.from({ length: 2500 }, (_, n) => ({
      type: 'camera.state',
      region_path: 'county.east',
      merchant_id: null,
      payload: JSON.stringify({ n }),
    }));
    for (let i = 0; i < many.length; i += 500)
      await db
        .insertInto('event')
        .values(many.slice(i, i + 500))
        .execute();
    const behind = await new Stream().open(baseOf(api()), token, { 'last-event-id': start });
    await behind.until(() => behind.received.length >= 2500);
    expect(behind.numbers).toEqual(many.map((_, n) => n));
    behind.close();
  });
});

describe('event stream over a database that goes away', () => {
  const url = useTestDatabase();
  let proxy: Server;
  let api: Api;
  const sockets = new Set<Socket>();
  let away = false;

  beforeAll(async () => {
    const target = new URL(url());
    proxy = createServer((client) => {
      if (away) return void client.destroy();
      const server = connect(Number(target.port), target.hostname);
      for (const socket of [client, server]) {
        sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      }
      client.pipe(server).pipe(client);
      client.on('close', () => server.destroy());
      server.on('close', () => client.destroy());
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const address = proxy.address();
    const through = new URL(url());
    through.hostname = '127.0.0.1';
    through.port = String(typeof address === 'object' ? address?.port : '');
    api = await startApi(through.href, { heartbeatMs: 200 });
    await api.app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await stopApi(api);
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => proxy.close(done));
  });

  test('goes on afterwards, without loss and without repeating', async () => {
    await addAccount(api, 'admin', 'operator');
    const stream = await new Stream().open(baseOf(api), await signIn(api, 'admin'));
    await happens(api, 1);
    await stream.until(() => stream.received.length >= 1);
    away = true;
    for (const socket of sockets) socket.destroy();
    const direct = new pg.Client({ connectionString: url() });
    await direct.connect();
    const insert = `insert into event (type, region_path, payload) values ('camera.state', 'county', $1)`;
    await direct.query(insert, [{ n: 2 }]);
    const beats = stream.comments;
    await stream.until(() => stream.comments > beats + 1);
    const ready = await api.app.inject('/readyz');
    expect(ready.statusCode).toBe(503);
    expect((await api.app.inject('/healthz')).statusCode).toBe(200);
    await direct.query(insert, [{ n: 3 }]);
    away = false;
    await stream.until(() => stream.received.length >= 3);
    await direct.query(insert, [{ n: 4 }]);
    await direct.end();
    await stream.until(() => stream.received.length >= 4);
    expect(stream.numbers).toEqual([1, 2, 3, 4]);
    stream.close();
  });
});
