/** The one decision point: may this account do this, here? What a role may do at all stands in services/domain/rights.ts. */
import { type Action, roleMay } from './rights.ts';
import { isWithin } from './rules.ts';
import type { Role } from './words.ts';

export { ACTIONS, type Action } from './rights.ts';

/** Who asks. Scope: region → merchant → camera; each further limit narrows the one before. */
export interface Actor {
  accountId: string;
  username: string;
  role: Role;
  /** null: all regions. */
  regionPath: string | null;
  /** The merchant whose people they are; null: not a merchant's. */
  merchantId: string | null;
  /** 包保: the merchants that are assigned to a cadre; null: not limited to some. */
  assignedMerchantIds: readonly string[] | null;
  /** Cameras that the account is limited to: only what lies at one of them; null: not limited to some. */
  cameraIds: readonly string[] | null;
}

/** Where the thing lies that is asked for. */
export interface Place {
  regionPath: string;
  /** null: a thing of the region as a whole. */
  merchantId: string | null;
  /** null or absent: a thing of the merchant as a whole. */
  cameraId?: string | null;
}

/** Deny by default: the role must allow the action, and the place, if one is meant, must lie in the actor's scope. */
export function may(actor: Actor, action: Action, place?: Place): boolean {
  if (!roleMay(actor.role, action)) return false;
  return place === undefined || isInScope(actor, place);
}

function isInScope(actor: Actor, place: Place): boolean {
  const { merchantId, assignedMerchantIds, cameraIds } = actor;
  if (cameraIds !== null && !includes(cameraIds, place.cameraId)) return false;
  if (merchantId !== null) return place.merchantId === merchantId;
  if (assignedMerchantIds !== null && !includes(assignedMerchantIds, place.merchantId)) return false;
  return isWithin(place.regionPath, actor.regionPath);
}

const includes = (ids: readonly string[], id: string | null | undefined): boolean =>
  id !== null && id !== undefined && ids.includes(id);

/** Whether the account has all regions without any further limit: it may change what holds everywhere. */
export function isUnlimited(actor: Actor): boolean {
  const { regionPath, merchantId, assignedMerchantIds, cameraIds } = actor;
  return regionPath === null && merchantId === null && assignedMerchantIds === null && cameraIds === null;
}
