import { Type } from 'typebox';
import { CHECK_RESULTS, LEDGER_PERIODS } from '../../domain/ledger.ts';
import { FAULT_KINDS } from '../../domain/words.ts';
import {
  After,
  Closed,
  KindCode,
  MerchantRef,
  Nullable,
  pageQuery,
  ShortCode,
  TaskState,
  Time,
  Uuid,
} from './common.ts';

export const Period = Type.Enum([...LEDGER_PERIODS], { title: 'LedgerPeriod', right: 'day, week or month' });
const LocalDate = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', right: 'a date like 2026-11-21' });
const Month = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$', right: 'a month like 2026-11' });
const MerchantType = Type.String({
  pattern: '^[a-z][a-z_]{0,31}$',
  right: 'a type (业态) like restaurant, school_canteen, central_kitchen',
});
const words = (most: number, right: string) =>
  Type.String({ minLength: 1, maxLength: most, pattern: '\\S', right });

export const ChecklistItem = Type.Object(
  {
    /** Stays the same over versions. */
    code: Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', right: 'a code like hat_mask' }),
    text: words(300, 'what is to be checked, 1 to 300 characters'),
    textEn: words(300, 'the same in English, 1 to 300 characters'),
    /** Kinds of findings that fill it in. */
    kinds: Type.Array(KindCode, { maxItems: 20, uniqueItems: true }),
    /** Camera faults fill it in. */
    faults: Type.Boolean(),
  },
  { ...Closed, title: 'ChecklistItem' },
);
export const Checklist = Type.Object(
  {
    id: Uuid,
    /** Code; null: everywhere. */
    region: Nullable(Type.String()),
    /** null: every type that has none of its own. */
    merchantType: Nullable(Type.String()),
    period: Period,
    version: Type.Integer(),
    title: Type.String(),
    titleEn: Type.String(),
    items: Type.Array(ChecklistItem),
    changedAt: Time,
    changedBy: Nullable(Type.String()),
  },
  { title: 'Checklist' },
);
export const NewChecklist = Type.Object(
  {
    region: Type.Optional(Nullable(ShortCode)),
    merchantType: Type.Optional(Nullable(MerchantType)),
    period: Period,
    after: After,
    title: words(100, 'a title of 1 to 100 characters'),
    titleEn: words(100, 'the title in English, 1 to 100 characters'),
    items: Type.Array(ChecklistItem, { minItems: 1, maxItems: 60, right: '1 to 60 items' }),
  },
  { ...Closed, title: 'NewChecklist' },
);

const FactTask = Type.Object({
  id: Uuid,
  number: Type.String(),
  kind: KindCode,
  state: TaskState,
  at: Time,
});
const FactFault = Type.Object({
  kind: Type.Enum([...FAULT_KINDS]),
  camera: Type.String(),
  since: Time,
  until: Nullable(Time),
});
/** What the cameras say; confirmed findings only. */
export const Facts = Type.Object(
  {
    tasks: Type.Array(FactTask),
    faults: Type.Array(FactFault),
    observedMinutes: Type.Integer(),
    motionMinutes: Type.Optional(Type.Integer()),
  },
  { title: 'LedgerFacts' },
);
export const CheckAnswer = Type.Object(
  {
    code: Type.String({ maxLength: 32 }),
    result: Type.Enum([...CHECK_RESULTS], { right: 'ok, problem or none (does not apply)' }),
    note: Type.String({ maxLength: 500, right: 'a note of at most 500 characters' }),
  },
  { ...Closed, title: 'CheckAnswer' },
);
export const LedgerRecord = Type.Object(
  {
    id: Uuid,
    revision: Type.Integer(),
    answers: Type.Array(CheckAnswer),
    facts: Facts,
    summary: Type.String(),
    contentHash: Type.String(),
    by: Type.String(),
    at: Time,
  },
  { title: 'LedgerRecord' },
);
const RecordState = Type.Enum(['future', 'closed', 'open', 'done', 'late', 'missed'], {
  title: 'LedgerRecordState',
});
/** One sheet to fill in, or that was. */
export const LedgerSheet = Type.Object(
  {
    merchant: MerchantRef,
    period: Period,
    start: LocalDate,
    end: LocalDate,
    state: RecordState,
    /** What holds now; a record that is there names its own version. */
    checklist: Checklist,
    /** What the cameras say now. */
    facts: Facts,
    /** What they propose, by item. */
    proposals: Type.Record(
      Type.String(),
      Type.Union([
        Type.Object({
          result: Type.Literal('problem'),
          tasks: Type.Array(FactTask),
          faults: Type.Array(FactFault),
        }),
        Type.Object({ result: Type.Literal('ok'), observedMinutes: Type.Integer() }),
      ]),
    ),
    /** Oldest first; the last one holds. */
    revisions: Type.Array(LedgerRecord),
    /** The owner signed: it takes no more records. */
    signed: Type.Boolean(),
    mayWrite: Type.Boolean(),
  },
  { title: 'LedgerSheet' },
);
export const SheetQuery = Type.Object(
  {
    period: Type.Optional(Period),
    /** First day; absent: the one that holds today. */
    start: Type.Optional(LocalDate),
  },
  Closed,
);
export const NewRecord = Type.Object(
  {
    period: Period,
    start: LocalDate,
    /** The revision that was looked at; 0: there was none. */
    after: Type.Integer({ minimum: 0 }),
    checklist: Uuid,
    answers: Type.Array(CheckAnswer, { maxItems: 60 }),
    summary: Type.String({ maxLength: 2000, right: 'a text of at most 2000 characters' }),
  },
  { ...Closed, title: 'NewLedgerRecord' },
);
const Line = Type.Object({
  period: Period,
  start: LocalDate,
  end: LocalDate,
  state: RecordState,
  problems: Type.Integer(),
});
const Signature = Type.Object({ by: Type.String(), at: Time, contentHash: Type.String() });
/** A month of a merchant's three books. */
export const LedgerMonth = Type.Object(
  {
    merchant: MerchantRef,
    month: Month,
    today: LocalDate,
    lines: Type.Array(Line),
    /** What would be signed. */
    contentHash: Type.String(),
    signature: Nullable(Signature),
    maySign: Type.Boolean(),
    /** What stands in the way of signing. */
    notYet: Nullable(Type.Enum(['month_not_over', 'week_not_over', 'no_meeting'])),
  },
  { title: 'LedgerMonth' },
);
export const MonthQuery = Type.Object({ month: Type.Optional(Month) }, Closed);
export const NewSignature = Type.Object(
  {
    month: Month,
    contentHash: Type.String({ pattern: '^[0-9a-f]{64}$', right: 'the contentHash of the month' }),
  },
  { ...Closed, title: 'NewLedgerSignature' },
);
const Count = Type.Object({ done: Type.Integer(), late: Type.Integer(), due: Type.Integer() });
/** For those who read the books of many. */
export const LedgerSummary = Type.Object(
  {
    merchant: MerchantRef,
    type: Type.String(),
    day: Count,
    week: Count,
    month: Count,
    problems: Type.Integer(),
    signedAt: Nullable(Time),
  },
  { title: 'LedgerSummary' },
);
export const LedgersQuery = Type.Object(
  { ...pageQuery, month: Type.Optional(Month), region: Type.Optional(ShortCode) },
  Closed,
);

export const NewUpload = Type.Object(
  {
    /** SHA-256 of the whole photo, hex. */
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$', right: 'the SHA-256 of the photo, 64 hex digits' }),
    bytes: Type.Integer({ minimum: 1, maximum: 10 * 1024 * 1024, right: 'at most 10 MB' }),
  },
  { ...Closed, title: 'NewPhotoUpload' },
);
/** Of a part. */
export const UploadHeaders = Type.Object({
  /** Absent: 0. */
  'upload-offset': Type.Optional(Type.Integer({ minimum: 0, right: 'the position of the part, in bytes' })),
});
