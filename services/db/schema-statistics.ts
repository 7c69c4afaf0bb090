/** Tables of statistics (migration 0012) as Kysely sees them. */

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

export interface StatisticsSchema {
  coverage_day: CoverageDayTable;
  coverage_span: CoverageSpanTable;
  coverage_changed: CoverageChangedTable;
}
