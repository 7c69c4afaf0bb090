import { joins } from '../../services/domain/merge.ts';
import type { Rule } from '../../services/domain/rules.ts';
import type { ViolationKind } from '../../services/domain/words.ts';
import type { LookResult } from './looks.ts';

/** Several looks as one finding. Times are seconds from the start of the source. */
export interface AnalyzedFinding {
  kind: ViolationKind;
  firstSeen: number;
  lastSeen: number;
  /** Looks that confirmed it. */
  count: number;
  /** Mean of their scores. */
  score: number;
  /** Times of the frames that show it, rising. */
  frames: number[];
}

/** Merges confirmed looks, in time order, as production does for one camera and zone. */
export function mergeFindings(looks: readonly LookResult[], rules: readonly Rule[]): AnalyzedFinding[] {
  const findings: AnalyzedFinding[] = [];
  for (const look of looks) {
    for (const hit of look.hits) {
      const windowMin = rules.find((rule) => rule.kind === hit.kind)?.mergeWindowMin ?? 0;
      const times = hit.frames.map((frame) => frame.at.getTime() / 1000);
      const open = findings.find(
        (finding) =>
          finding.kind === hit.kind &&
          joins(new Date(finding.firstSeen * 1000), new Date(look.atMs), windowMin),
      );
      if (open === undefined) {
        const [firstSeen = look.atMs / 1000] = times;
        const lastSeen = times.at(-1) ?? firstSeen;
        findings.push({ kind: hit.kind, firstSeen, lastSeen, count: 1, score: hit.score, frames: times });
      } else {
        open.score = (open.score * open.count + hit.score) / (open.count + 1);
        open.count += 1;
        open.lastSeen = times.at(-1) ?? open.lastSeen;
        open.frames.push(...times);
      }
    }
  }
  return findings;
}
