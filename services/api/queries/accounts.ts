import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database, Tx } from '../../db/database.ts';
import type { Account } from '../schemas/account.ts';
import type { CameraRef } from '../schemas/common.ts';
import type { SessionItem } from '../schemas/security.ts';
import type { openSessions } from '../sessions.ts';

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
      'account.must_change_password',
      'account.camera_limited',
      sql<boolean>`exists (
        select from account_totp as t where t.account_id = account.id and t.confirmed_at is not null
      )`.as('second_factor'),
      sql<Static<typeof CameraRef>[]>`(
        select coalesce(json_agg(json_build_object('id', c.id, 'code', c.code, 'name', c.name) order by c.code), '[]')
        from account_camera as l join camera as c on c.id = l.camera_id where l.account_id = account.id
      )`.as('cameras'),
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
    cameras: row.camera_limited ? row.cameras : null,
    disabled: row.disabled,
    mustChangePassword: row.must_change_password,
    secondFactor: row.second_factor,
    createdAt: row.created_at.toISOString(),
  };
}

/** Where an account works; null: everywhere. */
export function accountPlace(row: AccountRow): { regionPath: string; merchantId: string | null } | null {
  const regionPath = row.merchant_region_path ?? row.region_path;
  return regionPath === null ? null : { regionPath, merchantId: row.merchant_id };
}

type SessionRow = Awaited<ReturnType<typeof openSessions>>[number];

/** @param current the session that asks */
export function sessionItem(row: SessionRow, current?: string): Static<typeof SessionItem> {
  return {
    id: row.id,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    expiresAt: row.expires_at.toISOString(),
    address: row.address,
    userAgent: row.user_agent,
    current: row.id === current,
  };
}
