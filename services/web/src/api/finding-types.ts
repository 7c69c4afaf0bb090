import type { Zone } from './camera-types.ts';
import type {
  Box,
  FindingSource,
  FindingState,
  KindCode,
  Named,
  TaskState,
  Verdict,
  ViolationKind,
} from './types.ts';

/** Findings and their evidence, as the API returns them. */

export interface Detection {
  kind: ViolationKind;
  verdict: Verdict;
  score: number;
  box: Box;
}

/** A frame or clip as it was received, by an address that runs out after ten minutes. */
export interface Evidence {
  id: string;
  /** The look it belongs to. */
  lookId: string;
  kind: 'frame' | 'clip';
  url: string;
  capturedAt: string;
  /** Frames: pixels, and what was seen. */
  width: number | null;
  height: number | null;
  detections: Detection[];
  /** Clips: RFC 6381 codec, and when the clip ends. */
  codec: string | null;
  to: string | null;
}

export interface Finding {
  id: string;
  kind: KindCode;
  class: 1 | 2 | 3;
  state: FindingState;
  firstSeen: string;
  lastSeen: string;
  count: number;
  /** null: a person reported it. */
  score: number | null;
  models: { name: string; version: string; sha256: string }[];
  /** null: no camera sees the place. */
  camera: Named | null;
  merchant: Named;
  zone: Zone;
  frame: Evidence | null;
  clip: Evidence | null;
  source: FindingSource;
  /** What a reporter says, where in the zone, and who. */
  text: string;
  place: string;
  reportedBy: string | null;
  /** The finding that it became part of. */
  mergedInto: string | null;
  /** Confirmed: its task is issued then, unless the verdict is undone before. */
  issuesAt: string | null;
  /** Until then the one who judged it can take the verdict back. */
  undoUntil: string | null;
  task: { id: string; number: string; state: TaskState } | null;
  version: number;
}

export interface HistoryEntry {
  from: string | null;
  to: string;
  by: string | null;
  /** What was asked for; empty for what has no command. */
  command: string;
  reason: string;
  note: string;
  at: string;
}

export interface Sibling {
  id: string;
  kind: KindCode;
  state: FindingState;
  firstSeen: string;
  count: number;
  /** null: no camera sees the place. */
  camera: Named | null;
  version: number;
}

export interface FindingDetail extends Finding {
  rule: { k: number; n: number; minDurationS: number };
  /** In the order it was taken. */
  evidence: Evidence[];
  /** All frames of a look side by side, in the same order. */
  strips: { lookId: string; url: string; frames: number }[];
  history: HistoryEntry[];
  /** Other findings of this merchant within a day, nearest first. */
  siblings: Sibling[];
  /** Findings that became part of this one. */
  merged: Sibling[];
}
