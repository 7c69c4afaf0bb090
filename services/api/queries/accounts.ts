import type { Static } from 'typebox';
import type { Database, Tx } from '../../db/database.ts';
import type { Account } from '../schemas/account.ts';

export const selectAccounts = (db: Database | Tx) =>
  db
    .selectFrom('account')
    .leftJoin('merchant', 'merchant.id', 'account.merchant_id')
    .leftJoin('region as merchant_region', 'merchant_region.id', 'merchant.region_id')
    .leftJoin('region', 'region.id', 'account.region_id')
    .select([
      'account.id',
      'account.username',
      'account.role',
      'account.display_name',
      'account.disabled',
      'account.created_at',
      'account.password_hash',
      'region.id as region_id',
      'region.code as region_code',
      'region.path as region_path',
      'region.name as region_name',
      'merchant.id as merchant_id',
      'merchant.code as merchant_code',
      'merchant.name as merchant_name',
      'merchant_region.path as merchant_region_path',
    ]);

export type AccountRow = Awaited<ReturnType<ReturnType<typeof selectAccounts>['executeTakeFirstOrThrow']>>;

export function accountItem(row: AccountRow): Static<typeof Account> {
  const { region_id, region_code, region_path, region_name, merchant_id, merchant_code, merchant_name } = row;
  return {
    id: row.id,
    username: row.username,
    role: row.role,
    displayName: row.display_name,
    region:
      region_id === null
        ? null
        : { id: region_id, code: region_code ?? '', path: region_path ?? '', name: region_name ?? '' },
    merchant:
      merchant_id === null ? null : { id: merchant_id, code: merchant_code ?? '', name: merchant_name ?? '' },
    disabled: row.disabled,
    createdAt: row.created_at.toISOString(),
  };
}
