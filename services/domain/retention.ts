/** How long what is kept. Policy is data (table retention_policy); here are its words. */

/**
 * `visit_photo`: of cadres' visits, which belong to no case; `notice_photo`: of signs and of staff that was told; `edge_event`: messages and pictures of boxes that no finding came of; `event`, `delivery`: logs of what happened and of what platforms were
 * sent.
 */
export const RETENTION_ITEMS = [
  'clip',
  'frame',
  'photo',
  'document',
  'visit_photo',
  'notice_photo',
  'edge_event',
  'event',
  'delivery',
] as const;
export type RetentionItem = (typeof RETENTION_ITEMS)[number];

/** From when it counts: the case is over, it was no case, or (logs) it was written. */
export const RETENTION_SINCE = ['closed', 'dismissed', 'written'] as const;
export type RetentionSince = (typeof RETENTION_SINCE)[number];

/** Half a year: less is not allowed for logs (Cybersecurity Law of 2016, art. 21 no. 3), and we ask no less of anything else. */
export const LEAST_KEEP_DAYS = 180;
/** A century: beyond it one says for ever. */
export const MOST_KEEP_DAYS = 36_500;

/** Items of no case: of no region, counted from when they were written. */
export const isOfNoCase = (item: RetentionItem): boolean =>
  item === 'visit_photo' ||
  item === 'notice_photo' ||
  item === 'edge_event' ||
  item === 'event' ||
  item === 'delivery';

/**
 * Who says how short it may be: `law` for logs, `house` where no law names a time and our own half a year holds.
 */
export const RETENTION_SOURCES = ['law', 'house'] as const;
export type RetentionSource = (typeof RETENTION_SOURCES)[number];

/** Days within which a policy may be set, and who says so. */
export const boundsOf = (item: RetentionItem): { least: number; most: number; source: RetentionSource } => ({
  least: LEAST_KEEP_DAYS,
  most: MOST_KEEP_DAYS,
  source: item === 'event' || item === 'delivery' ? 'law' : 'house',
});

/**
 * What no policy sets: working copies that go by themselves. Hours, but `boxes`: the last looks of each camera. What is in no list here or
 * above (history, findings, tasks, coverage, documents' numbers) is never removed.
 */
export const FIXED_RETENTION = {
  /** Outcomes of looks; findings, evidence and coverage stay. */
  look: 48,
  /** Boxes of looks, on which the effect of a rule is shown. */
  boxes: 60,
  /** Photographs that became part of nothing. */
  upload: 24,
  /** Answers of the network to a test or a search, with their pictures. */
  probe: 24,
  /** Sign-ins that have ended. */
  session: 30 * 24,
  /** Hourly figures of the disk. */
  disk_sample: 31 * 24,
} as const;
export type FixedRetention = keyof typeof FIXED_RETENTION;
