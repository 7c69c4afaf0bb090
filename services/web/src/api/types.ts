/** What the API returns, as far as the page uses it. Times are ISO 8601 in UTC; boxes are 0..1 of the picture. */

export type ViolationKind = 'no_hat' | 'no_mask' | 'rodent';
export const VIOLATION_KINDS: readonly ViolationKind[] = ['no_hat', 'no_mask', 'rodent'];

export type FindingState = 'pending_review' | 'confirmed' | 'dismissed' | 'merged' | 'expired';

export type ZoneKind =
  | 'rough_processing'
  | 'cutting'
  | 'cooking'
  | 'special_room'
  | 'meal_preparation'
  | 'washing'
  | 'storage'
  | 'sample_keeping';

export type TaskState =
  | 'issued'
  | 'acknowledged'
  | 'submitted'
  | 'returned'
  | 'appealed'
  | 'escalated'
  | 'transferred'
  | 'withdrawn'
  | 'closed'
  | 'recheck_due'
  | 'recheck_passed'
  | 'recurred';

export type CameraState = 'unknown' | 'online' | 'offline' | 'frozen' | 'closed';
export const CAMERA_STATES: readonly CameraState[] = ['online', 'offline', 'frozen', 'closed', 'unknown'];

export type GatewayState = 'unknown' | 'online' | 'offline';

/** In the order of their keys 1 to 7. */
export const DISMISS_REASONS = [
  'wearing_it',
  'not_staff',
  'not_a_person',
  'not_working',
  'unclear_picture',
  'duplicate',
  'other',
] as const;
export type DismissReason = (typeof DISMISS_REASONS)[number];

export type Verdict = 'yes' | 'no' | 'uncertain';
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface Account {
  id: string;
  username: string;
  displayName: string;
  role: 'operator' | 'inspector' | 'director' | 'merchant' | 'platform';
}

export interface Session {
  expiresAt: string;
  account: Account;
}

export interface Overview {
  cameras: Record<CameraState, number>;
  findings: { pendingReview: number };
  tasks: { open: number };
  queue: { waiting: number };
}

export interface Named {
  id: string;
  code: string;
  name: string;
}

export interface Zone extends Named {
  kind: ZoneKind;
}

export interface Detection {
  kind: ViolationKind;
  verdict: Verdict;
  score: number;
  box: Box;
}

export interface Frame {
  url: string;
  width: number;
  height: number;
  at: string;
  detections: Detection[];
}

export interface Clip {
  url: string;
  codec: string;
}

export interface Finding {
  id: string;
  kind: ViolationKind;
  class: 1 | 2 | 3;
  state: FindingState;
  firstSeen: string;
  lastSeen: string;
  count: number;
  score: number;
  models: { name: string; version: string; sha256: string }[];
  camera: Named;
  merchant: Named;
  zone: Zone;
  frame: Frame | null;
  clip: Clip | null;
  version: number;
}

export interface EvidenceLook {
  lookId: string;
  at: string;
  frames: Frame[];
  clip: Clip | null;
}

export interface HistoryEntry {
  from: string | null;
  to: string;
  actor: string | null;
  reason: string;
  note: string;
  at: string;
}

export interface Sibling {
  id: string;
  kind: ViolationKind;
  state: FindingState;
  firstSeen: string;
  count: number;
}

export interface FindingDetail extends Finding {
  rule: { k: number; n: number; minDurationS: number };
  looks: EvidenceLook[];
  history: HistoryEntry[];
  siblings: Sibling[];
  task: { id: string; number: string; state: TaskState } | null;
}

export interface Task {
  id: string;
  number: string;
  finding: { id: string };
  merchant: Named;
  zone: Zone;
  kind: ViolationKind;
  class: 1 | 2 | 3;
  state: TaskState;
  issuedAt: string;
  acknowledgeDue: string;
  submitDue: string;
}

export interface CameraStatus {
  state: CameraState;
  /** Plain words; empty when all is well. */
  cause: string;
  stateSince: string | null;
  lastFrameAt: string | null;
  width: number | null;
  height: number | null;
  codec: string | null;
}

export interface Camera extends Named {
  source: 'rtsp' | 'mqtt';
  enabled: boolean;
  lookIntervalS: number;
  merchant: Named;
  zone: Zone;
  status: CameraStatus;
  picture: { url: string; at: string } | null;
}

/** One hour of a camera: 60 letters, one a minute (`L` looked, `U` unchanged, `D` dropped, `F` frozen, `O` offline, `C` closed, `.`). */
export interface CoverageHour {
  cameraId: string;
  hour: string;
  minutes: string;
}

export interface Refusal {
  reason: string;
  count: number;
  lastAt: string;
  lastDetail: string;
}

export interface Gateway extends Named {
  enabled: boolean;
  region: Named;
  /** null: serves several merchants of the region. */
  merchant: Named | null;
  state: GatewayState;
  lastSeenAt: string | null;
  cameras: number;
  /** Refused messages of all reasons. */
  refused: number;
}

export interface GatewayPage extends Gateway {
  refusals: Refusal[];
}
