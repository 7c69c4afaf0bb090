/** Signing in: limits across processes, passwords of one's own, sessions one can end, second factors, tokens of services. */
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { hotp, stepAt } from '../../services/domain/totp.ts';
import {
  type Api,
  addAccount,
  as,
  type Call,
  caller,
  PASSWORD,
  signIn,
  startApi,
  stopApi,
  useApi,
} from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';
import { hashWith } from './old-hash.ts';

const OWN = 'a password of my own';
const api = useApi();
let world: World;
let admin: Call;

interface SignInOptions {
  password?: string;
  code?: string;
  address?: string;
  cookie?: string;
  on?: Api;
}

const attempt = (username: string, options: SignInOptions = {}) =>
  (options.on ?? api()).app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: {
      username,
      password: options.password ?? PASSWORD,
      ...(options.code && { code: options.code }),
    },
    remoteAddress: options.address ?? '10.9.0.1',
    headers: options.cookie === undefined ? {} : { cookie: options.cookie },
  });

const acts = async (id: string): Promise<string[]> =>
  (await admin(`GET /audit?entityId=${id}`)).json<{ items: { to: string }[] }>().items.map(({ to }) => to);

beforeAll(async () => {
  world = await addWorld(api());
  admin = await as(api(), 'admin', 'operator');
});

describe('limits', () => {
  test('hold across API processes and restarts: they are counted in the database', async () => {
    await addAccount(api(), 'across', 'inspector');
    const other = await startApi(api().databaseUrl);
    try {
      for (let i = 0; i < 8; i += 1) {
        const on = i % 2 === 0 ? api() : other;
        expect((await attempt('across', { password: 'guess', on })).statusCode).toBe(401);
      }
      expect((await attempt('across', { on: other })).statusCode).toBe(429);
      expect((await attempt('across')).statusCode).toBe(429);
    } finally {
      await stopApi(other);
    }
  });

  test('a stranger cannot lock out one who signed in from this browser before', async () => {
    const id = await addAccount(api(), 'known', 'inspector');
    const first = await attempt('known', { address: '10.8.0.1' });
    const device = first.cookies.find(({ name }) => name === 'mingzao_device')?.value;
    const cookie = `mingzao_device=${device}`;
    const codes: number[] = [];
    for (let i = 0; i < 40; i += 1)
      codes.push((await attempt('known', { password: 'guess', address: `10.8.1.${i}` })).statusCode);
    expect(codes.at(-1)).toBe(429);
    expect(codes.indexOf(429)).toBe(30);
    // From elsewhere the account is closed for now; from the known browser it is open, even at the stranger's address.
    expect((await attempt('known', { address: '10.8.2.1' })).statusCode).toBe(429);
    expect((await attempt('known', { address: '10.8.1.1', cookie })).statusCode).toBe(201);
    expect((await attempt('known', { cookie: `${cookie}x` })).statusCode).toBe(429);
    // A cookie of another account does not help.
    await addAccount(api(), 'victim', 'inspector');
    for (let i = 0; i < 8; i += 1) await attempt('victim', { password: 'guess', cookie });
    expect((await attempt('victim', { cookie })).statusCode).toBe(429);
    expect(await acts(id)).toContain('sign_in_failed');
  });

  test('a known browser has limits of its own', async () => {
    await addAccount(api(), 'thief', 'inspector');
    const first = await attempt('thief', { address: '10.7.0.1' });
    const cookie = `mingzao_device=${first.cookies.find(({ name }) => name === 'mingzao_device')?.value}`;
    for (let i = 0; i < 8; i += 1) await attempt('thief', { password: 'x', cookie, address: `10.7.1.${i}` });
    expect((await attempt('thief', { cookie, address: '10.7.2.1' })).statusCode).toBe(429);
  });

  test('what was typed as a user name is not kept', async () => {
    await attempt('my-secret-password-in-the-wrong-field');
    const rows = await api().context.db.selectFrom('sign_in_window').select('key').execute();
    expect(rows.some(({ key }) => key.includes('secret'))).toBe(false);
  });
});

describe('passwords', () => {
  test('an account made by another chooses its own before anything else', async () => {
    const body = { username: 'new', password: PASSWORD, role: 'inspector', region: 'east' };
    const made = (await admin('POST /accounts', body)).json<{ id: string; mustChangePassword: boolean }>();
    expect(made.mustChangePassword).toBe(true);
    const mine = caller(api(), await signIn(api(), 'new'));
    expect((await mine('GET /session')).json()).toMatchObject({ account: { mustChangePassword: true } });
    const refused = await mine('GET /cameras');
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ type: 'urn:mingzao:problem:password-change-required' });
    const same = await mine('PUT /session/password', { current: PASSWORD, password: PASSWORD });
    expect(same.json()).toMatchObject({ errors: [{ field: 'password' }] });
    expect((await mine('PUT /session/password', { current: PASSWORD, password: OWN })).statusCode).toBe(204);
    expect((await mine('GET /cameras')).statusCode).toBe(200);

    expect((await admin(`PATCH /accounts/${made.id}`, { password: PASSWORD })).statusCode).toBe(200);
    expect((await mine('GET /session')).statusCode).toBe(401);
    const again = caller(api(), await signIn(api(), 'new'));
    expect((await again('GET /cameras')).statusCode).toBe(403);
    expect(await acts(made.id)).toEqual(
      expect.arrayContaining(['created', 'signed_in', 'password_changed', 'changed']),
    );
  });

  test('signing out, and ending one of my sessions, are written down', async () => {
    const id = await addAccount(api(), 'leaver', 'inspector');
    const [here, there] = [await signIn(api(), 'leaver'), await signIn(api(), 'leaver')];
    const sessions = (await caller(api(), here)('GET /session/list')).json<{
      items: { id: string; current: boolean }[];
    }>().items;
    const other = sessions.find(({ current }) => !current)?.id;
    expect((await caller(api(), here)(`DELETE /session/list/${other}`)).statusCode).toBe(204);
    expect((await caller(api(), there)('GET /session')).statusCode).toBe(401);
    expect((await caller(api(), here)('DELETE /session')).statusCode).toBe(204);
    expect((await caller(api(), here)('DELETE /session')).statusCode).toBe(401);
    expect((await acts(id)).filter((act) => act !== 'signed_in')).toEqual(['signed_out', 'session_ended']);
  });

  test('an old hash is made anew at sign-in', async () => {
    const id = await addAccount(api(), 'old-hash', 'inspector');
    const old = await hashWith(PASSWORD, { memory: 8192, passes: 1 });
    const { db } = api().context;
    await db.updateTable('account').set({ password_hash: old }).where('id', '=', id).execute();
    expect((await attempt('old-hash')).statusCode).toBe(201);
    const row = await db
      .selectFrom('account')
      .select('password_hash')
      .where('id', '=', id)
      .executeTakeFirst();
    expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await attempt('old-hash')).statusCode).toBe(201);
  });

  test('an operator does not change the own password, role or state past the usual way', async () => {
    const { account } = (await admin('GET /session')).json<{ account: { id: string } }>();
    for (const body of [{ password: OWN }, { role: 'inspector' }, { disabled: true }]) {
      const answer = await admin(`PATCH /accounts/${account.id}`, body);
      expect(answer.json()).toMatchObject({ errors: [{ field: Object.keys(body)[0] }] });
    }
  });
});

describe('sessions', () => {
  test('are listed and ended by oneself and by an operator of the region', async () => {
    const id = await addAccount(api(), 'many', 'inspector', { regionId: world.east });
    const [a, b, c] = [await signIn(api(), 'many'), await signIn(api(), 'many'), await signIn(api(), 'many')];
    const call = caller(api(), a);
    const list = async () =>
      (await call('GET /session/list')).json<{ items: { id: string; current: boolean; address: string }[] }>()
        .items;
    expect(await list()).toHaveLength(3);
    expect((await list()).filter(({ current }) => current)).toHaveLength(1);
    const victim = (await list()).find(({ current }) => !current)?.id ?? '';
    expect((await call(`DELETE /session/list/${victim}`)).statusCode).toBe(204);
    expect((await call(`DELETE /session/list/${victim}`)).statusCode).toBe(404);
    expect(await list()).toHaveLength(2);

    const stranger = await as(api(), 'stranger', 'inspector');
    expect((await stranger(`DELETE /session/list/${(await list())[0]?.id}`)).statusCode).toBe(404);
    const west = await as(api(), 'operator-west', 'operator', { regionId: world.west });
    expect((await west(`GET /accounts/${id}/sessions`)).statusCode).toBe(404);
    expect((await west(`DELETE /accounts/${id}/sessions`)).statusCode).toBe(404);
    const east = await as(api(), 'operator-east', 'operator', { regionId: world.east });
    expect((await east(`GET /accounts/${id}/sessions`)).json()).toMatchObject({ items: [{}, {}] });
    expect((await east(`DELETE /accounts/${id}/sessions`)).statusCode).toBe(204);
    for (const token of [a, b, c]) expect((await caller(api(), token)('GET /session')).statusCode).toBe(401);
    expect(await acts(id)).toContain('sessions_ended');
  });

  test('end 30 days after they began, however much they are used', async () => {
    await addAccount(api(), 'always', 'inspector');
    const call = caller(api(), await signIn(api(), 'always'));
    for (let hours = 0; hours < 30 * 24 - 6; hours += 6) {
      api().clock.move(6 * 3_600_000);
      expect((await call('GET /session')).statusCode).toBe(200);
    }
    api().clock.move(6 * 3_600_000);
    expect((await call('GET /session')).statusCode).toBe(401);
    admin = caller(api(), await signIn(api(), 'admin'));
  });
});

describe('second factor', () => {
  const fromBase32 = (text: string): Buffer => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
    return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  };
  const codeNow = (secret: string) => hotp(fromBase32(secret), stepAt(api().clock.now()));

  test('is enrolled, asked for, taken once, and lost without harm', async () => {
    const id = await addAccount(api(), 'careful', 'inspector');
    const call = caller(api(), await signIn(api(), 'careful'));
    expect((await call('POST /session/second-factor', { password: 'wrong' })).statusCode).toBe(400);
    const begun = (await call('POST /session/second-factor', { password: PASSWORD })).json<{
      secret: string;
      uri: string;
    }>();
    expect(begun.uri).toContain(begun.secret);
    // Not confirmed: not asked for.
    expect((await attempt('careful')).statusCode).toBe(201);
    expect((await call('POST /session/second-factor/confirm', { code: '000000' })).statusCode).toBe(400);
    const confirmed = await call('POST /session/second-factor/confirm', { code: codeNow(begun.secret) });
    const { recoveryCodes } = confirmed.json<{ recoveryCodes: string[] }>();
    expect(new Set(recoveryCodes).size).toBe(10);

    const asked = await attempt('careful');
    expect(asked.statusCode).toBe(401);
    expect(asked.json()).toMatchObject({ type: 'urn:mingzao:problem:code-required' });
    expect(asked.cookies).toEqual([]);
    // The code that confirmed was taken once; the next step's is new.
    expect((await attempt('careful', { code: codeNow(begun.secret) })).statusCode).toBe(401);
    api().clock.move(30_000);
    const code = codeNow(begun.secret);
    const both = await Promise.all([attempt('careful', { code }), attempt('careful', { code })]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([201, 401]);
    expect((await attempt('careful', { code, password: 'wrong' })).json()).toMatchObject({
      type: 'urn:mingzao:problem:not-signed-in',
    });

    const [recovery = ''] = recoveryCodes;
    expect((await attempt('careful', { code: recovery.toLowerCase() })).statusCode).toBe(201);
    expect((await attempt('careful', { code: recovery })).statusCode).toBe(401);

    const kept = await api().context.db.selectFrom('account_totp').selectAll().execute();
    expect(kept.some((row) => row.secret_sealed.includes(begun.secret))).toBe(false);
    expect((await admin(`GET /accounts/${id}`)).json()).toMatchObject({ secondFactor: true });
    expect((await admin(`DELETE /accounts/${id}/second-factor`)).statusCode).toBe(204);
    expect((await attempt('careful')).statusCode).toBe(201);
    expect(await acts(id)).toEqual(
      expect.arrayContaining(['second_factor_added', 'second_factor_failed', 'second_factor_removed']),
    );
  });

  test('wrong codes run out like wrong passwords', async () => {
    await addAccount(api(), 'guessed', 'inspector');
    const call = caller(api(), await signIn(api(), 'guessed'));
    const { secret } = (await call('POST /session/second-factor', { password: PASSWORD })).json<{
      secret: string;
    }>();
    await call('POST /session/second-factor/confirm', { code: codeNow(secret) });
    const wrong = codeNow(secret) === '123456' ? '654321' : '123456';
    const codes: number[] = [];
    for (let i = 0; i < 9; i += 1)
      codes.push((await attempt('guessed', { code: wrong, address: '10.6.0.1' })).statusCode);
    expect(codes).toEqual([...Array.from({ length: 8 }, () => 401), 429]);
  });
});

describe('tokens of services', () => {
  test('act as their account, run out, and are revoked', async () => {
    const made = await admin('POST /accounts', {
      username: 'county-platform',
      role: 'platform',
      region: 'east',
    });
    expect(made.statusCode, made.body).toBe(201);
    const { id } = made.json<{ id: string }>();
    expect((await attempt('county-platform', { password: '!' })).statusCode).toBe(401);
    const add = async (body: object) =>
      (await admin(`POST /accounts/${id}/tokens`, body)).json<{ id: string; token: string }>();
    const [first, second] = [await add({ name: 'old' }), await add({ name: 'new', days: 1 })];
    expect(first.token).toMatch(/^mzt_[\w-]{43}$/);
    const call = caller(api(), first.token);
    const cameras = (await call('GET /cameras')).json<{ items: { code: string }[] }>();
    expect(cameras.items.map(({ code }) => code)).toEqual(['em-cam']);
    expect((await call('POST /zones', {})).statusCode).toBe(403);
    const list = (await admin(`GET /accounts/${id}/tokens`)).json<{
      items: { lastUsedAt: string | null }[];
    }>();
    expect(list.items.map(({ lastUsedAt }) => lastUsedAt === null)).toEqual([true, false]);
    expect(JSON.stringify(list)).not.toContain(first.token);
    expect((await admin(`DELETE /accounts/${id}/tokens/${first.id}`)).statusCode).toBe(204);
    expect((await call('GET /cameras')).statusCode).toBe(401);
    expect((await caller(api(), second.token)('GET /cameras')).statusCode).toBe(200);
    api().clock.move(25 * 3_600_000);
    expect((await caller(api(), second.token)('GET /cameras')).statusCode).toBe(401);
    admin = caller(api(), await signIn(api(), 'admin'));
    expect(await acts(id)).toEqual([
      'token_revoked',
      'token_added',
      'token_added',
      'sign_in_failed',
      'created',
    ]);
  });

  test('are for services only', async () => {
    const id = await addAccount(api(), 'person', 'inspector');
    expect((await admin(`POST /accounts/${id}/tokens`, { name: 'x' })).statusCode).toBe(400);
  });
});

test('an account may be limited to cameras', async () => {
  const body = {
    username: 'one-camera',
    password: PASSWORD,
    role: 'inspector',
    region: 'county',
    mustChangePassword: false,
  };
  const outside = await admin('POST /accounts', { ...body, region: 'east', cameras: ['wm-cam'] });
  expect(outside.json()).toMatchObject({ errors: [{ field: 'cameras.0' }] });
  const { id } = (await admin('POST /accounts', { ...body, cameras: ['em-cam'] })).json<{ id: string }>();
  const call = caller(api(), await signIn(api(), 'one-camera'));
  const codes = async (token: Call) =>
    (await token('GET /cameras')).json<{ items: { code: string }[] }>().items.map(({ code }) => code);
  expect(await codes(call)).toEqual(['em-cam']);
  expect((await call('GET /cameras/wm-cam')).statusCode).toBe(404);
  expect((await call('GET /merchants')).json()).toMatchObject({ items: [] });
  await admin(`PATCH /accounts/${id}`, { cameras: null });
  expect((await call('GET /session')).statusCode).toBe(401);
  expect(await codes(caller(api(), await signIn(api(), 'one-camera')))).toEqual(['em-cam', 'wm-cam']);
  expect(await acts(id)).toContain('cameras_limited');
});

test('history is whole after all of it', async () => {
  expect((await verifyHistory(api().context.db)).faults).toEqual([]);
});
