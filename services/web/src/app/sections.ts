import { MERCHANT_ROLES, type Role } from '../api/account-types.ts';

const OFFICE: readonly Role[] = ['operator', 'inspector', 'field_inspector', 'station_head', 'director'];
/** Who looks at what a gateway or a model does. */
const DESK: readonly Role[] = ['operator', 'inspector', 'station_head', 'director', 'platform'];

/**
 * First part of every address of the page, in the order of the navigation, with who sees it; the first one that an account sees is
 * where it starts. Merchants and cadres are told of tasks, not of what is still under review. `me` is behind the own name.
 */
const SEEN_BY = {
  today: MERCHANT_ROLES,
  cadre: ['cadre'],
  findings: [...OFFICE, 'platform'],
  tasks: [...OFFICE, 'platform', 'cadre', ...MERCHANT_ROLES],
  field: ['operator', 'inspector', 'field_inspector', 'station_head'],
  live: ['operator', 'inspector', 'station_head', 'director'],
  tips: ['operator', 'inspector', 'station_head', 'director'],
  ledger: [...OFFICE, 'cadre', ...MERCHANT_ROLES],
  kitchen: MERCHANT_ROLES,
  cameras: [...OFFICE, 'platform', 'cadre', ...MERCHANT_ROLES],
  gateways: DESK,
  registry: OFFICE,
  overview: ['operator', 'station_head', 'director'],
  proposals: ['operator'],
  notifications: [...OFFICE, 'cadre', ...MERCHANT_ROLES],
  accounts: ['operator'],
  settings: ['operator', 'station_head', 'director'],
  system: ['operator', 'director'],
  me: [...OFFICE, 'platform', 'cadre', 'public', ...MERCHANT_ROLES],
} satisfies Record<string, readonly Role[]>;

export type Section = keyof typeof SEEN_BY;
export const SECTIONS = Object.keys(SEEN_BY) as Section[];

/** Where a role starts, when that is not the first of the order: it stands first for it. */
const STARTS_WITH: Partial<Record<Role, Section>> = { director: 'overview', field_inspector: 'field' };

/** What an account may see, in the order of the navigation. */
export function sectionsFor(role: Role): readonly Section[] {
  const seenBy: Record<Section, readonly Role[]> = SEEN_BY;
  const seen = SECTIONS.filter((section) => seenBy[section].includes(role));
  const first = STARTS_WITH[role];
  return first === undefined ? seen : [first, ...seen.filter((section) => section !== first)];
}
