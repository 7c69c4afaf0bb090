import { Type } from 'typebox';
import { accountOf } from '../account-scope.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { addAccount, changeAccount } from '../commands/accounts.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, pageOf } from '../cursor.ts';
import { accountItem, selectAccounts } from '../queries/accounts.ts';
import { containing } from '../queries/by-id.ts';
import { Account, AccountChange, NewAccount } from '../schemas/account.ts';
import { ById, Closed, Page, pageQuery, Role } from '../schemas/common.ts';
import { inScope } from '../scope.ts';

const tags = ['accounts'];
const AccountQuery = Type.Object(
  {
    ...pageQuery,
    role: Type.Optional(Role),
    search: Type.Optional(Type.String({ maxLength: 64, right: 'part of a name' })),
  },
  Closed,
);
const USERNAME_PART = /^[a-z0-9._-]{1,64}$/;
/** Accounts of merchants lie where the merchant does. */
const PLACE = { regionPath: 'place.path', merchantId: 'account.merchant_id' };

/** Accounts of operators: each sees and changes those that work within the own regions. */
export function accountRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.get(
    '/accounts',
    {
      config: { access: 'account.read' },
      schema: { tags, summary: 'Accounts', querystring: AccountQuery, response: { 200: Page(Account) } },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, role, search } = request.query;
      const after = decodeCursor(cursor, [USERNAME_PART]);
      let query = selectAccounts(db)
        .leftJoin('region as place', (join) =>
          join.on((eb) => eb('place.id', '=', eb.fn.coalesce('merchant.region_id', 'account.region_id'))),
        )
        .where(inScope(actorOf(request), PLACE))
        .orderBy('account.username')
        .limit(limit + 1);
      if (role !== undefined) query = query.where('account.role', '=', role);
      if (search !== undefined) {
        const pattern = containing(search);
        query = query.where((eb) =>
          eb.or([eb('account.username', 'ilike', pattern), eb('account.display_name', 'ilike', pattern)]),
        );
      }
      if (after) query = query.where('account.username', '>', after[0]);
      return pageOf(await query.execute(), limit, (row) => [row.username], accountItem);
    },
  );

  api.get(
    '/accounts/:id',
    {
      config: { access: 'account.read' },
      schema: { tags, summary: 'One account', params: ById, response: { 200: Account } },
    },
    async (request) => accountItem(await accountOf(db, actorOf(request), 'account.read', request.params.id)),
  );

  api.post(
    '/accounts',
    {
      config: { access: 'account.write' },
      schema: {
        tags,
        summary: 'Add an account; at its first sign-in it chooses a password of its own',
        body: NewAccount,
        response: { 201: Account },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const id = await addAccount(context, actor, request.body);
      return await reply.code(201).send(accountItem(await accountOf(db, actor, 'account.write', id)));
    },
  );

  api.patch(
    '/accounts/:id',
    {
      config: { access: 'account.write' },
      schema: {
        tags,
        summary: 'Change an account; with a new password, role or scope, or when disabled, its sessions end',
        params: ById,
        body: AccountChange,
        response: { 200: Account },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const row = await accountOf(db, actor, 'account.write', request.params.id);
      await changeAccount(context, actor, row, request.body);
      return accountItem(await accountOf(db, actor, 'account.write', row.id));
    },
  );
}
