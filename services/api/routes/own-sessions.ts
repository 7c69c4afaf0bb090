import { recordChange } from '../../db/audit.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { sessionOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import { checkPassword } from '../check-password.ts';
import type { ApiContext } from '../context.ts';
import { invalid, notFound } from '../problem.ts';
import { sessionItem } from '../queries/accounts.ts';
import { ById, Nothing } from '../schemas/common.ts';
import {
  BeginSecondFactor,
  NewSecondFactor,
  RecoveryCodes,
  SecondFactorCode,
  SessionList,
} from '../schemas/security.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  hasSecondFactor,
  removeSecondFactor,
} from '../second-factor.ts';
import { endSession, openSessions } from '../sessions.ts';

const tags = ['session'];

/** What everybody may see and end of their own: sessions and the second factor. */
export function ownSessionRoutes(api: App, context: ApiContext): void {
  const { db, now, sealer } = context;

  const record = (request: Parameters<typeof sessionOf>[0], to: string) => ({
    entity: 'account',
    entityId: sessionOf(request).actor.accountId,
    to,
    ...authorOf(request, context),
  });

  api.get(
    '/session/list',
    {
      config: { access: 'signed-in' },
      schema: { tags, summary: 'My sessions that are open', response: { 200: SessionList } },
    },
    async (request) => {
      const { actor, id } = sessionOf(request);
      const rows = await openSessions(db, actor.accountId, now());
      return { items: rows.map((row) => sessionItem(row, id)) };
    },
  );

  api.delete(
    '/session/list/:id',
    {
      config: { access: 'signed-in' },
      schema: { tags, summary: 'End one of my sessions', params: ById, response: { 204: Nothing } },
    },
    async (request, reply) => {
      const { actor } = sessionOf(request);
      await db.transaction().execute(async (tx) => {
        if (!(await endSession(tx, actor.accountId, request.params.id, now()))) throw notFound('session');
        await recordChange(tx, record(request, 'session_ended'));
      });
      return await reply.code(204).send(null);
    },
  );

  api.post(
    '/session/second-factor',
    {
      config: { access: 'signed-in' },
      schema: {
        tags,
        summary: 'Begin a second factor (TOTP): the secret is shown only in this answer',
        body: BeginSecondFactor,
        response: { 201: NewSecondFactor },
      },
    },
    async (request, reply) => {
      const { actor } = sessionOf(request);
      await checkPassword(context, request, actor, request.body.password);
      if (await hasSecondFactor(db, actor.accountId))
        throw invalid({ field: 'body', ...said('second_factor_there') });
      const account = { id: actor.accountId, username: actor.username };
      return await reply.code(201).send(await beginSecondFactor(db, sealer, account, now()));
    },
  );

  api.post(
    '/session/second-factor/confirm',
    {
      config: { access: 'signed-in' },
      schema: {
        tags,
        summary: 'Show that the app gives right codes; from now on sign-in asks for one',
        body: SecondFactorCode,
        response: { 200: RecoveryCodes },
      },
    },
    async (request) => {
      const { actor } = sessionOf(request);
      const { code } = request.body;
      const codes = await db.transaction().execute(async (tx) => {
        const confirmed = await confirmSecondFactor(tx, sealer, actor.accountId, code, now());
        if (confirmed !== undefined) await recordChange(tx, record(request, 'second_factor_added'));
        return confirmed;
      });
      if (codes === undefined) throw invalid({ field: 'code', ...said('code_not_shown_now') });
      return { recoveryCodes: codes };
    },
  );

  api.delete(
    '/session/second-factor',
    {
      config: { access: 'signed-in' },
      schema: {
        tags,
        summary: 'Remove my second factor',
        body: BeginSecondFactor,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { actor } = sessionOf(request);
      await checkPassword(context, request, actor, request.body.password);
      await db.transaction().execute(async (tx) => {
        await removeSecondFactor(tx, actor.accountId);
        await recordChange(tx, record(request, 'second_factor_removed'));
      });
      return await reply.code(204).send(null);
    },
  );
}
