/** Tables of statistics and draws (migrations 0012 and 0022) as Kysely sees them. */
import type { ColumnType, Generated } from 'kysely';
import type { DrawList, DrawResult } from '../domain/draw.ts';

/** Minutes of a camera by kind of coverage; `day` and `start` are local dates, YYYY-MM-DD. */
interface SummedMinutes {
  camera_id: string;
  looked: number;
  unchanged: number;
  dropped: number;
  frozen: number;
  blind: number;
  offline: number;
  closed: number;
}

export interface CoverageDayTable extends SummedMinutes {
  day: string;
}

export interface CoverageSpanTable extends SummedMinutes {
  step: 'week' | 'month';
  start: string;
}

export interface CoverageChangedTable {
  camera_id: string;
  day: string;
  at: Date;
}

export interface InspectorConflictTable {
  id: Generated<string>;
  account_id: string;
  merchant_id: string;
  reason: string;
  recorded_by: string;
  recorded_at: Date;
  ended_at: Date | null;
}

export interface DrawTable {
  id: Generated<string>;
  number: string;
  region_id: string;
  state: Generated<'committed' | 'drawn' | 'cancelled'>;
  list: ColumnType<DrawList, string, never>;
  list_hash: string;
  commitment: string;
  secret_sealed: Buffer;
  committed_by: string;
  committed_at: Date;
  secret: string | null;
  public_value: string | null;
  seed: string | null;
  result: ColumnType<DrawResult | null, string | null | undefined, string | null>;
  result_hash: string | null;
  ended_by: string | null;
  ended_at: Date | null;
}

export interface StatisticsSchema {
  inspector_conflict: InspectorConflictTable;
  draw: DrawTable;
  coverage_day: CoverageDayTable;
  coverage_span: CoverageSpanTable;
  coverage_changed: CoverageChangedTable;
}
