/** A report: what stands on its pages, as text. The same content gives the same bytes. */

export interface ReportTable {
  /** `share`: of the width, together 1. */
  columns: { label: string; align: 'left' | 'right'; share: number }[];
  rows: string[][];
  /** The first row is the sum of the others. */
  total: boolean;
}

export interface ReportChart {
  labels: string[];
  /** null: nothing was counted. */
  series: { name: string; values: (number | null)[] }[];
  /** Highest value of the scale; null: that of the values. */
  most: number | null;
  /** Follows a value of the scale, like `%`. */
  unit: string;
}

export interface ReportCard {
  name: string;
  value: string;
  /** The raw counts that it is made of. */
  made: string;
  /** The same of the month before. */
  before: string;
}

export type ReportBlock =
  | { kind: 'heading' | 'text' | 'small'; text: string }
  | { kind: 'cards'; cards: ReportCard[] }
  | ({ kind: 'table' } & ReportTable)
  | ({ kind: 'chart' } & ReportChart);

export interface ReportContent {
  title: string;
  subtitle: string;
  /** Stands at the foot of every page before `1 / 3`. */
  foot: string;
  /** BCP 47. */
  language: 'zh-CN' | 'en';
  /** ISO 8601, UTC. */
  issuedAt: string;
  blocks: ReportBlock[];
}
