/** When somebody is told: habits of people, policy of regions, and what becomes of one notification at a moment. */
import { localTime } from './hours.ts';
import type { Role, TaskClass } from './words.ts';

/** Ways to reach somebody who has no page open. */
export const NOTIFY_CHANNELS = ['push', 'wecom', 'dingtalk', 'feishu', 'webhook', 'sms', 'gateway'] as const;
export type NotifyChannel = (typeof NOTIFY_CHANNELS)[number];

/** `finding`: 待核查线索; `task`: 整改任务 and what becomes of it; `fault`: cameras and gateways that fail. */
export const NOTIFY_TOPICS = ['finding', 'task', 'fault'] as const;
export type NotifyTopic = (typeof NOTIFY_TOPICS)[number];

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** 免打扰: local time HH:MM; `to` ≤ `from` runs past midnight. */
export interface QuietHours {
  from: string;
  to: string;
  /** IANA name. */
  timeZone: string;
}

export interface NotifyHabits {
  language: Language;
  quiet: QuietHours | null;
  topics: NotifyTopic[];
  /** Nothing less grave than this class. */
  leastClass: TaskClass;
}

const FIRST_TOPICS: Record<Role, NotifyTopic[]> = {
  operator: ['fault'],
  inspector: ['finding', 'task'],
  field_inspector: [],
  station_head: ['task'],
  director: [],
  cadre: ['task'],
  merchant: ['task'],
  food_safety_officer: ['task'],
  platform: [],
  public: [],
};

/** What a person is told who has said nothing yet. */
export function firstHabits(role: Role): NotifyHabits {
  return { language: 'zh-CN', quiet: null, topics: FIRST_TOPICS[role], leastClass: 3 };
}

/** Policy of a region. Grave is class 1. */
export interface NotifyPolicy {
  /** Seconds that the first of a group waits for its siblings. */
  waitS: number;
  graveWaitS: number;
  /** Seconds between two messages of one group. */
  intervalS: number;
  graveIntervalS: number;
  /** Minutes without acknowledgement before a reminder; 0: none. */
  reminderMin: number;
  graveReminderMin: number;
  mostReminders: number;
  /** Class 1 is told in quiet hours too. */
  graveThroughQuiet: boolean;
  /** Minutes after which a kitchen's buzzer or screen says nothing any more. */
  buzzerMin: number;
}

/**
 * Starting values. Confirmed class 1 reaches the merchant within 60 s (domain.md, "Duties"): a wait and an interval of class 1
 * together stay below it.
 */
export const STARTING_NOTIFY_POLICY: NotifyPolicy = {
  waitS: 60,
  graveWaitS: 10,
  intervalS: 900,
  graveIntervalS: 30,
  reminderMin: 120,
  graveReminderMin: 15,
  mostReminders: 3,
  graveThroughQuiet: true,
  buzzerMin: 15,
};

/** When the quiet that reigns at this moment ends; null when there is none. */
export function quietUntil(quiet: QuietHours | null, at: Date): Date | null {
  if (quiet === null) return null;
  const { minute } = localTime(at, quiet.timeZone);
  const [from, to] = [minuteOf(quiet.from), minuteOf(quiet.to)];
  const inside = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  if (!inside) return null;
  const left = (to - minute + 1440) % 1440 || 1440;
  // To the full minute; should the clock be changed meanwhile, it is asked again then.
  return new Date(Math.floor(at.getTime() / 60_000) * 60_000 + left * 60_000);
}

function minuteOf(text: string): number {
  const [hours, minutes] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** Everything that decides about one notification, as it is now. */
export interface NotifyFacts {
  topic: NotifyTopic | 'test';
  about: string;
  class: TaskClass;
  channel: NotifyChannel;
  createdAt: Date;
  /** The person may read it, and the address is still theirs. */
  allowed: boolean;
  /** The alert was acknowledged by somebody. */
  acknowledged: boolean;
  /** There is nothing to be done any more: the finding was judged, the task taken or ended. */
  settled: boolean;
  /** A device ticket: over, muted by a dead gateway, and whether this address heard of its opening. */
  fault: { closed: boolean; muted: boolean; told: boolean } | null;
  habits: NotifyHabits;
  policy: NotifyPolicy;
}

export const DROP_REASONS = ['not_allowed', 'acknowledged', 'settled', 'ended', 'untold', 'expired'] as const;
export type DropReason = (typeof DROP_REASONS)[number];
export type HoldReason = 'quiet' | 'muted';

export type NotifyDecision =
  | { does: 'send' }
  | { does: 'drop'; reason: DropReason }
  | { does: 'hold'; until: Date; reason: HoldReason };

/** Milliseconds after which a muted ticket is looked at again. */
const MUTED_MS = 30_000;

/** What becomes of one notification now, siblings apart. */
export function decideNotification(facts: NotifyFacts, now: Date): NotifyDecision {
  if (!facts.allowed) return { does: 'drop', reason: 'not_allowed' };
  if (facts.topic === 'test') return { does: 'send' };
  if (facts.about === 'new' && facts.acknowledged) return { does: 'drop', reason: 'acknowledged' };
  if (facts.about === 'new' && facts.settled) return { does: 'drop', reason: 'settled' };
  if (facts.fault !== null) {
    const { closed, muted, told } = facts.fault;
    if (facts.about === 'opened' && closed) return { does: 'drop', reason: 'ended' };
    // Nobody is told the end of what they did not hear of.
    if (facts.about === 'closed' && !told) return { does: 'drop', reason: 'untold' };
    if (facts.about === 'opened' && muted)
      return { does: 'hold', until: new Date(now.getTime() + MUTED_MS), reason: 'muted' };
  }
  if (facts.channel === 'gateway' && now >= buzzerEnds(facts)) return { does: 'drop', reason: 'expired' };
  const quiet = quietUntil(facts.habits.quiet, now);
  if (quiet !== null && !(facts.class === 1 && facts.policy.graveThroughQuiet))
    return { does: 'hold', until: quiet, reason: 'quiet' };
  return { does: 'send' };
}

/**
 * What becomes of a message that was written before, by what becomes of the notifications in it: sent while one of them may be,
 * else held until the first that waits may be, else dropped.
 */
export function decideMessage(decisions: readonly NotifyDecision[]): NotifyDecision {
  if (decisions.some(({ does }) => does === 'send')) return { does: 'send' };
  const held = decisions.filter((decision) => decision.does === 'hold');
  const [first] = held.sort((a, b) => a.until.getTime() - b.until.getTime());
  return first ?? decisions[0] ?? { does: 'send' };
}

/** When a buzzer has nothing more to say: an alert of the evening must not sound in the morning. */
export function buzzerEnds({ createdAt, policy }: Pick<NotifyFacts, 'createdAt' | 'policy'>): Date {
  return new Date(createdAt.getTime() + policy.buzzerMin * 60_000);
}

/** When a group of siblings goes out as one message. @param lastAt the group's message before this one */
export function groupDue(
  group: { firstAt: Date; class: TaskClass; lastAt: Date | null },
  policy: NotifyPolicy,
): Date {
  const grave = group.class === 1;
  const waited = group.firstAt.getTime() + (grave ? policy.graveWaitS : policy.waitS) * 1000;
  const rested =
    (group.lastAt?.getTime() ?? Number.NEGATIVE_INFINITY) +
    (grave ? policy.graveIntervalS : policy.intervalS) * 1000;
  return new Date(Math.max(waited, rested));
}

/** When nobody has acknowledged: the next reminder; null when there is none. @param sent messages so far, ≥ 1 */
export function reminderDue(
  told: { lastAt: Date; sent: number; class: TaskClass },
  policy: NotifyPolicy,
): Date | null {
  const minutes = told.class === 1 ? policy.graveReminderMin : policy.reminderMin;
  if (minutes === 0 || told.sent > policy.mostReminders) return null;
  return new Date(told.lastAt.getTime() + minutes * 60_000);
}
