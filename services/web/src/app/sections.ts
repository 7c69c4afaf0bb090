import type { Account } from '../api/types.ts';

/** First part of every address of the page, in the order of the navigation. */
export const SECTIONS = ['findings', 'cameras', 'tasks', 'gateways', 'proposals', 'notifications'] as const;
export type Section = (typeof SECTIONS)[number];

/** What an account may see; the first one is where it starts. A merchant is told of tasks, not of what is still under review. */
export function sectionsFor(role: Account['role']): readonly Section[] {
  if (role === 'merchant') return ['tasks', 'cameras', 'notifications'];
  return role === 'operator' ? SECTIONS : SECTIONS.filter((section) => section !== 'proposals');
}
