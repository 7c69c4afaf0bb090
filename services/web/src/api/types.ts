/** What the API returns, as far as the page uses it: the words all parts share. Times are ISO 8601 in UTC; boxes are 0..1 of the picture. */

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

export const TASK_STATES = [
  'issued',
  'acknowledged',
  'submitted',
  'returned',
  'appealed',
  'escalated',
  'transferred',
  'withdrawn',
  'closed',
  'recheck_due',
  'recheck_passed',
  'recurred',
] as const;
export type TaskState = (typeof TASK_STATES)[number];

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

export interface Overview {
  cameras: Record<CameraState, number>;
  /** null where the account may not read it. */
  pendingFindings: number | null;
  /** Tips of the public that nobody looked at yet; null where the account may not read them. */
  waitingTips: number | null;
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
