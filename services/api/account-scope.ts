import type { Database } from '../db/database.ts';
import { type Action, type Actor, isUnlimited, may } from '../domain/access.ts';
import { notFound } from './problem.ts';
import { type AccountRow, accountPlace, selectAccounts } from './queries/accounts.ts';

/** Accounts are managed by those whose regions hold all that the account has. */
export function mayManage(actor: Actor, action: Action, row: AccountRow): boolean {
  const place = accountPlace(row);
  return place === null ? may(actor, action) && isUnlimited(actor) : may(actor, action, place);
}

/** @throws Problem not-found, also for what lies outside the actor's scope */
export async function accountOf(
  db: Database,
  actor: Actor,
  action: 'account.read' | 'account.write',
  id: string,
): Promise<AccountRow> {
  const row = await selectAccounts(db).where('account.id', '=', id).executeTakeFirst();
  if (row === undefined || !mayManage(actor, action, row)) throw notFound('account');
  return row;
}
