/** Whether all is well, part by part: what the operator sees at one glance. */
import { PROCESSES } from './processes.ts';

export const SYSTEM_PARTS = [
  'processes',
  'cameras',
  'gateways',
  'queue',
  'drops',
  'disk',
  'outbox',
  'messages',
  'steps',
  'history',
] as const;
export type SystemPart = (typeof SYSTEM_PARTS)[number];
export const SYSTEM_LEVELS = ['good', 'warn', 'bad', 'unknown'] as const;
/** `unknown`: nobody can tell, e.g. a check that has never run. */
export type SystemLevel = (typeof SYSTEM_LEVELS)[number];

/** What is judged. Ages in seconds, null: there is none. */
export interface SystemFigures {
  /** How many live, by name. */
  processes: Readonly<Record<string, number>>;
  cameras: { watched: number; offline: number; frozen: number };
  gateways: { enabled: number; offline: number };
  /** null: the queue does not answer. */
  queue: { oldestS: number | null } | null;
  /** Of the last hour. */
  drops: { decided: number; dropped: number; failed: number };
  /** null: not a disk of this machine. */
  disk: { free: number; total: number; daysLeft: number | null } | null;
  outbox: { dead: number; oldestDueS: number | null };
  messages: { dead: number };
  /** Next steps that were due more than a minute ago, and those the auditor had to repair in the last day. */
  steps: { overdue: number; repaired: number };
  /** null: never checked. */
  history: { faults: number; ageS: number } | null;
}

/** Shares and seconds above which something is to be looked at (`warn`), or acted on (`bad`). */
const LIMITS = {
  /** Of the watched cameras. */
  camerasGone: 0.1,
  /** An alarm should be at the desk within 30 s (domain.md, "Duties"); waiting twice that long misses it. */
  queueS: { warn: 60, bad: 300 },
  /** Of the looks decided. */
  dropped: 0.05,
  diskFree: { warn: 0.15, bad: 0.05 },
  diskDays: { warn: 14, bad: 3 },
  outboxS: { warn: 15 * 60, bad: 2 * 3600 },
  /** It is checked every night. */
  historyS: 36 * 3600,
} as const;

const above = (value: number, limit: { warn: number; bad: number }): SystemLevel =>
  value >= limit.bad ? 'bad' : value >= limit.warn ? 'warn' : 'good';

const worse = (one: SystemLevel, other: SystemLevel): SystemLevel =>
  one === 'bad' || other === 'bad' ? 'bad' : one === 'warn' || other === 'warn' ? 'warn' : one;

export function judgeSystem(figures: SystemFigures): Record<SystemPart, SystemLevel> {
  const { processes, cameras, gateways, queue, drops, disk, outbox, messages, steps, history } = figures;
  const gone = cameras.offline + cameras.frozen;
  const lost = drops.dropped + drops.failed;
  return {
    processes: PROCESSES.every((name) => (processes[name] ?? 0) > 0) ? 'good' : 'bad',
    cameras: gone === 0 ? 'good' : gone > cameras.watched * LIMITS.camerasGone ? 'bad' : 'warn',
    gateways: gateways.offline === 0 ? 'good' : gateways.offline === gateways.enabled ? 'bad' : 'warn',
    queue: queue === null ? 'bad' : above(queue.oldestS ?? 0, LIMITS.queueS),
    drops: lost === 0 ? 'good' : lost > drops.decided * LIMITS.dropped ? 'bad' : 'warn',
    disk: disk === null ? 'unknown' : diskLevel(disk),
    outbox: worse(above(outbox.oldestDueS ?? 0, LIMITS.outboxS), outbox.dead > 0 ? 'warn' : 'good'),
    messages: messages.dead > 0 ? 'warn' : 'good',
    steps: steps.overdue > 0 ? 'bad' : steps.repaired > 0 ? 'warn' : 'good',
    history:
      history === null
        ? 'unknown'
        : history.faults > 0
          ? 'bad'
          : history.ageS > LIMITS.historyS
            ? 'warn'
            : 'good',
  };
}

function diskLevel(disk: { free: number; total: number; daysLeft: number | null }): SystemLevel {
  const share = above(1 - disk.free / disk.total, {
    warn: 1 - LIMITS.diskFree.warn,
    bad: 1 - LIMITS.diskFree.bad,
  });
  const { warn, bad } = LIMITS.diskDays;
  const days = disk.daysLeft ?? Number.POSITIVE_INFINITY;
  return worse(share, days <= bad ? 'bad' : days <= warn ? 'warn' : 'good');
}

/** The worst of all parts; what nobody can tell does not count. */
export function overall(levels: Record<SystemPart, SystemLevel>): SystemLevel {
  return Object.values(levels).reduce<SystemLevel>(worse, 'good');
}
