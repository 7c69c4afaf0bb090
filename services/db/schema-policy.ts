/** Tables of migrations 0008 and 0018: policy, calendars, next steps, recheck. */
import type { ColumnType, Generated } from 'kysely';
import type { FrozenPolicy, PolicyDocument } from '../domain/policy.ts';
import type { TaskStep } from '../domain/task-clock.ts';
import type { NextStep } from '../domain/task-steps.ts';
import type { ViolationKind } from '../domain/words.ts';
import type { DayType } from '../domain/work-calendar.ts';

type Json<T> = ColumnType<T, string, string>;

export interface PolicyTable {
  id: Generated<string>;
  region_id: string | null;
  version: number;
  effective_from: Date;
  document: Json<PolicyDocument>;
  note: Generated<string>;
  changed_by: string | null;
  changed_at: Date;
  withdrawn_at: Date | null;
  withdrawn_by: string | null;
}

export interface CalendarDay {
  date: string;
  type: DayType;
  name: string;
}
export interface CalendarTerm {
  from: string;
  to: string;
  name: string;
}
export interface CalendarTable {
  id: Generated<string>;
  code: string;
  name: string;
  region_id: string | null;
  days: ColumnType<CalendarDay[], string | undefined, string>;
  terms: ColumnType<CalendarTerm[], string | undefined, string>;
  version: Generated<number>;
  changed_by: string | null;
  changed_at: Date;
}

export interface FrozenPolicyTable {
  sha256: string;
  policy: Json<FrozenPolicy>;
  created_at: Generated<Date>;
}

export interface TaskStepColumns {
  policy_sha256: string | null;
  policy_version: Generated<string>;
  acknowledge_by: Generated<Date>;
  submit_by: Generated<Date>;
  next_step: NextStep | null;
  next_step_at: Date | null;
  step_scheduled_at: Date | null;
  acknowledge_level: Generated<number>;
  submit_level: Generated<number>;
  escalated_at: Date | null;
  visit_told_at: Date | null;
  by_people: Generated<boolean>;
  recurred_from: string | null;
  recurred_as: string | null;
  prolongations: Generated<number>;
  observed_min: number | null;
  sampled: boolean | null;
  sample_no: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  sample_seed: string | null;
}

export interface SampleRowTable {
  county: string;
  seed: string;
  share: number;
  n: ColumnType<string, string | number, string | number>;
}

export interface CameraBoostTable {
  task_id: string;
  camera_id: string;
  kind: ViolationKind;
  look_interval_s: number;
  since: Date;
}

export interface TaskEscalationTable {
  task_id: string;
  /** How often the task had been reopened: each time the chain begins anew. */
  round: Generated<number>;
  late: TaskStep;
  level: number;
  told: string;
  document: string | null;
  actor_id: string | null;
  at: Date;
}

export const STEP_FAULTS = ['wrong_step', 'no_job', 'not_done'] as const;
export type StepFault = (typeof STEP_FAULTS)[number];

export interface StepFaultTable {
  id: Generated<string>;
  task_id: string;
  fault: StepFault;
  expected_step: string | null;
  expected_at: Date | null;
  found_step: string | null;
  found_at: Date | null;
  repaired_at: Date | null;
  at: Date;
}

export interface PolicySchema {
  policy: PolicyTable;
  calendar: CalendarTable;
  frozen_policy: FrozenPolicyTable;
  task_escalation: TaskEscalationTable;
  step_fault: StepFaultTable;
  sample_row: SampleRowTable;
  camera_boost: CameraBoostTable;
}
