/** What the API says of retention (services/api/schemas/retention.ts). */
export type RetentionSince = 'closed' | 'dismissed' | 'written';

export interface RetentionRule {
  /** Code; null: everywhere. */
  region: string | null;
  item: string;
  since: RetentionSince;
  /** null: for ever. */
  keepDays: number | null;
}
export interface RetentionBounds {
  item: string;
  leastDays: number;
  mostDays: number;
  source: 'law' | 'house';
}
export interface RetentionRules {
  items: RetentionRule[];
  bounds: RetentionBounds[];
  fixed: { what: string; hours: number | null; looks: number | null }[];
}
export interface DueItem {
  item: string;
  since: RetentionSince;
  count: number;
  bytes: number | null;
  oldestAt: string | null;
  held: number;
}
export interface RetentionDryRun {
  at: string;
  items: DueItem[];
  removed: { item: string; count: number; bytes: number | null; lastAt: string }[];
}
export interface LegalHold {
  id: string;
  finding: string;
  kind: string;
  task: { id: string; number: string } | null;
  merchant: string;
  region: string;
  reason: string;
  placedBy: string | null;
  placedAt: string;
}
