/** Deadlines with pauses: frozen at issue, moved by the time that an appeal stood, never reset. Pure; now is given. */
import { OWED_STATES } from './task-life.ts';
import type { TaskState } from './words.ts';

export interface TaskClock {
  state: TaskState;
  /** As frozen at issue. */
  acknowledgeDue: Date;
  submitDue: Date;
  /** When it was acknowledged. */
  acknowledgedAt: Date | null;
  /** Since when the clock stands; null: it runs. */
  pausedAt: Date | null;
  /** Milliseconds of the pauses that are over. */
  pausedMs: number;
}

export type TaskStep = 'acknowledge' | 'submit';

/** Milliseconds that the clock has stood until now. */
export function stoodMs(clock: Pick<TaskClock, 'pausedAt' | 'pausedMs'>, now: Date): number {
  const running = clock.pausedAt === null ? 0 : Math.max(0, now.getTime() - clock.pausedAt.getTime());
  return clock.pausedMs + running;
}

/** When each step is due, given the pauses so far; while the clock stands, both move with now. */
export function dueTimes(clock: TaskClock, now: Date): { acknowledge: Date; submit: Date } {
  const ms = stoodMs(clock, now);
  return {
    acknowledge: new Date(clock.acknowledgeDue.getTime() + ms),
    submit: new Date(clock.submitDue.getTime() + ms),
  };
}

/** The step that the merchant owes and is late with; none while an appeal waits. The later step speaks for both. */
export function overdueStep(clock: TaskClock, now: Date): TaskStep | null {
  if (!OWED_STATES.includes(clock.state)) return null;
  const due = dueTimes(clock, now);
  if (due.submit < now) return 'submit';
  return clock.acknowledgedAt === null && due.acknowledge < now ? 'acknowledge' : null;
}

/** What the clock reads when it runs on. */
export function resumeClock(
  clock: Pick<TaskClock, 'pausedAt' | 'pausedMs'>,
  now: Date,
): { pausedAt: null; pausedMs: number } {
  return { pausedAt: null, pausedMs: stoodMs(clock, now) };
}

/** Until when the same place is looked at again after closure (回头看). */
export function recheckUntil(closedAt: Date, recheckMin: number): Date {
  return new Date(closedAt.getTime() + recheckMin * 60_000);
}
