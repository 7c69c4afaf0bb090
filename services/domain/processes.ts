/** The processes that a whole installation runs (docker/compose.yaml, services/standalone). */
export const PROCESSES = [
  'api',
  'gateway',
  'detection',
  'deadlines',
  'outbox',
  'edge',
  'redaction',
  'retention',
] as const;
export type ProcessName = (typeof PROCESSES)[number];

/** Seconds between two signs of life, and without one after which a process counts as gone. */
export const BEAT_EVERY_S = 10;
export const GONE_AFTER_S = 35;
