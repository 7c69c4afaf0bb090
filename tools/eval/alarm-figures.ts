import type { ModelRef, ViolationKind } from '../../services/domain/words.ts';
import type { AnalyzedFinding } from '../analyze/findings.ts';

/** What one kind came to in one video. */
export interface KindAlarms {
  /** Merged as the rule says, as people would see them. */
  findings: number;
  findingsPerHour: number;
  /** Looks that confirmed it, before merging. */
  looks: number;
  looksPerHour: number;
  /** Best mean score of the looks that showed it, confirmed or not; null when none did. */
  bestScore: number | null;
}

/** What `eval --task alarms --json` prints, one object a video; several are followed by their sum. */
export interface Alarms {
  task: 'alarms';
  video: string;
  /** Seconds of pictures that were read: what findings an hour count by. */
  durationS: number;
  /** Seconds that the file says it lasts, where its pictures ended early. */
  saidS?: number;
  looks: number;
  kinds: Partial<Record<ViolationKind, KindAlarms>>;
  findings: AnalyzedFinding[];
  models: readonly ModelRef[];
}
