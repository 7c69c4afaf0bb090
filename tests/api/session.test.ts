import { describe, expect, test } from 'vitest';
import { addAccount, PASSWORD, signIn, useApi } from './support.ts';

const HOUR_MS = 3_600_000;

describe('sessions', () => {
  const api = useApi();
  const who = (headers: Record<string, string>) =>
    api().app.inject({ method: 'GET', url: '/api/v1/session', headers });
  const attempt = (username: string, password: string, remoteAddress = '10.0.0.1') =>
    api().app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { username, password },
      remoteAddress,
    });

  test('a password gives a token and a cookie, both of which say who one is', async () => {
    await addAccount(api(), 'li', 'inspector');
    const answer = await attempt('li', PASSWORD);
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ account: { username: 'li', role: 'inspector', region: null } });
    expect(answer.cookies.map(({ name }) => name).sort()).toEqual(['mingzao_device', 'mingzao_session']);
    expect(String(answer.headers['set-cookie'])).toMatch(
      /mingzao_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict/,
    );
    const { token } = answer.json<{ token: string }>();
    expect((await who({ authorization: `Bearer ${token}` })).json()).toMatchObject({
      account: { username: 'li' },
    });
    expect((await who({ cookie: `mingzao_session=${token}` })).statusCode).toBe(200);
    expect((await who({})).statusCode).toBe(401);
  });

  test('what one’s page asks is not done as another who signed in beside it', async () => {
    await addAccount(api(), 'page.of', 'inspector');
    await addAccount(api(), 'beside', 'inspector');
    const cookie = `mingzao_session=${await signIn(api(), 'beside')}`;
    expect((await who({ cookie, 'x-mingzao-account': 'beside' })).statusCode).toBe(200);
    for (const account of ['page.of', '', 'beside, beside', 'BESIDE']) {
      const answer = await who({ cookie, 'x-mingzao-account': account });
      expect(answer.json()).toMatchObject({ status: 401, code: 'another_signed_in' });
    }
    const leave = { cookie, 'x-mingzao-account': 'page.of', 'sec-fetch-site': 'same-origin' };
    const url = '/api/v1/session';
    expect((await api().app.inject({ method: 'DELETE', url, headers: leave })).statusCode).toBe(401);
    expect((await who({ cookie })).statusCode).toBe(200);
  });

  test('the token itself is kept nowhere, nor the password', async () => {
    await addAccount(api(), 'kept', 'inspector');
    const token = await signIn(api(), 'kept');
    const sessions = await api().context.db.selectFrom('session').selectAll().execute();
    expect(sessions.some((row) => row.token_hash.toString('base64url') === token)).toBe(false);
    const { password_hash } = await api()
      .context.db.selectFrom('account')
      .select('password_hash')
      .where('username', '=', 'kept')
      .executeTakeFirstOrThrow();
    expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('says where from: a proxy is believed only when it is a known one', async () => {
    await addAccount(api(), 'through', 'inspector');
    const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' };
    for (const remoteAddress of ['127.0.0.1', '172.30.231.5', '172.30.232.5'])
      await api().app.inject({
        method: 'POST',
        url: '/api/v1/session',
        payload: { username: 'through', password: PASSWORD },
        remoteAddress,
        headers,
      });
    const sessions = await api()
      .context.db.selectFrom('session')
      .innerJoin('account', 'account.id', 'session.account_id')
      .select('session.address')
      .where('username', '=', 'through')
      .orderBy('session.address')
      .execute();
    expect(sessions.map(({ address }) => address)).toEqual(['172.30.232.5', '203.0.113.7', '203.0.113.7']);
  });

  test('ends 12 hours after the last use, at sign-out, and when the account is disabled', async () => {
    await addAccount(api(), 'wang', 'inspector');
    const authorization = `Bearer ${await signIn(api(), 'wang')}`;
    api().clock.move(11 * HOUR_MS);
    expect((await who({ authorization })).statusCode).toBe(200);
    api().clock.move(11 * HOUR_MS);
    expect((await who({ authorization })).statusCode).toBe(200);
    api().clock.move(12 * HOUR_MS);
    expect((await who({ authorization })).statusCode).toBe(401);

    const second = `Bearer ${await signIn(api(), 'wang')}`;
    const out = await api().app.inject({
      method: 'DELETE',
      url: '/api/v1/session',
      headers: { authorization: second },
    });
    expect(out.statusCode).toBe(204);
    expect((await who({ authorization: second })).statusCode).toBe(401);

    const third = `Bearer ${await signIn(api(), 'wang')}`;
    await api()
      .context.db.updateTable('account')
      .set({ disabled: true })
      .where('username', '=', 'wang')
      .execute();
    expect((await who({ authorization: third })).statusCode).toBe(401);
    expect((await attempt('wang', PASSWORD)).statusCode).toBe(401);
  });

  test('a wrong password and an unknown user get the same answer', async () => {
    await addAccount(api(), 'chen', 'inspector');
    const wrong = await attempt('chen', 'not the password');
    const unknown = await attempt('nobody', 'not the password');
    expect(wrong.statusCode).toBe(401);
    expect(wrong.headers['content-type']).toContain('application/problem+json');
    expect(unknown.json()).toEqual(wrong.json());
  });

  test('failed attempts run out by user name, and come back with time', async () => {
    await addAccount(api(), 'zhao', 'inspector');
    for (let i = 0; i < 8; i += 1) {
      expect((await attempt('zhao', 'guess', '10.1.0.1')).statusCode).toBe(401);
    }
    const refused = await attempt('zhao', PASSWORD, '10.1.0.1');
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    api().clock.move(601_000);
    expect((await attempt('zhao', PASSWORD, '10.1.0.1')).statusCode).toBe(201);
  });

  test('failed attempts run out by address, whatever the user name', async () => {
    const codes: number[] = [];
    for (let i = 0; i < 41; i += 1) codes.push((await attempt(`guess${i}`, 'x', '10.2.0.1')).statusCode);
    expect(codes.slice(0, 40).every((code) => code === 401)).toBe(true);
    expect(codes[40]).toBe(429);
  });

  test('a change with the cookie must come from the page itself', async () => {
    await addAccount(api(), 'sun', 'inspector');
    const cookie = `mingzao_session=${await signIn(api(), 'sun')}`;
    const leave = (headers: Record<string, string>) =>
      api().app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie, ...headers } });
    expect((await leave({})).statusCode).toBe(403);
    expect((await leave({ origin: 'http://evil.test' })).statusCode).toBe(403);
    expect((await leave({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await leave({ origin: 'http://evil.test', 'sec-fetch-site': 'same-origin' })).statusCode).toBe(
      403,
    );
    expect((await leave({ origin: 'http://kitchen.test' })).statusCode).toBe(204);
  });

  test('a new password ends the other sessions', async () => {
    await addAccount(api(), 'qian', 'inspector');
    const [mine, other] = [await signIn(api(), 'qian'), await signIn(api(), 'qian')];
    const change = (current: string) =>
      api().app.inject({
        method: 'PUT',
        url: '/api/v1/session/password',
        headers: { authorization: `Bearer ${mine}` },
        payload: { current, password: 'another long one' },
      });
    expect((await change('wrong')).json()).toMatchObject({ errors: [{ field: 'current' }] });
    expect((await change(PASSWORD)).statusCode).toBe(204);
    expect((await who({ authorization: `Bearer ${mine}` })).statusCode).toBe(200);
    expect((await who({ authorization: `Bearer ${other}` })).statusCode).toBe(401);
    expect((await attempt('qian', 'another long one')).statusCode).toBe(201);
  });
});
