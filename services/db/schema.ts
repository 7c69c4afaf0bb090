import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { StatedVisit } from '../domain/field-visit.ts';
import type { OpeningHours } from '../domain/hours.ts';
import type { ProposalChange, ProposalEvidence, ProposalType } from '../domain/proposal.ts';
import type { MinScores, Rule } from '../domain/rules.ts';
import type {
  Area,
  Box,
  CameraSource,
  CameraState,
  Detection,
  FaultKind,
  FindingSource,
  FindingState,
  KindCode,
  LookOutcome,
  LookState,
  MetreLine,
  ModelRef,
  Role,
  TaskClass,
  TaskState,
  ViolationKind,
  ZoneKind,
} from '../domain/words.ts';
import type { CaseSchema } from './schema-case.ts';
import type { DeskSchema } from './schema-desk.ts';
import type { DocumentSchema } from './schema-documents.ts';
import type { EdgeSchema } from './schema-edge.ts';
import type { FieldSchema } from './schema-field.ts';
import type { FindingLifeSchema } from './schema-finding-life.ts';
import type { MerchantSchema } from './schema-merchant.ts';
import type { NotifySchema } from './schema-notify.ts';
import type { CameraOnboardColumns, OnboardSchema } from './schema-onboard.ts';
import type { OperationSchema } from './schema-operation.ts';
import type { PeopleSchema } from './schema-people.ts';
import type { PlatformSchema, WebhookPlatformColumns } from './schema-platforms.ts';
import type { PolicySchema, TaskStepColumns } from './schema-policy.ts';
import type { PublicSchema } from './schema-public.ts';
import type { StatisticsSchema } from './schema-statistics.ts';

/** The tables as Kysely sees them. migrations/*.sql is the truth; tests/db compares the two. */

type Json<T> = ColumnType<T, string, string>;
type GeneratedJson<T> = ColumnType<T, string | undefined, string>;
type Created = Generated<Date>;
type GeneratedBigInt = ColumnType<string, string | number | undefined, string | number>;
type BigInt8 = ColumnType<string, string | number, string | number>;

export interface RegionTable {
  id: Generated<string>;
  code: string;
  parent_id: string | null;
  path: string;
  level: 'province' | 'prefecture' | 'county' | 'town' | 'grid';
  name: string;
  time_zone: Generated<string>;
  created_at: Created;
}

export interface MerchantTable {
  id: Generated<string>;
  code: string;
  region_id: string;
  name: string;
  type: string;
  level: Generated<'A' | 'B' | 'C' | 'D'>;
  licence_no: string | null;
  opening_hours: JSONColumnType<OpeningHours | null, string | null, string | null>;
  /** Degrees, WGS 84; both or neither. */
  lat: Generated<number | null>;
  lon: Generated<number | null>;
  address: Generated<string>;
  phone: Generated<string>;
  created_at: Created;
}

export interface ZoneTable {
  id: Generated<string>;
  merchant_id: string;
  code: string;
  kind: ZoneKind;
  name: string;
}

export interface GatewayTable {
  id: Generated<string>;
  code: string;
  region_id: string;
  merchant_id: string | null;
  name: string;
  secret_hash: string;
  enabled: Generated<boolean>;
  state: Generated<'unknown' | 'online' | 'offline'>;
  birth_sequence: GeneratedBigInt;
  state_since: Date | null;
  last_seen_at: Date | null;
  created_at: Created;
}

export interface GatewayRefusalTable {
  gateway_id: string;
  reason: string;
  count: BigInt8;
  last_at: Date;
  last_detail: string;
}

export interface CameraTable extends CameraOnboardColumns {
  id: Generated<string>;
  code: string;
  merchant_id: string;
  zone_id: string;
  name: string;
  source: CameraSource;
  gateway_id: string | null;
  rtsp_url_sealed: Buffer | null;
  enabled: Generated<boolean>;
  look_interval_s: Generated<number>;
  timestamp_areas: GeneratedJson<Box[]>;
  regions_of_interest: GeneratedJson<Area[]>;
  ignore_areas: GeneratedJson<Area[]>;
  min_scores: GeneratedJson<MinScores>;
  metre_line: ColumnType<MetreLine | null, string | null | undefined, string | null>;
  removed_at: Date | null;
  created_at: Created;
}

export interface CameraStatusTable {
  camera_id: string;
  state: Generated<CameraState>;
  cause: Generated<string>;
  state_since: Created;
  last_frame_at: Date | null;
  last_look_at: Date | null;
  picture_key: string | null;
  picture_at: Date | null;
  source_info: GeneratedJson<{ width?: number; height?: number; codec?: string }>;
  updated_at: Created;
}

export interface CameraFaultTable {
  id: Generated<string>;
  camera_id: string | null;
  gateway_id: string | null;
  kind: FaultKind;
  opened_at: Date;
  closed_at: Date | null;
  cause: string;
  detail: GeneratedJson<Record<string, number>>;
  muted_by: string | null;
  announced_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  created_at: Created;
  edge_event_id: string | null;
}

export interface CameraReferenceTable {
  camera_id: string;
  origin: 'approved' | 'automatic';
  object_key: string | null;
  sha256: string | null;
  taken_at: Date;
  thumbnail: Buffer;
  small: Buffer;
  tile_detail: Buffer;
  approved_by: string | null;
  approved_at: Date | null;
}

export interface CameraLeaseTable {
  camera_id: string;
  process_id: string;
  until: Date;
  video_url: Generated<string | null>;
}

export interface RuleTable {
  id: Generated<string>;
  region_id: string | null;
  zone_kind: ZoneKind | null;
  kind: ViolationKind;
  enabled: boolean;
  k: number;
  n: number;
  min_duration_s: number;
  min_size_px: number;
  min_score: number;
  merge_window_min: number;
  daily_cap: number;
  hours: 'opening' | 'always';
  class: TaskClass;
}

/** One frame of a look as it lies in the object store. `at` is ISO 8601 UTC, device time. */
export interface StoredFrame {
  key: string;
  sha256: string;
  bytes: number;
  at: string;
  width: number;
  height: number;
}

/** The clip of a look: fragmented MP4, not re-encoded. `from`/`to` are ISO 8601 UTC. */
export interface StoredClip {
  key: string;
  sha256: string;
  bytes: number;
  /** RFC 6381, e.g. avc1.64001f */
  codec: string;
  from: string;
  to: string;
}

export interface LookTable {
  id: string;
  camera_id: string;
  source: CameraSource;
  captured_at: Date;
  accepted_at: Created;
  state: LookState;
  state_at: Created;
  frames: Json<StoredFrame[]>;
  clip: JSONColumnType<StoredClip | null, string | null, string | null>;
  burst_given_up: Generated<boolean>;
  outcome: LookOutcome | null;
  reason: string | null;
  decided_at: Date | null;
  /** Checks what an edge box said; null: the camera's own. */
  edge_event_id: string | null;
}

export interface FindingTable {
  id: Generated<string>;
  fingerprint: string;
  /** null: a reported finding of a place that no camera sees. */
  camera_id: string | null;
  zone_id: string;
  merchant_id: string;
  region_id: string;
  kind: KindCode;
  class: TaskClass;
  state: Generated<FindingState>;
  first_seen: Date;
  last_seen: Date;
  count: Generated<number>;
  /** null: no model gave it one. */
  score: number | null;
  rule: Json<Rule>;
  models: Json<ModelRef[]>;
  verdict_by: string | null;
  verdict_at: Date | null;
  verdict_reason: string | null;
  verdict_note: string | null;
  /** The class that who confirmed it gave; null: as rule and policy say. */
  verdict_class: TaskClass | null;
  created_at: Created;
  version: Generated<number>;
  source: Generated<FindingSource>;
  text: Generated<string>;
  place: Generated<string>;
  reported_by: string | null;
  merged_into: string | null;
  issue_at: Date | null;
  reopens: Generated<number>;
}

export interface FindingLookTable {
  finding_id: string;
  look_id: string;
}

export interface EvidenceTable {
  id: Generated<string>;
  finding_id: string;
  look_id: string;
  kind: 'frame' | 'clip';
  object_key: string;
  sha256: string;
  bytes: number;
  content_type: string;
  captured_at: Date;
  width: number | null;
  height: number | null;
  detail: Json<{
    detections?: Detection[];
    codec?: string;
    to?: string;
    /** A person's: photographed, or a camera's picture as it was then. */
    origin?: 'photo' | 'snapshot';
    /** The copy without metadata that is shown; absent: the bytes as received are. */
    shown?: { key: string; sha256: string };
    /** Of a visit: what the device stated of time and place. */
    visit?: StatedVisit;
  }>;
  created_at: Created;
}

export interface TaskTable extends TaskStepColumns {
  id: Generated<string>;
  number: string;
  finding_id: string;
  merchant_id: string;
  region_id: string;
  zone_id: string;
  kind: KindCode;
  class: TaskClass;
  state: TaskState;
  issued_at: Date;
  /** null: by policy, without a person. */
  issued_by: string | null;
  acknowledge_due: Date;
  submit_due: Date;
  limits: Json<{ acknowledgeMin: number; submitMin: number; recheckMin: number }>;
  acknowledged_at: Date | null;
  submitted_at: Date | null;
  closed_at: Date | null;
  recheck_until: Date | null;
  paused_at: Date | null;
  paused_ms: Generated<number>;
  returns: Generated<number>;
  appeals: Generated<number>;
  interrupted_state: TaskState | null;
  escalations: Generated<number>;
  acknowledge_escalated_at: Date | null;
  submit_escalated_at: Date | null;
  reopens: Generated<number>;
  review_due: Date | null;
  review_reminded_at: Date | null;
  version: Generated<number>;
  created_at: Created;
}

export interface TaskPhotoTable {
  id: Generated<string>;
  task_id: string;
  object_key: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  shown_key: string;
  shown_sha256: string;
  uploaded_by: string;
  uploaded_at: Date;
}

/** A photo of an answer as it was when the answer was given. */
export interface AnswerPhoto {
  id: string;
  key: string;
  sha256: string;
  bytes: number;
}

export interface TaskAnswerTable {
  id: Generated<string>;
  task_id: string;
  type: 'submission' | 'appeal';
  text: string;
  photos: Json<AnswerPhoto[]>;
  content_hash: string;
  account_id: string;
  at: Date;
}

export interface CommandKeyTable {
  task_id: string;
  key: string;
  fingerprint: string;
  result: Json<{ state: TaskState; version: number }>;
  at: Date;
}

export interface HistoryTable {
  id: Generated<string>;
  /** finding, task, or whatever else a person changed: lower_snake. */
  entity: string;
  entity_id: string;
  from_state: string | null;
  to_state: string;
  actor_id: string | null;
  reason: Generated<string>;
  note: Generated<string>;
  at: Created;
  /** What was asked for; empty for what has no command. */
  command: Generated<string>;
  content_hash: string | null;
  /** Written by the table's trigger alone. */
  prev_hash: ColumnType<string, never, never>;
  hash: ColumnType<string, never, never>;
  /** Where it happened: decides who may read it. null: everywhere. */
  region_path: Generated<string | null>;
  merchant_id: Generated<string | null>;
}

export interface AlertTable {
  id: Generated<string>;
  audience: 'inspector' | 'merchant';
  region_id: string;
  merchant_id: string;
  finding_id: string;
  task_id: string | null;
  kind: KindCode;
  class: TaskClass;
  created_at: Created;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  about: Generated<AlertAbout>;
  occurrence: Generated<number>;
  /** Only these are told; null: everybody of the audience. */
  roles: Role[] | null;
  told_as: string | null;
}

/** `new`: a finding for inspectors, an issued task for the merchant. */
export const ALERT_ABOUT = [
  'new',
  'submitted',
  'appealed',
  'appeal_rejected',
  'returned',
  'escalated',
  'transferred',
  'withdrawn',
  'closed',
  'recheck_due',
  'recheck_passed',
  'recurred',
  'reopened',
  'review_overdue',
  'history_broken',
] as const;
export type AlertAbout = (typeof ALERT_ABOUT)[number];

export interface EventTable {
  id: Generated<string>;
  xid: Generated<string>;
  type: string;
  region_path: string;
  merchant_id: string | null;
  payload: Json<Record<string, unknown>>;
  at: Created;
}

export interface WebhookTable extends WebhookPlatformColumns {
  id: Generated<string>;
  name: string;
  url: string;
  secret_sealed: Buffer;
  types: Generated<string[]>;
  region_id: string | null;
  enabled: Generated<boolean>;
  created_at: Created;
}

export interface OutboxTable {
  id: Generated<string>;
  event_id: string;
  webhook_id: string;
  idempotency_key: Generated<string>;
  state: Generated<'pending' | 'delivered' | 'dead'>;
  attempts: Generated<number>;
  next_at: Created;
  claimed_by: string | null;
  claimed_until: Date | null;
  last_status: number | null;
  last_error: string | null;
  delivered_at: Date | null;
  created_at: Created;
  /** The delivery is one of a replay. */
  replay_id: string | null;
}

export interface AccountTable {
  id: Generated<string>;
  username: string;
  password_hash: string;
  role: Role;
  region_id: string | null;
  merchant_id: string | null;
  display_name: Generated<string>;
  disabled: Generated<boolean>;
  created_at: Created;
  /** Only what lies at the cameras of account_camera. */
  camera_limited: Generated<boolean>;
  must_change_password: Generated<boolean>;
  password_changed_at: Date | null;
}

export interface SessionTable {
  token_hash: Buffer;
  account_id: string;
  created_at: Created;
  expires_at: Date;
  revoked_at: Date | null;
  id: Generated<string>;
  last_used_at: Date | null;
  address: Generated<string>;
  user_agent: Generated<string>;
}

export interface CoverageTable {
  camera_id: string;
  hour: Date;
  minutes: string;
}

export interface SettingTable {
  key: string;
  value: Json<unknown>;
}

export interface RuleProposalTable {
  id: Generated<string>;
  camera_id: string;
  kind: ViolationKind;
  type: ProposalType;
  state: Generated<'open' | 'accepted' | 'declined'>;
  change: Json<ProposalChange>;
  evidence: Json<ProposalEvidence>;
  created_at: Created;
  updated_at: Created;
  decided_at: Date | null;
  decided_by: string | null;
  note: Generated<string>;
}

export interface Schema
  extends CaseSchema,
    DeskSchema,
    FieldSchema,
    DocumentSchema,
    EdgeSchema,
    FindingLifeSchema,
    MerchantSchema,
    NotifySchema,
    OnboardSchema,
    OperationSchema,
    PeopleSchema,
    PlatformSchema,
    PolicySchema,
    PublicSchema,
    StatisticsSchema {
  region: RegionTable;
  merchant: MerchantTable;
  zone: ZoneTable;
  gateway: GatewayTable;
  gateway_refusal: GatewayRefusalTable;
  camera: CameraTable;
  camera_status: CameraStatusTable;
  camera_fault: CameraFaultTable;
  camera_reference: CameraReferenceTable;
  camera_lease: CameraLeaseTable;
  rule: RuleTable;
  look: LookTable;
  finding: FindingTable;
  finding_look: FindingLookTable;
  evidence: EvidenceTable;
  task: TaskTable;
  task_photo: TaskPhotoTable;
  task_answer: TaskAnswerTable;
  command_key: CommandKeyTable;
  history: HistoryTable;
  alert: AlertTable;
  event: EventTable;
  webhook: WebhookTable;
  outbox: OutboxTable;
  account: AccountTable;
  session: SessionTable;
  coverage: CoverageTable;
  setting: SettingTable;
  rule_proposal: RuleProposalTable;
}
