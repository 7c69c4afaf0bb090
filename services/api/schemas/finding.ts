import { Type } from 'typebox';
import { DISMISS_REASONS } from '../../domain/task.ts';
import { FINDING_SOURCES } from '../../domain/words.ts';
import {
  Box,
  CameraRef,
  Closed,
  Code,
  FindingState,
  KindCode,
  MerchantRef,
  ModelRef,
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

export const Detection = Type.Object(
  {
    kind: ViolationKind,
    verdict: Type.Enum(['yes', 'no', 'uncertain']),
    score: Type.Number(),
    box: Box,
    sizePx: Type.Number(),
  },
  { title: 'Detection' },
);

/** One frame or clip as it was received. `url` runs out after ten minutes. */
export const Evidence = Type.Object(
  {
    id: Uuid,
    /** The look it belongs to. */
    lookId: Uuid,
    kind: Type.Enum(['frame', 'clip']),
    url: Type.String(),
    contentType: Type.String(),
    bytes: Type.Integer(),
    sha256: Type.String(),
    capturedAt: Time,
    /** Frames: pixels, and what was seen. */
    width: Nullable(Type.Integer()),
    height: Nullable(Type.Integer()),
    detections: Type.Array(Detection),
    /** Clips: RFC 6381 codec, and when the clip ends. */
    codec: Nullable(Type.String()),
    to: Nullable(Time),
  },
  { title: 'Evidence' },
);

export const Verdict = Type.Object(
  {
    at: Time,
    by: Nullable(Type.String()),
    reason: Type.String(),
    note: Type.String(),
    /** What who confirmed it said of its gravity; null: as rule and policy say. */
    class: Nullable(TaskClass),
  },
  { title: 'Verdict' },
);

export const Finding = Type.Object(
  {
    id: Uuid,
    kind: KindCode,
    class: TaskClass,
    state: FindingState,
    firstSeen: Time,
    lastSeen: Time,
    /** Looks that showed it. */
    count: Type.Integer(),
    /** null: no model gave it one. */
    score: Nullable(Type.Number()),
    models: Type.Array(ModelRef),
    region: RegionRef,
    merchant: MerchantRef,
    zone: ZoneRef,
    /** null: no camera sees the place. */
    camera: Nullable(CameraRef),
    /** The first frame that shows it. */
    frame: Nullable(Evidence),
    clip: Nullable(Evidence),
    verdict: Nullable(Verdict),
    task: Nullable(Type.Object({ id: Uuid, number: Type.String(), state: TaskState })),
    source: Type.Enum([...FINDING_SOURCES]),
    /** What a reporter says; empty for what models found. */
    text: Type.String(),
    /** Where in the zone, as a reporter says. */
    place: Type.String(),
    reportedBy: Nullable(Type.String()),
    /** The finding that it became part of. */
    mergedInto: Nullable(Uuid),
    /** Confirmed: its task is issued then, unless the verdict is undone before. */
    issuesAt: Nullable(Time),
    /** Until then this account can undo its verdict. */
    undoUntil: Nullable(Time),
    /** Times that it was reopened. */
    reopens: Type.Integer(),
    /** 保全: nothing of its case is removed. */
    held: Type.Boolean(),
    createdAt: Time,
    /** Give it back with a verdict, so that nobody judges what changed meanwhile. */
    version: Type.Integer(),
  },
  { title: 'Finding' },
);

export const HistoryEntry = Type.Object(
  {
    at: Time,
    from: Nullable(Type.String()),
    to: Type.String(),
    by: Nullable(Type.String()),
    /** What was asked for; empty for what has no command. */
    command: Type.String(),
    reason: Type.String(),
    note: Type.String(),
  },
  { title: 'HistoryEntry' },
);

export const Sibling = Type.Object(
  {
    id: Uuid,
    kind: KindCode,
    state: FindingState,
    firstSeen: Time,
    lastSeen: Time,
    count: Type.Integer(),
    camera: Nullable(CameraRef),
    version: Type.Integer(),
  },
  { title: 'Sibling' },
);

export const FindingPage = Type.Object(
  {
    ...Finding.properties,
    rule: Type.Unknown(),
    evidence: Type.Array(Evidence),
    /** For each look all of its frames side by side, in the order of `evidence`. */
    strips: Type.Array(
      Type.Object({ lookId: Uuid, url: Type.String(), frames: Type.Integer() }, { title: 'LookStrip' }),
    ),
    history: Type.Array(HistoryEntry),
    /** Other findings of this merchant within a day. */
    siblings: Type.Array(Sibling),
    /** Findings that became part of this one; their evidence stands among this one's. */
    merged: Type.Array(Sibling),
  },
  { title: 'FindingPage' },
);

export const FindingQuery = Type.Object(
  {
    ...pageQuery,
    state: Type.Optional(FindingState),
    kind: Type.Optional(KindCode),
    class: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
    merchant: Type.Optional(Code),
    camera: Type.Optional(Code),
    region: Type.Optional(ShortCode),
    /** `oldest`: who waits longest; `gravest`: by class, then who waits longest. */
    order: Type.Optional(Type.Enum(['newest', 'oldest', 'gravest'])),
  },
  Closed,
);

const Note = Type.String({ maxLength: 2000, right: 'a note of at most 2000 characters' });
const Version = Type.Integer({ minimum: 1 });
/** An empty body will do. */
export const Confirm = Nullable(
  Type.Object(
    {
      note: Type.Optional(Note),
      version: Type.Optional(Version),
      /** Its gravity, when it is not what rule and policy say; a lower one (a higher number) needs a note. */
      class: Type.Optional(TaskClass),
    },
    Closed,
  ),
);
export const Dismiss = Type.Object(
  { reason: Type.Enum([...DISMISS_REASONS]), note: Type.Optional(Note), version: Type.Optional(Version) },
  { ...Closed, title: 'Dismiss' },
);
export const Judged = Type.Object({ taskId: Nullable(Uuid), finding: Finding }, { title: 'Judged' });
