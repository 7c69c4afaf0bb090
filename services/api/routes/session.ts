import type { FastifyReply, FastifyRequest } from 'fastify';
import { recordChange } from '../../db/audit.ts';
import { releaseClaims } from '../../db/finding-claims.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { SESSION_COOKIE, sessionOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { hashPassword, isOutdated, NO_PASSWORD, verifyNobody, verifyPassword } from '../password.ts';
import { invalid, Problem } from '../problem.ts';
import { type AccountRow, accountItem, accountPlace, selectAccounts } from '../queries/accounts.ts';
import { timeZoneOf } from '../queries/time-zone.ts';
import { NewSession, PasswordChange, Session, SignIn } from '../schemas/account.ts';
import { Nothing } from '../schemas/common.ts';
import { hasSecondFactor, takeSecondFactor } from '../second-factor.ts';
import { endSession, endSessionsOf, startSession } from '../sessions.ts';
import { type Attempt, DEVICE_COOKIE } from '../sign-in-limit.ts';

/** Sign-ins of one address, good or bad: each costs 25 ms of a core. */
const FLOOD = { max: 120, timeWindow: '1 minute' };
/** Seconds that a browser is known as one that signed in. */
const DEVICE_S = 180 * 24 * 3600;
const tags = ['session'];

export function sessionRoutes(api: App, context: ApiContext): void {
  const { db, now, signInLimit, sealer } = context;
  const secure = context.config.publicUrl.startsWith('https:');
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;

  const attemptOf = (request: FastifyRequest, username: string): Attempt => ({
    username,
    address: request.ip,
    device: request.cookies[DEVICE_COOKIE],
  });

  const note = async (account: AccountRow, to: string, request: FastifyRequest): Promise<void> => {
    const by = to === 'signed_in' ? account.id : null;
    const about = { entity: 'account', entityId: account.id, to, actorId: by, note: request.ip, at: now() };
    await db.transaction().execute((tx) => recordChange(tx, { ...about, place: accountPlace(account) }));
  };

  const sessionItem = async (row: AccountRow, expiresAt: Date) => {
    const place = accountPlace(row) ?? { regionPath: null, merchantId: null };
    const timeZone = await timeZoneOf(db, { ...place, assignedMerchantIds: null });
    return { expiresAt: expiresAt.toISOString(), timeZone, account: accountItem(row) };
  };

  /** The account, when password and, where it has one, the second factor are right. @throws Problem */
  async function check(request: FastifyRequest, username: string, password: string, code?: string) {
    const account = await selectAccounts(db).where('username', '=', username).executeTakeFirst();
    const known = account !== undefined && account.password_hash !== NO_PASSWORD;
    const good = known ? await verifyPassword(password, account.password_hash) : await verifyNobody(password);
    if (!good || account === undefined || account.disabled) {
      if (account !== undefined) await note(account, 'sign_in_failed', request);
      throw new Problem('not-signed-in', said('wrong_login'));
    }
    if (await hasSecondFactor(db, account.id)) {
      if (code === undefined) throw new Problem('code-required', said('code_needed'));
      if (!(await takeSecondFactor(db, sealer, account.id, code, now()))) {
        await note(account, 'second_factor_failed', request);
        throw new Problem('code-required', said('code_wrong'));
      }
    }
    return account;
  }

  const setCookies = (reply: FastifyReply, token: string, attempt: Attempt): void => {
    // A session cookie: it ends with the browser, or 12 hours after the last use, whichever comes first.
    reply.setCookie(SESSION_COOKIE, token, cookie);
    const device = signInLimit.deviceCookie(attempt.username);
    reply.setCookie(DEVICE_COOKIE, device, { ...cookie, path: '/api/v1/session', maxAge: DEVICE_S });
  };

  api.post(
    '/session',
    {
      config: { access: 'open', rateLimit: FLOOD },
      schema: {
        tags,
        summary: 'Sign in; with a second factor the answer is 401 code-required until a code comes along',
        security: [],
        body: SignIn,
        response: { 201: NewSession },
      },
    },
    async (request, reply) => {
      const { password, code } = request.body;
      const username = request.body.username.trim().toLowerCase();
      const attempt = attemptOf(request, username);
      await signInLimit.take(attempt);
      const account = await check(request, username, password, code);
      await signInLimit.good(attempt);
      if (isOutdated(account.password_hash)) {
        const hash = await hashPassword(password);
        await db
          .updateTable('account')
          .set({ password_hash: hash })
          .where('id', '=', account.id)
          .where('password_hash', '=', account.password_hash)
          .execute();
      }
      const userAgent = request.headers['user-agent'] ?? '';
      const by = { accountId: account.id, address: request.ip, userAgent };
      const { token, expiresAt } = await startSession(db, by, now());
      await note(account, 'signed_in', request);
      setCookies(reply, token, attempt);
      return await reply.code(201).send({ token, ...(await sessionItem(account, expiresAt)) });
    },
  );

  api.get(
    '/session',
    {
      config: { access: 'signed-in', beforePasswordChange: true },
      schema: { tags, summary: 'Who am I', response: { 200: Session } },
    },
    async (request) => {
      const { actor, expiresAt } = sessionOf(request);
      const account = await selectAccounts(db)
        .where('account.id', '=', actor.accountId)
        .executeTakeFirstOrThrow();
      return await sessionItem(account, expiresAt);
    },
  );

  api.delete(
    '/session',
    {
      config: { access: 'signed-in', beforePasswordChange: true },
      schema: { tags, summary: 'Sign out', response: { 204: Nothing } },
    },
    async (request, reply) => {
      const { id, actor } = sessionOf(request);
      const account = await selectAccounts(db)
        .where('account.id', '=', actor.accountId)
        .executeTakeFirstOrThrow();
      await db.transaction().execute(async (tx) => {
        // A service's token is no session: it goes on until it is revoked.
        if (!(await endSession(tx, actor.accountId, id, now()))) return;
        await recordChange(tx, {
          entity: 'account',
          entityId: account.id,
          to: 'signed_out',
          actorId: account.id,
          note: request.ip,
          at: now(),
          place: accountPlace(account),
        });
      });
      await releaseClaims(db, actor.accountId);
      reply.clearCookie(SESSION_COOKIE, { path: '/' });
      return await reply.code(204).send(null);
    },
  );

  api.put(
    '/session/password',
    {
      config: { access: 'signed-in', beforePasswordChange: true },
      schema: {
        tags,
        summary: 'Change my password; my other sessions end',
        body: PasswordChange,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { actor, id } = sessionOf(request);
      const { current, password } = request.body;
      const attempt = attemptOf(request, actor.username);
      await signInLimit.take(attempt);
      const account = await selectAccounts(db)
        .where('account.id', '=', actor.accountId)
        .executeTakeFirstOrThrow();
      if (!(await verifyPassword(current, account.password_hash))) {
        throw invalid({ field: 'current', ...said('not_the_old_password') });
      }
      await signInLimit.good(attempt);
      if (password === current) throw invalid({ field: 'password', ...said('same_password') });
      const hash = await hashPassword(password);
      await db.transaction().execute(async (tx) => {
        await tx
          .updateTable('account')
          .set({ password_hash: hash, must_change_password: false, password_changed_at: now() })
          .where('id', '=', account.id)
          .execute();
        await endSessionsOf(tx, account.id, now(), id);
        await recordChange(tx, {
          entity: 'account',
          entityId: account.id,
          to: 'password_changed',
          actorId: account.id,
          at: now(),
          place: accountPlace(account),
        });
      });
      return await reply.code(204).send(null);
    },
  );
}
