import { type Account, MERCHANT_ROLES } from '../api/types.ts';

/** First part of every address of the page, in the order of the navigation; `me` is behind the own name. */
export const SECTIONS = [
  'findings',
  'cameras',
  'tasks',
  'gateways',
  'proposals',
  'accounts',
  'notifications',
  'me',
] as const;
export type Section = (typeof SECTIONS)[number];

const OPERATORS: readonly Section[] = ['proposals', 'accounts'];

/**
 * What an account may see; the first one is where it starts. Merchants and cadres are told of tasks, not of what is still under
 * review.
 */
export function sectionsFor(role: Account['role']): readonly Section[] {
  if (MERCHANT_ROLES.includes(role) || role === 'cadre') return ['tasks', 'cameras', 'notifications', 'me'];
  if (role === 'public') return ['me'];
  if (role === 'platform') return ['findings', 'cameras', 'tasks', 'gateways', 'me'];
  return role === 'operator' ? SECTIONS : SECTIONS.filter((section) => !OPERATORS.includes(section));
}
