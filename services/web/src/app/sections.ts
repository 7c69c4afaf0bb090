/** First part of every address of the page, in the order of the navigation. */
export const SECTIONS = ['findings', 'cameras', 'tasks', 'gateways'] as const;
export type Section = (typeof SECTIONS)[number];
