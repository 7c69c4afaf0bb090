/** Tables of people and audit (migrations 0007 and 0017). */
import type { ColumnType, Generated } from 'kysely';
import type { GuarantorLevel } from '../domain/words.ts';

export interface AccountCameraTable {
  account_id: string;
  camera_id: string;
}

export interface CadreMerchantTable {
  id: Generated<string>;
  account_id: string;
  merchant_id: string;
  level: GuarantorLevel;
  visits_per_quarter: Generated<number>;
  since: Generated<Date>;
  until: Date | null;
  assigned_by: string | null;
}

export interface CadreVisitTable {
  id: Generated<string>;
  account_id: string;
  merchant_id: string;
  visited_at: Date;
  note: Generated<string>;
  recorded_at: Date;
}

export interface VisitPhotoTable {
  id: Generated<string>;
  account_id: string;
  visit_id: string | null;
  position: number | null;
  object_key: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  shown_key: string;
  shown_sha256: string;
  uploaded_at: Date;
  removed_at: Date | null;
}

/** Written by services/db/audit.ts alone. `before` and `after`: JSON text going in; the driver parses it coming out. */
export interface HistoryChangeTable {
  history_id: string;
  position: number;
  entity: string;
  entity_id: string;
  before: ColumnType<Record<string, unknown> | null, string | null, never>;
  after: ColumnType<Record<string, unknown> | null, string | null, never>;
}

export interface SignInWindowTable {
  key: string;
  until: Date;
  count: number;
}

export interface AccountTotpTable {
  account_id: string;
  secret_sealed: Buffer;
  created_at: Date;
  confirmed_at: Date | null;
  last_step: ColumnType<string, string | number | undefined, string | number>;
}

export interface RecoveryCodeTable {
  account_id: string;
  code_hash: Buffer;
  used_at: Date | null;
}

export interface ServiceTokenTable {
  id: Generated<string>;
  account_id: string;
  name: string;
  token_hash: Buffer;
  created_at: Date;
  created_by: string | null;
  expires_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export interface LiveGrantTable {
  id: Generated<string>;
  account_id: string;
  purpose: string;
  note: Generated<string>;
  camera_id: string | null;
  granted_at: Date;
  expires_at: Date;
}

export interface LiveLookTable {
  grant_id: string;
  camera_id: string;
  first_at: Date;
  last_at: Date;
  looks: Generated<number>;
}

export interface PeopleSchema {
  account_camera: AccountCameraTable;
  cadre_merchant: CadreMerchantTable;
  cadre_visit: CadreVisitTable;
  visit_photo: VisitPhotoTable;
  history_change: HistoryChangeTable;
  sign_in_window: SignInWindowTable;
  account_totp: AccountTotpTable;
  recovery_code: RecoveryCodeTable;
  service_token: ServiceTokenTable;
  live_grant: LiveGrantTable;
  live_look: LiveLookTable;
}
