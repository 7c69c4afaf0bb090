import type { TFunction } from 'i18next';
import type { AuditChange, AuditRow } from './audit-types.ts';

/** Words that this page does not know are shown by their code. */
export const entityText = (t: TFunction, entity: string): string =>
  t(`audit.entity.${entity}` as 'audit.entity.camera', { defaultValue: entity });

/** Things whose states have their own words. */
const STATES: Record<string, string> = {
  task: 'taskState',
  finding: 'findingState',
  rule_proposal: 'proposalState',
  lead_transfer: 'leads.state',
  tip: 'tips.state',
};

export const doneText = (t: TFunction, { entity, to }: Pick<AuditRow, 'entity' | 'to'>): string => {
  const states = STATES[entity] ?? 'audit.done';
  const known = t(`${states}.${to}` as 'audit.done.created', { defaultValue: '' });
  return known === '' ? t(`audit.done.${to}` as 'audit.done.created', { defaultValue: to }) : known;
};

const NAMES = ['name', 'title', 'displayName', 'display_name', 'username', 'number', 'code'] as const;

/** What a thing is called, as far as the change says; else the beginning of its id. */
export function thingName({ after, before, entityId }: AuditChange): string {
  for (const name of NAMES) {
    const value = after?.[name] ?? before?.[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return entityId.slice(0, 8);
}

/** One line of a comparison: `path` is the field, with members of objects as `limits.1.submitMin`. */
export interface Line {
  path: string;
  before: string | undefined;
  after: string | undefined;
}

/** Say nothing that the row itself does not say. */
const QUIET = ['id', 'created_at', 'changed_at', 'changed_by'];

/** What differs, down to single values: a policy is one field of many members. */
export function differences({ before, after }: AuditChange): Line[] {
  const was = flat(before);
  const is = flat(after);
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path) && !QUIET.includes(path))
    .map((path) => ({ path, before: was.get(path), after: is.get(path) }));
}

function flat(value: unknown, path = '', into: Map<string, string> = new Map()): Map<string, string> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, member] of Object.entries(value))
      flat(member, path === '' ? key : `${path}.${key}`, into);
  } else if (path !== '' && value !== null) {
    into.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return into;
}

/** What can be asked for: states of tasks and findings have their own words. */
export const DONE = [
  'created',
  'changed',
  'removed',
  'imported',
  'boundary_imported',
  'boundary_removed',
  'confirmed',
  'dismissed',
  'issued',
  'closed',
  'signed_in',
  'signed_out',
  'sign_in_failed',
  'password_changed',
  'cameras_limited',
  'sessions_ended',
  'second_factor_removed',
  'token_added',
  'token_revoked',
  'reference_approved',
  'reference_declined',
  'approval_asked',
  'delivery_retried',
  'deliveries_retried',
  'delivery_set_aside',
  'deliveries_set_aside',
  'delivery_taken_up',
  'deliveries_taken_up',
  'replay_asked',
  'replay_cancelled',
  'granted',
  'published',
  'withdrawn',
  'audit_exported',
] as const;
