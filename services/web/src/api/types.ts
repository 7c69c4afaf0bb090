/** What the API returns, as far as the page uses it. Times are ISO 8601 in UTC; boxes are 0..1 of the picture. */

export type ViolationKind = 'no_hat' | 'no_mask' | 'rodent';
export const VIOLATION_KINDS: readonly ViolationKind[] = ['no_hat', 'no_mask', 'rodent'];

/** What a finding can be about: violations that models find, and those that people report. */
export type KindCode =
  | ViolationKind
  | 'smoking'
  | 'phone'
  | 'no_uniform'
  | 'bin_open'
  | 'intruder'
  | 'fire_unattended'
  | 'other';

export type FindingSource =
  | 'model'
  | 'edge'
  | 'online_inspection'
  | 'accompanying_meal'
  | 'tip'
  | 'field_visit'
  | 'cadre';

export type FindingState = 'pending_review' | 'confirmed' | 'dismissed' | 'merged' | 'expired';

export const ZONE_KINDS = [
  'rough_processing',
  'cutting',
  'cooking',
  'special_room',
  'meal_preparation',
  'washing',
  'storage',
  'sample_keeping',
] as const;
export type ZoneKind = (typeof ZONE_KINDS)[number];

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

export const FAULT_KINDS = ['offline', 'black', 'frozen', 'covered', 'blurred', 'moved', 'clock'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

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
export type Corner = readonly [x: number, y: number];
/** A box or the corners of a polygon. */
export type Area = Box | readonly Corner[];

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export const ROLES = [
  'operator',
  'inspector',
  'field_inspector',
  'station_head',
  'director',
  'cadre',
  'merchant',
  'food_safety_officer',
  'platform',
  'public',
] as const;
export type Role = (typeof ROLES)[number];
/** Roles that belong to one merchant, not to a region. */
export const MERCHANT_ROLES: readonly Role[] = ['merchant', 'food_safety_officer'];

export interface Account {
  id: string;
  username: string;
  displayName: string;
  role: Role;
  /** Scope: null is every region. */
  region: { code: string; path: string; name: string } | null;
  merchant: { code: string; name: string } | null;
  /** Limited to what lies at these; null: not limited. */
  cameras: { code: string; name: string }[] | null;
  disabled: boolean;
  /** Its password was chosen by somebody else. */
  mustChangePassword: boolean;
  secondFactor: boolean;
}

export interface OpenSession {
  id: string;
  createdAt: string;
  lastUsedAt: string | null;
  address: string;
  userAgent: string;
  current: boolean;
}

/** Why one looks at live pictures, and until when. */
export interface LiveGrant {
  id: string;
  purpose: string;
  cameraId: string | null;
  expiresAt: string;
}

export const LIVE_PURPOSES = [
  'patrol',
  'verify_finding',
  'check_task',
  'complaint',
  'prepare_visit',
  'emergency',
  'device_check',
  'own_check',
  'other',
] as const;
export type LivePurpose = (typeof LIVE_PURPOSES)[number];

export interface Session {
  expiresAt: string;
  account: Account;
}

export interface Overview {
  cameras: Record<CameraState, number>;
  /** null where the account may not read it. */
  pendingFindings: number | null;
  openTasks: number;
  overdueTasks: number;
  /** Looks; null where the queue does not answer. */
  queue: { waiting: number; active: number } | null;
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
  history: HistoryEntry[];
  /** Other findings of this merchant within a day, nearest first. */
  siblings: Sibling[];
  /** Findings that became part of this one. */
  merged: Sibling[];
}

/** An escalation document; its address runs out after ten minutes. */
export interface IssuedDocument {
  id: string;
  number: string;
  title: string;
  state: 'rendering' | 'issued' | 'void';
  issuedAt: string;
  issuedBy: string;
  url: string | null;
  voidReason: string | null;
}

/** 文书草稿: waits for a head. */
export interface DocumentDraft {
  id: string;
  type: string;
  typeName: string;
  reason: string;
  recipient: string;
  createdAt: string;
  /** null: the step of the chain. */
  draftedBy: string | null;
}

export interface DocumentType {
  code: string;
  name: string;
  enabled: boolean;
}

export interface Task {
  id: string;
  number: string;
  findingId: string;
  merchant: Named;
  zone: Zone;
  kind: KindCode;
  class: 1 | 2 | 3;
  state: TaskState;
  /** null: no camera sees the place. */
  camera: Named | null;
  issuedAt: string;
  /** With the pauses that are over; while `pausedAt` is set, both move on with the clock. */
  acknowledgeDue: string;
  submitDue: string;
  pausedAt: string | null;
  acknowledgedAt: string | null;
  submittedAt: string | null;
  closedAt: string | null;
  recheckUntil: string | null;
  returns: number;
  visitRequired: boolean;
  /** 保全: nothing of its case is removed. */
  held: boolean;
  /** The step that is overdue now. */
  overdue: 'acknowledge' | 'submit' | null;
  frame: Evidence | null;
  version: number;
}

export type TaskCommand =
  | 'acknowledge'
  | 'submit'
  | 'appeal'
  | 'uphold_appeal'
  | 'reject_appeal'
  | 'close'
  | 'return'
  | 'escalate'
  | 'transfer'
  | 'withdraw'
  | 'reopen'
  | 'pass_recheck'
  | 'recur';

/** A photo by the merchant: a copy without metadata, and the bytes as received. */
export interface AnswerPhoto {
  id: string;
  url: string;
  /** null: this account may not have the bytes as received. */
  originalUrl: string | null;
  width: number;
  height: number;
}

export interface TaskAnswer {
  id: string;
  type: 'submission' | 'appeal';
  at: string;
  by: string;
  text: string;
  photos: AnswerPhoto[];
}

/** 到场核查: what was seen of a task or finding. */
export type VisitOutcome = 'put_right' | 'not_put_right' | 'confirmed' | 'not_seen' | 'found';

export interface VisitPhoto {
  id: string;
  url: string;
  width: number | null;
  height: number | null;
  takenAt: string;
  lat: number | null;
  lon: number | null;
}

export interface Visit {
  id: string;
  by: string;
  visitedAt: string;
  note: string;
  lat: number | null;
  lon: number | null;
  accuracyM: number | null;
  distanceM: number | null;
  placeProblem: string | null;
  items: {
    outcome: VisitOutcome;
    taskId: string | null;
    effect: string;
    kind: KindCode;
    number: string | null;
    text: string;
    photos: VisitPhoto[];
  }[];
}

export interface TaskDetail extends Task {
  evidence: Evidence[];
  /** Oldest first. */
  answers: TaskAnswer[];
  /** In no answer yet. */
  photos: AnswerPhoto[];
  /** 到场核查, latest first. */
  visits: Visit[];
  history: HistoryEntry[];
  /** What this account may do now. */
  commands: TaskCommand[];
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

/** An open device ticket. */
export interface CameraFault {
  id: string;
  kind: FaultKind;
  /** Plain words. */
  cause: string;
  since: string;
  /** Its gateway is gone, whose own ticket speaks for it. */
  muted: boolean;
  acknowledgedAt: string | null;
}

export const DECLINE_REASONS = ['wrong_aim', 'private_place', 'unclear', 'obstructed', 'other'] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export interface Camera extends Named {
  source: 'rtsp' | 'mqtt';
  enabled: boolean;
  lookIntervalS: number;
  merchant: Named;
  zone: Zone;
  /** null: it is an RTSP camera. */
  gateway: Named | null;
  /** Host and port, without user and password. */
  rtspHost: string | null;
  /** Drawn on its picture, in 0..1 of it. */
  timestampAreas: Box[];
  regionsOfInterest: Area[];
  ignoreAreas: Area[];
  privacyMasks: Area[];
  zoneAreas: { zone: string; area: Area }[];
  metreLine: readonly [Corner, Corner] | null;
  minScores: Partial<Record<ViolationKind, number>>;
  /** Pixels. */
  minSizes: Partial<Record<ViolationKind, number>>;
  rtspSubHost: string | null;
  /** Nobody has approved what it sees: nothing is looked for. */
  awaitsApproval: boolean;
  /** When the last sign and the last telling of staff were recorded. */
  signAt: string | null;
  staffToldAt: string | null;
  declined: { reason: DeclineReason; note: string; at: string; by: string } | null;
  status: CameraStatus;
  picture: { url: string; at: string; ageS: number } | null;
  /** Oldest first. */
  faults: CameraFault[];
  /** The picture that says where it shall look. */
  reference: { approvedAt: string; approvedBy: string | null; url: string | null } | null;
}

export const COVERAGE_KINDS = [
  'looked',
  'unchanged',
  'dropped',
  'blind',
  'frozen',
  'offline',
  'closed',
  'unaccounted',
] as const;
export type CoverageKind = (typeof COVERAGE_KINDS)[number];

/** How one camera was looked at between `from` and `to`. */
export interface Coverage {
  from: string;
  to: string;
  minutes: Record<CoverageKind, number>;
  /** 60 letters an hour: L looked, U unchanged, D dropped, F frozen, X blind, O offline, C closed, `.` unaccounted. */
  hours: { hour: string; minutes: string }[];
}

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

export const PROPOSAL_STATES = ['open', 'accepted', 'declined'] as const;

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
