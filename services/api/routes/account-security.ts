import type { Selectable } from 'kysely';
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import type { ServiceTokenTable } from '../../db/schema-people.ts';
import { said } from '../../domain/said.ts';
import { accountOf } from '../account-scope.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { invalid, notFound } from '../problem.ts';
import { accountPlace, sessionItem } from '../queries/accounts.ts';
import { ById, Closed, Nothing, Uuid } from '../schemas/common.ts';
import {
  NewServiceToken,
  type ServiceToken,
  ServiceTokenList,
  ServiceTokenWithSecret,
  SessionList,
} from '../schemas/security.ts';
import { removeSecondFactor } from '../second-factor.ts';
import { endSession, endSessionsOf, hashToken, newToken, openSessions, SERVICE_PREFIX } from '../sessions.ts';

const tags = ['accounts'];
const DAY_MS = 24 * 3_600_000;
const OneOf = Type.Object({ id: Uuid, one: Uuid }, Closed);

const tokenItem = (row: Selectable<ServiceTokenTable>): Static<typeof ServiceToken> => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
});

/** What operators see and end of others: sessions, second factors, tokens of services. */
export function accountSecurityRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;

  api.get(
    '/accounts/:id/sessions',
    {
      config: { access: 'account.read' },
      schema: { tags, summary: 'Open sessions of an account', params: ById, response: { 200: SessionList } },
    },
    async (request) => {
      const { id } = await accountOf(db, actorOf(request), 'account.read', request.params.id);
      return { items: (await openSessions(db, id, now())).map((row) => sessionItem(row)) };
    },
  );

  const ends = [
    { path: '/accounts/:id/sessions', params: ById, summary: 'End all sessions of an account' },
    { path: '/accounts/:id/sessions/:one', params: OneOf, summary: 'End one session of an account' },
  ];
  for (const { path, params, summary } of ends) {
    api.delete(
      path,
      { config: { access: 'account.write' }, schema: { tags, summary, params, response: { 204: Nothing } } },
      async (request, reply) => {
        const { id, one } = request.params as { id: string; one?: string };
        const account = await accountOf(db, actorOf(request), 'account.write', id);
        await db.transaction().execute(async (tx) => {
          if (one === undefined) await endSessionsOf(tx, account.id, now());
          else if (!(await endSession(tx, account.id, one, now()))) throw notFound('session');
          const about = { entity: 'account', entityId: account.id, to: 'sessions_ended', note: one ?? 'all' };
          await recordChange(tx, { ...about, place: accountPlace(account), ...authorOf(request, context) });
        });
        return await reply.code(204).send(null);
      },
    );
  }

  api.delete(
    '/accounts/:id/second-factor',
    {
      config: { access: 'account.write' },
      schema: {
        tags,
        summary: 'Remove the second factor of one who lost phone and recovery codes; sessions end',
        params: ById,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const account = await accountOf(db, actorOf(request), 'account.write', request.params.id);
      await db.transaction().execute(async (tx) => {
        await removeSecondFactor(tx, account.id);
        await endSessionsOf(tx, account.id, now());
        const about = { entity: 'account', entityId: account.id, to: 'second_factor_removed' };
        await recordChange(tx, { ...about, place: accountPlace(account), ...authorOf(request, context) });
      });
      return await reply.code(204).send(null);
    },
  );

  api.get(
    '/accounts/:id/tokens',
    {
      config: { access: 'account.read' },
      schema: { tags, summary: 'Tokens of a service', params: ById, response: { 200: ServiceTokenList } },
    },
    async (request) => {
      const { id } = await accountOf(db, actorOf(request), 'account.read', request.params.id);
      const rows = await db
        .selectFrom('service_token')
        .selectAll()
        .where('account_id', '=', id)
        .orderBy('created_at', 'desc')
        .orderBy('name')
        .execute();
      return { items: rows.map(tokenItem) };
    },
  );

  api.post(
    '/accounts/:id/tokens',
    {
      config: { access: 'account.write' },
      schema: {
        tags,
        summary:
          'A token for a service (role platform), shown only in this answer; its scope is the account’s',
        params: ById,
        body: NewServiceToken,
        response: { 201: ServiceTokenWithSecret },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const account = await accountOf(db, actor, 'account.write', request.params.id);
      if (account.role !== 'platform')
        throw invalid({ field: 'id', ...said('role_uses_password', { role: account.role }) });
      const { name, days = 365 } = request.body;
      const token = `${SERVICE_PREFIX}${newToken()}`;
      const row = await db.transaction().execute(async (tx) => {
        const added = await tx
          .insertInto('service_token')
          .values({
            account_id: account.id,
            name,
            token_hash: hashToken(token),
            created_at: now(),
            created_by: actor.accountId,
            expires_at: new Date(now().getTime() + days * DAY_MS),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const about = { entity: 'account', entityId: account.id, to: 'token_added', note: name };
        await recordChange(tx, { ...about, place: accountPlace(account), ...authorOf(request, context) });
        return added;
      });
      return await reply.code(201).send({ ...tokenItem(row), token });
    },
  );

  api.delete(
    '/accounts/:id/tokens/:one',
    {
      config: { access: 'account.write' },
      schema: { tags, summary: 'Revoke a token at once', params: OneOf, response: { 204: Nothing } },
    },
    async (request, reply) => {
      const account = await accountOf(db, actorOf(request), 'account.write', request.params.id);
      await db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('service_token')
          .set({ revoked_at: now() })
          .where('id', '=', request.params.one)
          .where('account_id', '=', account.id)
          .where('revoked_at', 'is', null)
          .returning('name')
          .executeTakeFirst();
        if (row === undefined) throw notFound('token');
        const about = { entity: 'account', entityId: account.id, to: 'token_revoked', note: row.name };
        await recordChange(tx, { ...about, place: accountPlace(account), ...authorOf(request, context) });
      });
      return await reply.code(204).send(null);
    },
  );
}
