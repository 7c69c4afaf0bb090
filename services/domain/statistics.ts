/**
 * The rates of supervision (domain.md, "Rates"), defined once. Every rate stands beside the counts it is made of, and is null
 * where there was nothing to divide by: no case is not 100 %. What each count counts is in services/db/statistics/measures.ts.
 */

/** What is counted, each at the time that is its own. */
export const MEASURES = [
  'found', // 发现: seen first in the period; merged ones are counted with the finding they went into
  'pending', // 待核查: of those found, nobody has judged it yet
  'confirmed', // 确认: confirmed in the period; without those whose task ended by an upheld appeal (申诉成立)
  'dismissed', // 排除: dismissed in the period, or confirmed in it and the appeal upheld since; duplicates are counted apart
  'duplicates', // 重复: dismissed as duplicates: they were right, only told twice
  'issued', // 下发: tasks issued in the period
  'withdrawn', // 撤销: of those issued, taken back (an appeal was upheld, or an inspector withdrew it)
  'transferred', // 移送: of those issued, handed to another office
  'escalated', // 升级: of those issued, escalated at least once
  'returned', // 退回: of those issued, returned at least once
  'appealed', // 申诉: of those issued, appealed against
  'due', // 到期: tasks whose answer fell due in the period
  'rectified', // 已整改: of those due, closed by now
  'onTime', // 按期: of those due, closed before that: the time that the answer waited for the inspector does not count
  'overdue', // 逾期: of those due, not closed by now
  'closed', // 办结: closed in the period
  'watched', // 满观察期: of those closed, the 30 days after closure are over
  'recurred', // 复发: of those watched, confirmed again (upheld appeals apart) in the same zone for the same kind within the 30 days
] as const;
export type Measure = (typeof MEASURES)[number];
export type Counts = Record<Measure, number>;

/** Days after closure within which the same kind in the same zone is a recurrence. */
export const RECURRENCE_DAYS = 30;

/** Minutes of cameras in the period. */
export interface Minutes {
  looked: number;
  unchanged: number;
  dropped: number;
  frozen: number;
  blind: number;
  offline: number;
  closed: number;
  /** From when the camera was added until it was removed. */
  owed: number;
}

/** 有效观察时长 beside every count. */
export interface Observation {
  cameras: number;
  /** Hours in which a picture was looked at, or was seen to be unchanged. */
  observedHours: number;
  /** Hours that should have been observed: all but closed kitchens. */
  owedHours: number;
  /** Nobody knows what was then. */
  unaccountedHours: number;
  minutes: Minutes;
  /** 有效观察率: observed ÷ owed. */
  observed: number | null;
  /** 在线率: hours in which the camera delivered pictures, even useless ones, ÷ owed. */
  online: number | null;
}

export interface Rates {
  /** 整改率: rectified ÷ due. */
  rectification: number | null;
  /** 按期整改率: onTime ÷ due. */
  onTime: number | null;
  /** 复发率: recurred ÷ watched. */
  recurrence: number | null;
  /** 排除率: dismissed ÷ (confirmed + dismissed). */
  dismissal: number | null;
}

/** part ÷ whole; null where there was nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

export function ratesOf(counts: Counts): Rates {
  return {
    rectification: share(counts.rectified, counts.due),
    onTime: share(counts.onTime, counts.due),
    recurrence: share(counts.recurred, counts.watched),
    dismissal: share(counts.dismissed, counts.confirmed + counts.dismissed),
  };
}

export const NO_MINUTES: Readonly<Minutes> = {
  looked: 0,
  unchanged: 0,
  dropped: 0,
  frozen: 0,
  blind: 0,
  offline: 0,
  closed: 0,
  owed: 0,
};

export const NO_COUNTS = Object.freeze(
  Object.fromEntries(MEASURES.map((one) => [one, 0])),
) as Readonly<Counts>;

/** @param cameras that owed at least one minute of the period */
export function observationOf(minutes: Minutes, cameras: number): Observation {
  const { looked, unchanged, dropped, frozen, blind, offline, closed } = minutes;
  const delivered = looked + unchanged + dropped + frozen + blind;
  const accounted = delivered + offline + closed;
  // Letters from before a camera was added (a gateway's buffer) are owed too: it was there.
  const all = Math.max(minutes.owed, accounted);
  const owed = all - closed;
  return {
    cameras,
    observedHours: (looked + unchanged) / 60,
    owedHours: owed / 60,
    unaccountedHours: (all - accounted) / 60,
    minutes: { ...minutes, owed: all },
    observed: share(looked + unchanged, owed),
    online: share(delivered, owed),
  };
}

/** 督导完成率: visits that count ÷ visits due; more visits than due at one merchant do not make up for none at another. */
export function visitRate(merchants: readonly { due: number; done: number }[]): {
  due: number;
  done: number;
  counted: number;
  rate: number | null;
} {
  let due = 0;
  let done = 0;
  let counted = 0;
  for (const one of merchants) {
    due += one.due;
    done += one.done;
    counted += Math.min(one.due, one.done);
  }
  return { due, done, counted, rate: share(counted, due) };
}
