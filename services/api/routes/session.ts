import type { FastifyReply } from 'fastify';
import type { App } from '../app-type.ts';
import { SESSION_COOKIE, sessionOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { hashPassword, verifyNobody, verifyPassword } from '../password.ts';
import { invalid, Problem } from '../problem.ts';
import { accountItem, selectAccounts } from '../queries/accounts.ts';
import { NewSession, PasswordChange, Session, SignIn } from '../schemas/account.ts';
import { Nothing } from '../schemas/common.ts';
import { endSession, endSessionsOf, startSession } from '../sessions.ts';

/** Sign-ins of one address, good or bad: each costs 25 ms of a core. */
const FLOOD = { max: 120, timeWindow: '1 minute' };
const tags = ['session'];

export function sessionRoutes(api: App, context: ApiContext): void {
  const { db, now, limits } = context;
  const secure = context.config.publicUrl.startsWith('https:');

  const setCookie = (reply: FastifyReply, token: string): void => {
    // A session cookie: it ends with the browser, or 12 hours after the last use, whichever comes first.
    reply.setCookie(SESSION_COOKIE, token, { path: '/', httpOnly: true, sameSite: 'strict', secure });
  };

  const takeAttempt = (username: string, address: string): void => {
    const wait = limits.byAddress.take(address) ?? limits.byUser.take(username);
    if (wait === undefined) return;
    throw new Problem('too-many-attempts', `Too many failed attempts: try again in ${wait} s.`, {
      retryAfterS: wait,
    });
  };

  api.post(
    '/session',
    {
      config: { access: 'open', rateLimit: FLOOD },
      schema: { tags, summary: 'Sign in', security: [], body: SignIn, response: { 201: NewSession } },
    },
    async (request, reply) => {
      const username = request.body.username.trim().toLowerCase();
      takeAttempt(username, request.ip);
      const account = await selectAccounts(db).where('username', '=', username).executeTakeFirst();
      const { password } = request.body;
      const good =
        account === undefined
          ? await verifyNobody(password)
          : await verifyPassword(password, account.password_hash);
      if (!good || account === undefined || account.disabled) {
        throw new Problem('not-signed-in', 'User name or password is wrong, or the account is disabled.');
      }
      limits.byUser.forget(username);
      limits.byAddress.giveBack(request.ip);
      const { token, expiresAt } = await startSession(db, account.id, now());
      setCookie(reply, token);
      return await reply
        .code(201)
        .send({ token, expiresAt: expiresAt.toISOString(), account: accountItem(account) });
    },
  );

  api.get(
    '/session',
    { config: { access: 'signed-in' }, schema: { tags, summary: 'Who am I', response: { 200: Session } } },
    async (request) => {
      const { actor, expiresAt } = sessionOf(request);
      const account = await selectAccounts(db)
        .where('account.id', '=', actor.accountId)
        .executeTakeFirstOrThrow();
      return { expiresAt: expiresAt.toISOString(), account: accountItem(account) };
    },
  );

  api.delete(
    '/session',
    { config: { access: 'signed-in' }, schema: { tags, summary: 'Sign out', response: { 204: Nothing } } },
    async (request, reply) => {
      await endSession(db, sessionOf(request).tokenHash, now());
      reply.clearCookie(SESSION_COOKIE, { path: '/' });
      return await reply.code(204).send(null);
    },
  );

  api.put(
    '/session/password',
    {
      config: { access: 'signed-in' },
      schema: {
        tags,
        summary: 'Change my password; my other sessions end',
        body: PasswordChange,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { actor, tokenHash } = sessionOf(request);
      takeAttempt(actor.username, request.ip);
      const { password_hash } = await db
        .selectFrom('account')
        .select('password_hash')
        .where('id', '=', actor.accountId)
        .executeTakeFirstOrThrow();
      if (!(await verifyPassword(request.body.current, password_hash))) {
        throw invalid({ field: 'current', message: 'is not the password until now' });
      }
      limits.byUser.forget(actor.username);
      limits.byAddress.giveBack(request.ip);
      const hash = await hashPassword(request.body.password);
      await db
        .updateTable('account')
        .set({ password_hash: hash })
        .where('id', '=', actor.accountId)
        .execute();
      await endSessionsOf(db, actor.accountId, now(), tokenHash);
      return await reply.code(204).send(null);
    },
  );
}
