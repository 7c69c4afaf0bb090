import { isWithin } from './rules.ts';
import type { Role } from './words.ts';

/** Who asks. `regionPath` null: all regions. A merchant account has `merchantId`. */
export interface Actor {
  accountId: string;
  username: string;
  role: Role;
  regionPath: string | null;
  merchantId: string | null;
}

/** What may be done. Reading and writing of the registry, judging findings, watching pictures, running the system. */
export const ACTIONS = [
  'registry.read',
  'registry.write',
  'finding.read',
  'finding.judge',
  'task.read',
  'task.answer',
  'task.decide',
  'alert.read',
  'alert.acknowledge',
  'picture.read',
  'coverage.read',
  'operation.read',
  'operation.write',
  'event.read',
] as const;
export type Action = (typeof ACTIONS)[number];

const READ_ALL: Action[] = [
  'registry.read',
  'finding.read',
  'task.read',
  'alert.read',
  'picture.read',
  'coverage.read',
  'event.read',
];

const ALLOWED: Record<Role, ReadonlySet<Action>> = {
  // Only the merchant answers for the merchant.
  operator: new Set(ACTIONS.filter((action) => action !== 'task.answer')),
  inspector: new Set<Action>([...READ_ALL, 'finding.judge', 'task.decide', 'alert.acknowledge']),
  director: new Set<Action>(READ_ALL),
  merchant: new Set<Action>([
    'picture.read',
    'registry.read',
    'task.read',
    'task.answer',
    'alert.read',
    'alert.acknowledge',
    'coverage.read',
    'event.read',
  ]),
  platform: new Set<Action>(['registry.read', 'finding.read', 'task.read', 'coverage.read', 'event.read']),
};

/** Where the thing lies that is asked for. `merchantId` is null for things of a region as a whole. */
export interface Place {
  regionPath: string;
  merchantId: string | null;
}

/** Deny by default: the role must allow the action, and the place, if one is meant, must lie in the actor's scope. */
export function may(actor: Actor, action: Action, place?: Place): boolean {
  if (!ALLOWED[actor.role].has(action)) return false;
  if (place === undefined) return true;
  if (actor.merchantId !== null) return place.merchantId === actor.merchantId;
  return isWithin(place.regionPath, actor.regionPath);
}
