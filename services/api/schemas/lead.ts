/** 线索移送. */
import { Type } from 'typebox';
import { LEAD_STATES, LEAD_STEPS, LEAD_TARGETS } from '../../domain/lead.ts';
import {
  Closed,
  Code,
  MerchantRef,
  Nullable,
  pageQuery,
  RegionRef,
  ShortCode,
  Time,
  Uuid,
} from './common.ts';
import { HistoryEntry } from './finding.ts';

const State = Type.Enum([...LEAD_STATES], { title: 'LeadState' });
const Target = Type.Enum([...LEAD_TARGETS], { title: 'LeadTarget' });
const text = (right: string, most: number) =>
  Type.String({ minLength: 1, maxLength: most, pattern: '\\S', right });

export const NewLead = Type.Object(
  {
    /** Id of the task, or else the code of the merchant. */
    task: Type.Optional(Uuid),
    merchant: Type.Optional(Code),
    target: Target,
    targetName: text('the name of the authority, 1 to 200 characters', 200),
    /** The rule that asks for it. */
    legalReason: text('the legal reason, 1 to 1000 characters', 1000),
    summary: Type.Optional(Type.String({ maxLength: 4000 })),
    /** Number of the letter of transfer. */
    documentRef: Type.Optional(Type.String({ maxLength: 200 })),
    /** A finished export of the task's case: the hash of its signed manifest goes along. */
    export: Type.Optional(Uuid),
    /** The task ends as transferred, at this version; absent: it goes on. */
    endTaskVersion: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { ...Closed, title: 'NewLead' },
);
export const LeadProgress = Type.Object(
  {
    version: Type.Integer({ minimum: 1, right: 'the version of the lead that was looked at' }),
    step: Type.Enum([...LEAD_STEPS]),
    /** Case number at the authority (立案号); needed to accept. */
    caseNumber: Type.Optional(text('a case number of 1 to 200 characters', 200)),
    /** Why it was rejected, or how the case ended; needed for both. */
    outcome: Type.Optional(text('a text of 1 to 4000 characters', 4000)),
    note: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { ...Closed, title: 'LeadProgress' },
);
export const Lead = Type.Object(
  {
    id: Uuid,
    number: Type.String(),
    state: State,
    task: Nullable(Type.Object({ id: Uuid, number: Type.String() })),
    merchant: MerchantRef,
    region: RegionRef,
    target: Target,
    targetName: Type.String(),
    legalReason: Type.String(),
    summary: Type.String(),
    documentRef: Type.String(),
    evidenceSha256: Nullable(Type.String()),
    caseNumber: Type.String(),
    outcome: Type.String(),
    sentBy: Type.String(),
    sentAt: Time,
    receivedAt: Nullable(Time),
    decidedAt: Nullable(Time),
    concludedAt: Nullable(Time),
    version: Type.Integer(),
  },
  { title: 'Lead' },
);
export const LeadPage = Type.Object(
  { ...Lead.properties, history: Type.Array(HistoryEntry) },
  { title: 'LeadPage' },
);
export const LeadQuery = Type.Object(
  {
    ...pageQuery,
    state: Type.Optional(State),
    target: Type.Optional(Target),
    merchant: Type.Optional(Code),
    region: Type.Optional(ShortCode),
  },
  Closed,
);

const counts = {
  sent: Type.Integer(),
  /** No receipt yet. */
  unanswered: Type.Integer(),
  underReview: Type.Integer(),
  /** Accepted: the authority opened a case (立案). */
  cases: Type.Integer(),
  rejected: Type.Integer(),
  /** Of the cases: those with their outcome. */
  concluded: Type.Integer(),
};
export const LeadCountQuery = Type.Object({ from: Time, to: Time, region: Type.Optional(ShortCode) }, Closed);
export const LeadCounts = Type.Object(
  {
    ...counts,
    byTarget: Type.Array(Type.Object({ target: Target, ...counts })),
  },
  { title: 'LeadCounts' },
);
