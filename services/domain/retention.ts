/** How long what is kept. Policy is data (table retention_policy); here are its words. */

/**
 * `visit_photo`: of cadres' visits, which belong to no case; `edge_event`: messages and pictures of boxes that no finding came of; `event`, `delivery`: logs of what happened and of what platforms were
 * sent.
 */
export const RETENTION_ITEMS = [
  'clip',
  'frame',
  'photo',
  'document',
  'visit_photo',
  'edge_event',
  'event',
  'delivery',
] as const;
export type RetentionItem = (typeof RETENTION_ITEMS)[number];

/** From when it counts: the case is over, it was no case, or (logs) it was written. */
export const RETENTION_SINCE = ['closed', 'dismissed', 'written'] as const;
export type RetentionSince = (typeof RETENTION_SINCE)[number];

/** Half a year: less is not allowed for logs (Cybersecurity Law art. 21), and we ask no less of anything else. */
export const LEAST_KEEP_DAYS = 180;

/** Items of no case: of no region, counted from when they were written. */
export const isOfNoCase = (item: RetentionItem): boolean =>
  item === 'visit_photo' || item === 'edge_event' || item === 'event' || item === 'delivery';
