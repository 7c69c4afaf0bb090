/** A region's policy as the form holds it: paths into a document of which every part may be absent (inherited). */

export const CLASSES = ['1', '2', '3'] as const;
export type ClassKey = (typeof CLASSES)[number];
/** Never `rodent`: a person confirms it before a merchant is told, always (services/domain/policy.ts). */
export const DISPATCHABLE = ['no_hat', 'no_mask'] as const;
export const RECIPIENTS = ['food_safety_officer', 'inspector', 'station_head', 'director'] as const;
export type Recipient = (typeof RECIPIENTS)[number];
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export interface ChainStep {
  to: Recipient;
  delayMin: number;
  document: string | null;
}
export interface DispatchTerms {
  minPrecision: number;
  minVerdicts: number;
  days: number;
  reviewShare: number;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type PolicyDocument = { [key: string]: Json };

const isTree = (value: unknown): value is PolicyDocument =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at `limits.1.submitMin`; undefined: nothing does. */
export function at(document: PolicyDocument, path: string): unknown {
  return path.split('.').reduce<unknown>((tree, key) => (isTree(tree) ? tree[key] : undefined), document);
}

/** The document with the value there. */
export function withValue(document: PolicyDocument, path: string, value: unknown): PolicyDocument {
  const [key = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...document, [key]: value as Json };
  const inner = document[key];
  return { ...document, [key]: withValue(isTree(inner) ? inner : {}, rest.join('.'), value) };
}

/** The document without it; what is empty then goes too. */
export function without(document: PolicyDocument, path: string): PolicyDocument {
  const [key = '', ...rest] = path.split('.');
  const { [key]: inner, ...others } = document;
  if (inner === undefined) return document;
  if (rest.length === 0 || !isTree(inner)) return others;
  const left = without(inner, rest.join('.'));
  return Object.keys(left).length === 0 ? others : { ...others, [key]: left };
}

export interface InheritedPolicy {
  region: { id: string; code: string; path: string; name: string } | null;
  version: number | null;
  /** Also one that is not in force yet; not one that was taken back. */
  newest: number | null;
  own: PolicyDocument;
  inherited: PolicyDocument;
}
export interface PolicyVersion {
  id: string;
  region: { code: string; name: string } | null;
  version: number;
  effectiveFrom: string;
  document: PolicyDocument;
  note: string;
  changedBy: string | null;
  changedAt: string;
  state: 'coming' | 'in_force' | 'past' | 'withdrawn';
}
export interface DryRunRow {
  kind: string;
  class: 1 | 2 | 3;
  findings: number;
  tasks: number;
  /** Issued before the period, under the policy of then, and open in it. */
  carriedOver: number;
  classChanged: number;
  issuedWithoutPerson: { was: number; would: number };
  wouldBeWrong: number;
  acknowledgeDue: { earlier: number; later: number };
  submitDue: { earlier: number; later: number };
  overdue: { was: number; would: number };
  escalations: { was: number; would: number };
}
export interface DryRunResult {
  from: string;
  to: string;
  findings: number;
  truncated: boolean;
  rows: DryRunRow[];
}
export interface Measured {
  kind: string;
  right: number;
  wrong: number;
  low: number;
  dispatches: boolean;
}
