/** Every type of event, and what one must be allowed to read to hear of it: deny by default, a line a type. */
import type { Action } from './rights.ts';

export const EVENT_RIGHTS = {
  'finding.created': 'finding.read',
  'finding.seen_again': 'finding.read',
  'finding.confirmed': 'finding.read',
  'finding.dismissed': 'finding.read',
  'finding.judged': 'finding.read',
  'finding.reopened': 'finding.read',
  'finding.merged': 'finding.read',
  'finding.split': 'finding.read',
  'task.issued': 'task.read',
  'task.finding_added': 'task.read',
  'task.reopened': 'task.read',
  // What waits too long at the office is not for the merchant.
  'task.review_overdue': 'office.read',
  'task.acknowledged': 'task.read',
  'task.submitted': 'task.read',
  'task.appealed': 'task.read',
  'task.appeal_rejected': 'task.read',
  'task.returned': 'task.read',
  'task.escalated': 'task.read',
  'task.transferred': 'task.read',
  'task.withdrawn': 'task.read',
  'task.closed': 'task.read',
  'task.recheck_due': 'task.read',
  'task.recheck_passed': 'task.read',
  'task.recurred': 'task.read',
  'task.visit_due': 'office.read',
  'task.recheck_prolonged': 'task.read',
  // What the auditor of steps set right: of the operation of the service.
  'task.step_repaired': 'operation.read',
  'policy.changed': 'policy.read',
  'camera.state': 'registry.read',
  'camera.fault_opened': 'registry.read',
  'camera.fault_closed': 'registry.read',
  'gateway.state': 'registry.read',
  'history.broken': 'audit.read',
  'document.issued': 'document.read',
  'document.voided': 'document.read',
  'task.commented': 'task.read',
  'task.assigned': 'task.read',
  // A merchant does not hear that it was reported to the police.
  'lead.sent': 'lead.read',
  'lead.received': 'lead.read',
  'lead.accepted': 'lead.read',
  'lead.rejected': 'lead.read',
  'lead.concluded': 'lead.read',
  // From the public, for the desk alone.
  'tip.received': 'tip.read',
  'platform.differs': 'platform.read',
} as const satisfies Record<string, Action>;

export type EventType = keyof typeof EVENT_RIGHTS;
export const EVENT_TYPES = Object.keys(EVENT_RIGHTS) as EventType[];

export const isEventType = (type: string): type is EventType => Object.hasOwn(EVENT_RIGHTS, type);
