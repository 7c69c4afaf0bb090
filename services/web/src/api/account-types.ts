/** Accounts, roles, sessions, and the purposes of watching live, as the API returns them. */

export const ROLES = [
  'operator',
  'inspector',
  'field_inspector',
  'station_head',
  'director',
  'cadre',
  'merchant',
  'food_safety_officer',
  'platform',
  'public',
] as const;

export type Role = (typeof ROLES)[number];

/** Roles that belong to one merchant, not to a region. */
export const MERCHANT_ROLES: readonly Role[] = ['merchant', 'food_safety_officer'];

export interface Account {
  id: string;
  username: string;
  displayName: string;
  role: Role;
  /** Scope: null is every region. */
  region: { code: string; path: string; name: string } | null;
  merchant: { code: string; name: string } | null;
  /** Limited to what lies at these; null: not limited. */
  cameras: { code: string; name: string }[] | null;
  disabled: boolean;
  /** Its password was chosen by somebody else. */
  mustChangePassword: boolean;
  secondFactor: boolean;
}

export interface OpenSession {
  id: string;
  createdAt: string;
  lastUsedAt: string | null;
  address: string;
  userAgent: string;
  current: boolean;
}

/** Why one looks at live pictures, and until when. */
export interface LiveGrant {
  id: string;
  purpose: string;
  cameraId: string | null;
  expiresAt: string;
}

export const LIVE_PURPOSES = [
  'patrol',
  'verify_finding',
  'check_task',
  'complaint',
  'prepare_visit',
  'emergency',
  'device_check',
  'own_check',
  'other',
] as const;

export type LivePurpose = (typeof LIVE_PURPOSES)[number];

export interface Session {
  expiresAt: string;
  /** In which the account's days begin. */
  timeZone: string;
  account: Account;
}
