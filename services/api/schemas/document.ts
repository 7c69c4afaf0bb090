/** Escalation documents: types, templates, and what was issued. */
import { Type } from 'typebox';
import {
  After,
  Closed,
  MerchantRef,
  Nullable,
  pageQuery,
  RegionRef,
  ShortCode,
  Time,
  Uuid,
} from './common.ts';

export const TypeCode = Type.String({
  pattern: '^[a-z][a-z0-9_]{0,31}$',
  right: 'the code of a type of document, e.g. rectification_order',
});
const name = (most: number) =>
  Type.String({ minLength: 1, maxLength: most, pattern: '\\S', right: `1 to ${most} characters` });

export const DocumentType = Type.Object(
  {
    code: TypeCode,
    name: Type.String(),
    /** Stands before year and number. */
    series: Type.String(),
    enabled: Type.Boolean(),
    /** Whether the merchant is an addressee: reads its documents and hears of them. */
    toMerchant: Type.Boolean(),
    version: Type.Integer(),
  },
  { title: 'DocumentType' },
);
export const DocumentTypeChange = Type.Object(
  {
    after: After,
    name: name(40),
    series: name(20),
    enabled: Type.Optional(Type.Boolean()),
    /** Absent: as it is; of a new type false. */
    toMerchant: Type.Optional(Type.Boolean()),
  },
  { ...Closed, title: 'DocumentTypeChange' },
);

export const TemplateText = Type.Object(
  {
    title: name(60),
    body: Type.String({
      minLength: 1,
      maxLength: 20_000,
      pattern: '\\S',
      right: 'a text of 1 to 20,000 characters',
    }),
  },
  { ...Closed, title: 'DocumentTemplateText' },
);
export const TemplateChange = Type.Object(
  {
    type: TypeCode,
    /** null: everywhere. */
    region: Nullable(ShortCode),
    after: After,
    ...TemplateText.properties,
  },
  { ...Closed, title: 'DocumentTemplateChange' },
);
export const DocumentTemplate = Type.Object(
  {
    id: Uuid,
    type: TypeCode,
    /** Path of its region; null: everywhere. */
    region: Nullable(Type.String()),
    version: Type.Integer(),
    title: Type.String(),
    body: Type.String(),
    changedAt: Time,
    changedBy: Nullable(Type.String()),
  },
  { title: 'DocumentTemplate' },
);
export const Templates = Type.Object(
  {
    items: Type.Array(DocumentTemplate),
    /** What {{field}} may name, and what it stands for. */
    fields: Type.Array(Type.Object({ name: Type.String(), meaning: Type.String() })),
  },
  { title: 'DocumentTemplates' },
);
/** A text that is not saved yet, or the template of a type; with the facts of a task, or with examples. */
export const Preview = Type.Object(
  {
    type: TypeCode,
    text: Type.Optional(TemplateText),
    task: Type.Optional(Uuid),
    reason: Type.Optional(Type.String({ maxLength: 4000 })),
    recipient: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { ...Closed, title: 'DocumentPreview' },
);

export const NewDocument = Type.Object(
  {
    type: TypeCode,
    version: Type.Integer({ minimum: 1, right: 'the version of the task that was looked at' }),
    reason: Type.String({ maxLength: 4000, right: 'facts and demands, at most 4000 characters' }),
    recipient: Type.Optional(Type.String({ maxLength: 200, right: 'at most 200 characters' })),
    /** Evidence pictures of the task; absent: the best of each finding. */
    pictures: Type.Optional(
      Type.Array(Uuid, {
        maxItems: 6,
        uniqueItems: true,
        right: 'at most 6 ids of evidence pictures of this task',
      }),
    ),
  },
  { ...Closed, title: 'NewDocument' },
);
/** 文书草稿 by somebody who was there; a head issues it. */
export const NewDraft = Type.Object(
  {
    type: TypeCode,
    reason: Type.String({
      minLength: 1,
      maxLength: 4000,
      pattern: '\\S',
      right: 'facts and demands, 1 to 4000 characters',
    }),
    recipient: Type.Optional(Type.String({ maxLength: 200, right: 'at most 200 characters' })),
  },
  { ...Closed, title: 'NewDocumentDraft' },
);
export const Document = Type.Object(
  {
    id: Uuid,
    number: Type.String(),
    type: TypeCode,
    title: Type.String(),
    /** `rendering`: it has its number; its address makes the rest. `void`: it does not hold. */
    state: Type.Enum(['rendering', 'issued', 'void']),
    region: RegionRef,
    merchant: MerchantRef,
    task: Type.Object({ id: Uuid, number: Type.String() }),
    issuedAt: Time,
    issuedBy: Type.String(),
    /** The PDF; runs out after ten minutes. null: not stored yet, ask for the document itself. */
    url: Nullable(Type.String()),
    sha256: Nullable(Type.String()),
    bytes: Nullable(Type.Integer()),
    voidedAt: Nullable(Time),
    voidReason: Nullable(Type.String()),
  },
  { title: 'Document' },
);
export const DocumentQuery = Type.Object(
  {
    ...pageQuery,
    type: Type.Optional(TypeCode),
    task: Type.Optional(Uuid),
    region: Type.Optional(ShortCode),
  },
  Closed,
);
export const VoidDocument = Type.Object({ reason: name(500) }, { ...Closed, title: 'VoidDocument' });
