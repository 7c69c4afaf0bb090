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

/** Written by services/db/audit.ts alone. `before` and `after`: JSON text going in; the driver parses it coming out. */
export interface HistoryChangeTable {
  history_id: string;
  position: number;
  entity: string;
  entity_id: string;
  before: ColumnType<Record<string, unknown> | null, string | null, never>;
  after: ColumnType<Record<string, unknown> | null, string | null, never>;
}

export interface PeopleSchema {
  account_camera: AccountCameraTable;
  cadre_merchant: CadreMerchantTable;
  cadre_visit: CadreVisitTable;
  history_change: HistoryChangeTable;
}
