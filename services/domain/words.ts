/**
 * The glossary as types. These words are the same in code, in tables, in the API and on screen.
 * Times are `Date` (UTC) unless a name ends in `Ms` or `S`. Boxes are [x1, y1, x2, y2] in 0..1 of the picture.
 */

/** Violations that people look for. `rodent` is class 1, the others class 2 (domain.md). */
export const VIOLATION_KINDS = ['no_hat', 'no_mask', 'rodent'] as const;
export type ViolationKind = (typeof VIOLATION_KINDS)[number];

export function isViolationKind(kind: string): kind is ViolationKind {
  return (VIOLATION_KINDS as readonly string[]).includes(kind);
}

/** Code of a kind of finding (table finding_kind): the violations that models find, and those that people report. */
export type KindCode = string;

/** Where a finding comes from: models of ours, a box that looked by itself, or people. */
export const FINDING_SOURCES = [
  'model',
  'edge',
  'online_inspection', // 网上巡查
  'accompanying_meal', // 陪餐
  'tip', // 投诉举报
  'field_visit', // 现场检查
  'cadre', // 包保干部督导
] as const;
export type FindingSource = (typeof FINDING_SOURCES)[number];

/** Sources that people report from. */
export const REPORT_SOURCES = [
  'online_inspection',
  'accompanying_meal',
  'tip',
  'field_visit',
  'cadre',
] as const;
export type ReportSource = (typeof REPORT_SOURCES)[number];

/** Camera faults: device tickets, never violations. `clock`: the device's time is wrong. */
export const FAULT_KINDS = ['offline', 'black', 'frozen', 'covered', 'blurred', 'moved', 'clock'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** 功能区: part of a kitchen. Rules differ by zone. */
export const ZONE_KINDS = [
  'rough_processing', // 粗加工
  'cutting', // 切配
  'cooking', // 烹饪
  'special_room', // 专间
  'meal_preparation', // 备餐
  'washing', // 洗消
  'storage', // 库房
  'sample_keeping', // 留样
] as const;
export type ZoneKind = (typeof ZONE_KINDS)[number];

/** What one box in one frame says: `yes` = the rule is broken, `no` = it is kept, `uncertain` = cannot be told. */
export type DetectionVerdict = 'yes' | 'no' | 'uncertain';

/** [x1, y1, x2, y2], each 0..1 of width or height, x1 ≤ x2, y1 ≤ y2. */
export type Box = readonly [number, number, number, number];

/** Corners [x, y] in 0..1 of the picture, in order, three or more; closed by itself. */
export type Polygon = readonly (readonly [number, number])[];
/** What a person drew. */
export type Area = Box | Polygon;

/** Two points [x, y] in 0..1 of the picture that lie one metre apart on the floor: the scale of a camera. */
export type MetreLine = readonly [readonly [number, number], readonly [number, number]];

/** 检出: one box in one frame. `score` is the calibrated probability 0..1 that the verdict `yes` is right. */
export interface Detection {
  kind: ViolationKind;
  verdict: DetectionVerdict;
  score: number;
  box: Box;
  /** Length of the box's longer side in pixels of the frame as received. */
  sizePx: number;
}

/** What the models saw in one frame of a look. `at` is the device time of the frame. */
export interface FrameDetections {
  at: Date;
  detections: Detection[];
}

/** Which model said it: goes onto every finding. */
export interface ModelRef {
  name: string;
  version: string;
  sha256: string;
}

/** 问题线索. */
export const FINDING_STATES = ['pending_review', 'confirmed', 'dismissed', 'merged', 'expired'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

/** 整改任务 (domain.md, "The rectification task"). */
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

/** Severity class of a kind: 1 is gravest. */
export type TaskClass = 1 | 2 | 3;

export const CAMERA_STATES = ['unknown', 'online', 'offline', 'frozen', 'closed'] as const;
export type CameraState = (typeof CAMERA_STATES)[number];

export const CAMERA_SOURCES = ['rtsp', 'mqtt'] as const;
export type CameraSource = (typeof CAMERA_SOURCES)[number];

/**
 * Life of a look. `gathering`: frames still arrive. `queued`: a worker shall judge it. `burst_wanted`: its first frame
 * was suspicious and the gateway shall add the rest of the burst and the clip. `decided`: it has its one outcome.
 */
export const LOOK_STATES = ['gathering', 'queued', 'burst_wanted', 'decided'] as const;
export type LookState = (typeof LOOK_STATES)[number];

/**
 * `calm`: nothing suspicious. `finding`: confirmed by a rule and written to a finding. `unconfirmed`: suspicious, but k of n
 * was not reached. `dropped`: newer look of the same camera won under overload. `failed`: could not be judged (reason kept).
 */
export const LOOK_OUTCOMES = ['calm', 'finding', 'unconfirmed', 'dropped', 'failed'] as const;
export type LookOutcome = (typeof LOOK_OUTCOMES)[number];

/** Who works with it (domain.md, "Users and what they hate"); what each may do: services/domain/rights.ts. */
export const ROLES = [
  'operator', // 运维管理员: runs the system
  'inspector', // 值守监管员, at the desk
  'field_inspector', // 现场执法人员
  'station_head', // 所长
  'director', // 局领导
  'cadre', // 包保干部
  'merchant', // 主要负责人: owner or manager of a merchant
  'food_safety_officer', // 食品安全员 of a merchant
  'platform', // another platform's service, by token
  'public', // 社会公众
] as const;
export type Role = (typeof ROLES)[number];

/** Roles that belong to one merchant, not to a region. */
export const MERCHANT_ROLES = ['merchant', 'food_safety_officer'] as const satisfies readonly Role[];

export const isMerchantRole = (role: Role): boolean => MERCHANT_ROLES.some((one) => one === role);

/** 包保等级: A is answered for by the province's cadres, D by the town's. */
export const GUARANTOR_LEVELS = ['A', 'B', 'C', 'D'] as const;
export type GuarantorLevel = (typeof GUARANTOR_LEVELS)[number];
