/**
 * Deadlines with pauses: frozen at issue, moved by the time that an appeal or an answer waited, never reset. Pure; now is given.
 *
 * The merchant's clock stands while an inspector has the task in hand (state `submitted` or `appealed`): an answer that came in
 * time and was looked at late must not make the merchant late when it is returned. That time is the inspector's, with a limit
 * of its own (reviewMin of the policy).
 */
import { OWED_STATES } from './task-life.ts';
import type { TaskState } from './words.ts';
import { addCounted, type Counting, countedMs, type WorkCalendar } from './work-calendar.ts';

/** Which time counts for a task, as frozen at issue. */
export interface CountedTime {
  counting: Counting;
  calendar: WorkCalendar;
}

export interface TaskClock {
  state: TaskState;
  /** As frozen at issue. */
  acknowledgeDue: Date;
  submitDue: Date;
  /** When it was acknowledged. */
  acknowledgedAt: Date | null;
  /** Since when the clock stands; null: it runs. */
  pausedAt: Date | null;
  /** Milliseconds of the pauses that are over, as far as they would have counted. */
  pausedMs: number;
  /** Absent: all time counts. */
  time?: CountedTime;
}

export type TaskStep = 'acknowledge' | 'submit';

/** `ms` milliseconds that count after `from`. */
export function addTime(time: CountedTime | undefined, from: Date, ms: number): Date {
  return time === undefined
    ? new Date(from.getTime() + ms)
    : addCounted(time.calendar, time.counting, from, ms);
}

function passedMs(time: CountedTime | undefined, from: Date, to: Date): number {
  if (time !== undefined) return countedMs(time.calendar, time.counting, from, to);
  return Math.max(0, to.getTime() - from.getTime());
}

/** Milliseconds that count and that the clock has stood until now. */
export function stoodMs(clock: Pick<TaskClock, 'pausedAt' | 'pausedMs' | 'time'>, now: Date): number {
  return clock.pausedMs + (clock.pausedAt === null ? 0 : passedMs(clock.time, clock.pausedAt, now));
}

/** When each step is due, given the pauses so far; while the clock stands, both move with now. */
export function dueTimes(clock: TaskClock, now: Date): { acknowledge: Date; submit: Date } {
  const ms = stoodMs(clock, now);
  return {
    acknowledge: addTime(clock.time, clock.acknowledgeDue, ms),
    submit: addTime(clock.time, clock.submitDue, ms),
  };
}

/** The step that the merchant owes and is late with; none while an answer or appeal waits. The later step speaks for both. */
export function overdueStep(clock: TaskClock, now: Date): TaskStep | null {
  if (!OWED_STATES.includes(clock.state)) return null;
  const due = dueTimes(clock, now);
  if (due.submit < now) return 'submit';
  return clock.acknowledgedAt === null && due.acknowledge < now ? 'acknowledge' : null;
}

/** How the clock stopped for good: when the task ended, and since when an answer or appeal had waited then; null: none had. */
export interface ClockEnd {
  at: Date;
  waitedSince: Date | null;
}

/**
 * Milliseconds by which the merchant is late with its answer, at the moment that its clock last ran: what waits for the inspector,
 * and what comes after the task's end, makes nobody later. Of the calendar, whatever time counts for the limit: 逾期天数 are days.
 * @param end null: the task has not ended
 */
export function lateMs(clock: TaskClock, now: Date, end: ClockEnd | null): number {
  const waited = end?.waitedSince ?? null;
  const ran = waited ?? clock.pausedAt ?? end?.at ?? now;
  // The pause that the end closed is in the sum already.
  const pausedMs =
    end === null || waited === null ? clock.pausedMs : clock.pausedMs - passedMs(clock.time, waited, end.at);
  const { submit } = dueTimes({ ...clock, pausedAt: null, pausedMs }, ran);
  return Math.max(0, ran.getTime() - submit.getTime());
}

/** What the clock reads when it runs on. */
export function resumeClock(
  clock: Pick<TaskClock, 'pausedAt' | 'pausedMs' | 'time'>,
  now: Date,
): { pausedAt: null; pausedMs: number } {
  return { pausedAt: null, pausedMs: stoodMs(clock, now) };
}

/** A time from which something counts, moved on by the pause that ends now. */
export function movedByPause(at: Date, clock: Pick<TaskClock, 'pausedAt' | 'time'>, now: Date): Date {
  return clock.pausedAt === null ? at : addTime(clock.time, at, passedMs(clock.time, clock.pausedAt, now));
}

/** Until when the same place is looked at again after closure (回头看). */
export function recheckUntil(closedAt: Date, recheckMin: number): Date {
  return new Date(closedAt.getTime() + recheckMin * 60_000);
}
