import { Type } from 'typebox';
import {
  CameraRef,
  Closed,
  Code,
  MerchantRef,
  Nullable,
  pageQuery,
  RegionRef,
  ShortCode,
  TaskClass,
  TaskState,
  Time,
  Uuid,
  ViolationKind,
  ZoneRef,
} from './common.ts';
import { Evidence, HistoryEntry } from './finding.ts';

export const Task = Type.Object(
  {
    id: Uuid,
    /** For people: ZG-20261121-000123. */
    number: Type.String(),
    state: TaskState,
    kind: ViolationKind,
    class: TaskClass,
    findingId: Uuid,
    region: RegionRef,
    merchant: MerchantRef,
    zone: ZoneRef,
    camera: CameraRef,
    issuedAt: Time,
    issuedBy: Nullable(Type.String()),
    acknowledgeDue: Time,
    submitDue: Time,
    /** The step that is overdue now. */
    overdue: Nullable(Type.Enum(['acknowledge', 'submit'])),
    /** Minutes, as they were at issue. */
    limits: Type.Object({
      acknowledgeMin: Type.Integer(),
      submitMin: Type.Integer(),
      recheckMin: Type.Integer(),
    }),
    frame: Nullable(Evidence),
    version: Type.Integer(),
  },
  { title: 'Task' },
);
export const TaskPage = Type.Object(
  {
    ...Task.properties,
    evidence: Type.Array(Evidence),
    history: Type.Array(HistoryEntry),
  },
  { title: 'TaskPage' },
);
export const TaskQuery = Type.Object(
  {
    ...pageQuery,
    state: Type.Optional(TaskState),
    kind: Type.Optional(ViolationKind),
    merchant: Type.Optional(Code),
    region: Type.Optional(ShortCode),
  },
  Closed,
);

export const Alert = Type.Object(
  {
    id: Uuid,
    audience: Type.Enum(['inspector', 'merchant']),
    kind: ViolationKind,
    class: TaskClass,
    merchant: MerchantRef,
    camera: CameraRef,
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
