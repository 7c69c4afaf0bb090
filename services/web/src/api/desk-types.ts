/** What the API returns for the desk beside a finding itself. */
import type { Coverage, Zone } from './camera-types.ts';
import type { Evidence, Sibling } from './finding-types.ts';
import type { FindingState, KindCode, TaskState } from './types.ts';

export interface ClaimHolder {
  findingId: string;
  name: string;
  /** The same account in another window. */
  self: boolean;
  /** Fetched as their next card, not looked at yet. */
  ahead: boolean;
  since: string;
}

export interface Claimed {
  held: boolean;
  next: string | null;
  leaseS: number;
  others: ClaimHolder[];
}

/** Of the same kind and merchant, waiting too. */
export interface Around extends Sibling {
  class: 1 | 2 | 3;
  score: number | null;
  zone: Zone;
  frame: Evidence | null;
}

export interface Past {
  id: string;
  kind: KindCode;
  state: FindingState;
  firstSeen: string;
  zone: Zone;
  /** Why it was dismissed; empty when it was not. */
  reason: string;
  task: { id: string; number: string; state: TaskState } | null;
}

export interface FindingContext {
  around: Around[];
  past: Past[];
  verdicts: { confirmed: number; dismissed: number };
  /** `day`: midnight where the merchant is. */
  coverage: (Coverage & { day: string }) | null;
}

export interface FindingKind {
  code: KindCode;
  nameZh: string;
  nameEn: string;
  class: 1 | 2 | 3;
  enabled: boolean;
}
