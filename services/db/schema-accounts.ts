import type { ColumnType, Generated } from 'kysely';
import type { Role } from '../domain/words.ts';

type Json<T> = ColumnType<T, string, string>;
type Created = Generated<Date>;

export interface AccountTable {
  id: Generated<string>;
  username: string;
  password_hash: string;
  role: Role;
  region_id: string | null;
  merchant_id: string | null;
  display_name: Generated<string>;
  disabled: Generated<boolean>;
  created_at: Created;
  /** Only what lies at the cameras of account_camera. */
  camera_limited: Generated<boolean>;
  must_change_password: Generated<boolean>;
  password_changed_at: Date | null;
}

export interface SessionTable {
  token_hash: Buffer;
  account_id: string;
  created_at: Created;
  expires_at: Date;
  revoked_at: Date | null;
  id: Generated<string>;
  last_used_at: Date | null;
  address: Generated<string>;
  user_agent: Generated<string>;
}

export interface SettingTable {
  key: string;
  value: Json<unknown>;
}

/** Accounts, sessions, settings. */
export interface AccountSchema {
  account: AccountTable;
  session: SessionTable;
  setting: SettingTable;
}
