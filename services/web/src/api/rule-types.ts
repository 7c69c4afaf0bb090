import type { Zone } from './camera-types.ts';
import type { Evidence } from './finding-types.ts';
import type { Box, Named, ViolationKind } from './types.ts';

/** How right the rules are, and what they propose, as the API returns it. */

/** How often findings were right, by what inspectors said. */
export interface Precision {
  kind: ViolationKind;
  confirmed: number;
  /** But for duplicates. */
  dismissed: number;
  /** 0..1; null without a verdict. `low` and `high` are its 95 % interval. */
  precision: number | null;
  low: number;
  high: number;
}

export const PROPOSAL_STATES = ['open', 'accepted', 'declined', 'outdated'] as const;

/** A change of one camera that verdicts ask for: an area that is ignored, or a higher lowest score. */
export interface RuleProposal {
  id: string;
  type: 'ignore_area' | 'min_score';
  state: (typeof PROPOSAL_STATES)[number];
  kind: ViolationKind;
  camera: Named;
  merchant: Named;
  zone: Zone;
  area: Box | null;
  minScore: number | null;
  minScoreNow: number | null;
  evidence: Omit<Precision, 'kind'> & {
    dismissedDropped: number;
    confirmedDropped: number;
    boxes: Box[];
  };
  frame: Evidence | null;
  updatedAt: string;
  decidedAt: string | null;
  decidedBy: string | null;
}
