import type { Static } from 'typebox';
import { Type } from 'typebox';
import { auditedAdd, auditedChange } from '../../db/registry-audit.ts';
import type { Actor } from '../../domain/access.ts';
import { may } from '../../domain/access.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, pageOf } from '../cursor.ts';
import { hashPassword } from '../password.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { type AccountRow, accountItem, selectAccounts } from '../queries/accounts.ts';
import { merchantByCode, policyRegion } from '../queries/refs.ts';
import { Account, AccountChange, NewAccount } from '../schemas/account.ts';
import { ById, Closed, Page, pageQuery } from '../schemas/common.ts';
import { mayEverywhere, within } from '../scope.ts';
import { endSessionsOf } from '../sessions.ts';

const tags = ['accounts'];
const AccountQuery = Type.Object(pageQuery, Closed);
const USERNAME_PART = /^[a-z0-9._-]{1,64}$/;

/** Where an account works; null is every region. */
function regionPathOf(row: AccountRow): string | null {
  return row.merchant_region_path ?? row.region_path;
}

/** Accounts of operators: each sees and changes those that work within the own regions. */
function mayManage(actor: Actor, regionPath: string | null): boolean {
  if (regionPath === null) return mayEverywhere(actor);
  return may(actor, 'operation.write', { regionPath, merchantId: null });
}

function checkScope(body: Static<typeof NewAccount>): void {
  const { role, region, merchant } = body;
  if (role === 'merchant' && typeof merchant !== 'string') {
    throw invalid({
      field: 'merchant',
      message: 'is missing: an account with the role merchant belongs to one',
    });
  }
  if (role !== 'merchant' && typeof merchant === 'string') {
    throw invalid({ field: 'merchant', message: `the role ${role} belongs to a region, not to a merchant` });
  }
  if (role === 'merchant' && typeof region === 'string') {
    throw invalid({ field: 'region', message: 'the role merchant belongs to a merchant, not to a region' });
  }
}

export function accountRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;
  const find = async (actor: Actor, id: string): Promise<AccountRow> => {
    const row = await selectAccounts(db).where('account.id', '=', id).executeTakeFirst();
    if (row === undefined || !mayManage(actor, regionPathOf(row))) throw notFound('account');
    return row;
  };

  api.get(
    '/accounts',
    {
      config: { access: 'account.read' },
      schema: { tags, summary: 'Accounts', querystring: AccountQuery, response: { 200: Page(Account) } },
    },
    async (request) => {
      const actor = actorOf(request);
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const after = decodeCursor(cursor, [USERNAME_PART]);
      let query = selectAccounts(db)
        .orderBy('account.username')
        .limit(limit + 1);
      if (actor.regionPath !== null) {
        query = query.where((eb) =>
          eb.or([within('region.path', actor.regionPath), within('merchant_region.path', actor.regionPath)]),
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
    async (request) => accountItem(await find(actorOf(request), request.params.id)),
  );

  api.post(
    '/accounts',
    {
      config: { access: 'account.write' },
      schema: { tags, summary: 'Add an account', body: NewAccount, response: { 201: Account } },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { username, password, role, displayName } = request.body;
      checkScope(request.body);
      const merchant =
        typeof request.body.merchant === 'string'
          ? await merchantByCode(db, actor, request.body.merchant)
          : null;
      const region = await policyRegion(db, actor, request.body.region);
      if (merchant === null && region === null && !mayEverywhere(actor)) {
        throw new Problem('not-allowed', 'An account for all regions can only be made by one that has them.');
      }
      const passwordHash = await hashPassword(password);
      const { id } = await auditedAdd(db, 'account', authorOf(request, context), (tx) =>
        tx
          .insertInto('account')
          .values({
            username,
            role,
            password_hash: passwordHash,
            region_id: region?.id ?? null,
            merchant_id: merchant?.id ?? null,
            display_name: displayName ?? username,
          })
          .returning('id')
          .executeTakeFirstOrThrow(),
      );
      return await reply.code(201).send(accountItem(await find(actor, id)));
    },
  );

  api.patch(
    '/accounts/:id',
    {
      config: { access: 'account.write' },
      schema: {
        tags,
        summary: 'Change an account; with a new password, scope or when disabled its sessions end',
        params: ById,
        body: AccountChange,
        response: { 200: Account },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const row = await find(actor, request.params.id);
      const { password, displayName, disabled, region } = request.body;
      if (disabled === true && row.id === actor.accountId) {
        throw invalid({ field: 'disabled', message: 'one cannot disable the own account' });
      }
      if (typeof region === 'string' && row.role === 'merchant') {
        throw invalid({
          field: 'region',
          message: 'the role merchant belongs to a merchant, not to a region',
        });
      }
      if (region === null && !mayEverywhere(actor)) {
        throw new Problem('not-allowed', 'All regions can only be given by one that has them.');
      }
      const place = await policyRegion(db, actor, region);
      const hash = password === undefined ? undefined : await hashPassword(password);
      await auditedChange(db, 'account', row.id, authorOf(request, context), (tx) =>
        tx
          .updateTable('account')
          .set({
            id: row.id,
            ...(displayName && { display_name: displayName }),
            ...(disabled !== undefined && { disabled }),
            ...(region !== undefined && { region_id: place?.id ?? null }),
            ...(hash && { password_hash: hash }),
          })
          .where('id', '=', row.id)
          .execute(),
      );
      if (hash !== undefined || disabled === true || region !== undefined)
        await endSessionsOf(db, row.id, now());
      return accountItem(await find(actor, row.id));
    },
  );
}
