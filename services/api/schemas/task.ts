import { Type } from 'typebox';
import { ALERT_ABOUT } from '../../db/schema-record.ts';
import { TASK_COMMANDS } from '../../domain/task-life.ts';
import { NEXT_STEPS } from '../../domain/task-steps.ts';
import { ROLES } from '../../domain/words.ts';
import {
  CameraRef,
  Closed,
  Code,
  KindCode,
  MerchantRef,
  Nullable,
  pageQuery,
  RegionRef,
  ShortCode,
  TaskClass,
  TaskState,
  Time,
  Uuid,
  ZoneRef,
} from './common.ts';
import { FieldVisit } from './field-visit.ts';
import { Evidence, HistoryEntry, Sibling } from './finding.ts';

export const Task = Type.Object(
  {
    id: Uuid,
    /** For people: ZG-20261121-000123. */
    number: Type.String(),
    state: TaskState,
    kind: KindCode,
    class: TaskClass,
    /** Its first finding. */
    findingId: Uuid,
    region: RegionRef,
    merchant: MerchantRef,
    zone: ZoneRef,
    camera: Nullable(CameraRef),
    issuedAt: Time,
    issuedBy: Nullable(Type.String()),
    /** With the pauses that are over; while `pausedAt` is set, both move on with the clock. */
    acknowledgeDue: Time,
    submitDue: Time,
    /** Since when the merchant's clock stands because an answer or appeal waits for the inspector. */
    pausedAt: Nullable(Time),
    acknowledgedAt: Nullable(Time),
    submittedAt: Nullable(Time),
    closedAt: Nullable(Time),
    /** After closure the same place is looked at again until then. */
    recheckUntil: Nullable(Time),
    returns: Type.Integer(),
    /** It was returned as often as it may be: only a field visit closes it, or returns it again. */
    visitRequired: Type.Boolean(),
    escalations: Type.Integer(),
    /** Times that it was reopened after closure. */
    reopens: Type.Integer(),
    /** Until when the inspector looks at what waits. */
    reviewDue: Nullable(Time),
    /** The step that is overdue now. */
    overdue: Nullable(Type.Enum(['acknowledge', 'submit'])),
    /** Minutes, as they were at issue. */
    limits: Type.Object({
      acknowledgeMin: Type.Number(),
      submitMin: Type.Number(),
      recheckMin: Type.Number(),
    }),
    /** Versions of the policy that was frozen at issue: `huojia@3 huojia.chengguan@1`. */
    policyVersion: Type.String(),
    /** What it waits for, and until when; without a time it waits for a person. */
    nextStep: Nullable(Type.Enum([...NEXT_STEPS])),
    nextStepAt: Nullable(Time),
    frame: Nullable(Evidence),
    /** 保全: nothing of its case is removed. */
    held: Type.Boolean(),
    version: Type.Integer(),
  },
  { title: 'Task' },
);
/** A photograph by the merchant; addresses run out after ten minutes. */
export const AnswerPhoto = Type.Object(
  {
    id: Uuid,
    /** A copy without metadata. */
    url: Type.String(),
    /** The bytes as received, with their EXIF: for those who decide on the task. */
    originalUrl: Nullable(Type.String()),
    sha256: Type.String(),
    bytes: Type.Integer(),
    width: Type.Integer(),
    height: Type.Integer(),
    uploadedAt: Time,
  },
  { title: 'AnswerPhoto' },
);
export const TaskAnswer = Type.Object(
  {
    id: Uuid,
    type: Type.Enum(['submission', 'appeal']),
    at: Time,
    by: Type.String(),
    text: Type.String(),
    photos: Type.Array(AnswerPhoto),
  },
  { title: 'TaskAnswer' },
);
export const TaskPage = Type.Object(
  {
    ...Task.properties,
    /** All findings that it answers, the first one first. */
    findings: Type.Array(Sibling),
    /** What was found: before. */
    evidence: Type.Array(Evidence),
    /** What the merchant said, oldest first: after. */
    answers: Type.Array(TaskAnswer),
    /** Photos that are in no answer yet. */
    photos: Type.Array(AnswerPhoto),
    /** 到场核查, latest first, with their photographs, which are not in `evidence`. */
    visits: Type.Array(FieldVisit),
    history: Type.Array(HistoryEntry),
    /** Commands that this account may give now. */
    commands: Type.Array(Type.Enum([...TASK_COMMANDS])),
  },
  { title: 'TaskPage' },
);
export const TaskQuery = Type.Object(
  {
    ...pageQuery,
    state: Type.Optional(TaskState),
    /** Not ended: something is still asked of somebody. */
    open: Type.Optional(Type.Boolean()),
    /** The merchant is late with what it owes now. */
    overdue: Type.Optional(Type.Boolean()),
    kind: Type.Optional(KindCode),
    merchant: Type.Optional(Code),
    region: Type.Optional(ShortCode),
    /** Part of the task's number or of the merchant's name. */
    search: Type.Optional(Type.String({ maxLength: 100 })),
  },
  Closed,
);

export const Alert = Type.Object(
  {
    id: Uuid,
    audience: Type.Enum(['inspector', 'merchant']),
    /** `new`: a finding for inspectors, an issued task for the merchant; otherwise what became of the task. */
    about: Type.Enum([...ALERT_ABOUT]),
    /** Only these roles of the audience are told; null: all. */
    roles: Nullable(Type.Array(Type.Enum([...ROLES]))),
    kind: KindCode,
    class: TaskClass,
    merchant: MerchantRef,
    camera: Nullable(CameraRef),
    findingId: Uuid,
    taskId: Nullable(Uuid),
    createdAt: Time,
    acknowledgedAt: Nullable(Time),
    acknowledgedBy: Nullable(Type.String()),
  },
  { title: 'Alert' },
);
export const AlertQuery = Type.Object(
  {
    ...pageQuery,
    audience: Type.Optional(Type.Enum(['inspector', 'merchant'])),
    acknowledged: Type.Optional(Type.Boolean()),
    merchant: Type.Optional(Code),
  },
  Closed,
);
