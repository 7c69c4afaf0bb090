/** What people do with findings beside judging one: report, merge, split, think again, judge several. */
import { Type } from 'typebox';
import { MOST_AT_ONCE } from '../../domain/cases.ts';
import { DISMISS_REASONS } from '../../domain/task.ts';
import { REPORT_SOURCES } from '../../domain/words.ts';
import { Closed, Code, KindCode, Nullable, ShortCode, TaskClass, Time, Uuid } from './common.ts';
import { Finding } from './finding.ts';

const text = (right: string) => Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S', right });
const Note = Type.String({ maxLength: 2000, right: 'a note of at most 2000 characters' });
const Version = Type.Integer({ minimum: 1, right: 'the version of the finding that was looked at' });
/** A finding as it was looked at. */
const Seen = Type.Object({ id: Uuid, version: Version }, Closed);

export const FindingKind = Type.Object(
  {
    code: KindCode,
    nameZh: Type.String(),
    nameEn: Type.String(),
    /** Of a reported finding when nobody says another. */
    class: TaskClass,
    /** Models look for it; the others are reported by people alone. */
    modelled: Type.Boolean(),
    enabled: Type.Boolean(),
  },
  { title: 'FindingKind' },
);
export const FindingKindChange = Type.Object(
  {
    nameZh: Type.String({
      minLength: 1,
      maxLength: 40,
      pattern: '\\S',
      right: 'a name of 1 to 40 characters',
    }),
    nameEn: Type.String({
      minLength: 1,
      maxLength: 60,
      pattern: '\\S',
      right: 'a name of 1 to 60 characters',
    }),
    class: TaskClass,
    enabled: Type.Optional(Type.Boolean()),
  },
  { ...Closed, title: 'FindingKindChange' },
);

export const FindingReport = Type.Object(
  {
    source: Type.Enum([...REPORT_SOURCES]),
    kind: KindCode,
    class: Type.Optional(TaskClass),
    merchant: Code,
    zone: ShortCode,
    camera: Type.Optional(Code),
    /** Where in the zone. */
    place: Type.Optional(Type.String({ maxLength: 200, right: 'a place of at most 200 characters' })),
    text: text('what was seen, 1 to 2000 characters'),
    /** When it was seen; now, when absent. */
    seenAt: Type.Optional(Time),
    photos: Type.Optional(
      Type.Array(Uuid, {
        maxItems: 9,
        uniqueItems: true,
        right: 'at most 9 ids of photos that you uploaded',
      }),
    ),
    /** Confirmed at once, by one who may judge. */
    confirm: Type.Optional(Type.Boolean()),
  },
  { ...Closed, title: 'FindingReport' },
);
export const Reported = Type.Object(
  { repeated: Type.Boolean(), finding: Finding },
  { title: 'FindingReported' },
);
export const ReportPhoto = Type.Object(
  {
    id: Uuid,
    /** A copy without metadata; runs out after ten minutes. */
    url: Type.String(),
    sha256: Type.String(),
    bytes: Type.Integer(),
    width: Type.Integer(),
    height: Type.Integer(),
    /** Of a camera's picture: when it was taken. */
    takenAt: Nullable(Time),
    uploadedAt: Time,
  },
  { title: 'ReportPhoto' },
);
export const Snapshot = Type.Object(
  {
    camera: Code,
    /** The moment that was on the screen: of an RTSP camera the very picture, as long as it is held (some 40 s). Absent: the last one. */
    at: Type.Optional(Time),
  },
  { ...Closed, title: 'Snapshot' },
);

export const Merge = Type.Object(
  {
    into: Seen,
    findings: Type.Array(Seen, {
      minItems: 1,
      maxItems: MOST_AT_ONCE,
      right: `1 to ${MOST_AT_ONCE} findings with their versions`,
    }),
    note: Type.Optional(Note),
  },
  { ...Closed, title: 'MergeFindings' },
);
export const Merged = Type.Object(
  { repeated: Type.Boolean(), merged: Type.Array(Uuid), finding: Finding },
  { title: 'FindingsMerged' },
);
export const WithReason = Type.Object(
  { version: Version, note: text('a reason of 1 to 2000 characters') },
  { ...Closed, title: 'FindingWithReason' },
);
export const Undo = Type.Object({ version: Version }, { ...Closed, title: 'UndoVerdict' });

export const Verdicts = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          id: Uuid,
          version: Version,
          verdict: Type.Enum(['confirm', 'dismiss']),
          /** With dismiss. */
          reason: Type.Optional(Type.Enum([...DISMISS_REASONS])),
          note: Type.Optional(Note),
        },
        Closed,
      ),
      { minItems: 1, maxItems: MOST_AT_ONCE, right: `1 to ${MOST_AT_ONCE} verdicts` },
    ),
  },
  { ...Closed, title: 'Verdicts' },
);
export const VerdictsGiven = Type.Object(
  {
    /** In the order that they were asked for. */
    items: Type.Array(
      Type.Object({
        id: Uuid,
        done: Type.Boolean(),
        repeated: Type.Boolean(),
        taskId: Nullable(Uuid),
        /** Why it was not done. */
        why: Nullable(
          Type.Enum([
            'not_found',
            'changed',
            'already_judged',
            'reason_missing',
            'note_missing',
            'key_reused',
            'failed',
          ]),
        ),
        /** As it is now; null when it is not to be seen. */
        state: Nullable(Type.String()),
        version: Nullable(Type.Integer()),
      }),
    ),
  },
  { title: 'VerdictsGiven' },
);

export const AddToTask = Type.Object(
  {
    version: Type.Integer({ minimum: 1, right: 'the version of the task that was looked at' }),
    finding: Seen,
    note: Type.Optional(Note),
  },
  { ...Closed, title: 'AddFindingToTask' },
);
