import { describe, expect, test } from 'vitest';
import { dueTimes, overdueStep, resumeClock, type TaskClock } from '../../services/domain/task-clock.ts';
import { TASK_STATES } from '../../services/domain/words.ts';

const T0 = new Date('2026-03-29T00:30:00Z').getTime();
const HOUR = 3_600_000;
const at = (hours: number) => new Date(T0 + hours * HOUR);
const clock = (more: Partial<TaskClock> = {}): TaskClock => ({
  state: 'issued',
  acknowledgeDue: at(4),
  submitDue: at(72),
  acknowledgedAt: null,
  pausedAt: null,
  pausedMs: 0,
  ...more,
});

describe('the clock of a task', () => {
  test('is late with a step only after its due time', () => {
    expect(overdueStep(clock(), at(4))).toBe(null);
    expect(overdueStep(clock(), new Date(at(4).getTime() + 1))).toBe('acknowledge');
    expect(overdueStep(clock({ state: 'acknowledged', acknowledgedAt: at(1) }), at(72))).toBe(null);
    expect(overdueStep(clock({ state: 'acknowledged', acknowledgedAt: at(1) }), at(73))).toBe('submit');
    // Both late: the later step speaks for both.
    expect(overdueStep(clock(), at(80))).toBe('submit');
  });

  test('runs only where the merchant owes something', () => {
    const late = TASK_STATES.filter((state) => overdueStep(clock({ state }), at(99)) !== null);
    expect(late).toEqual(['issued', 'acknowledged', 'returned', 'escalated']);
  });

  test('stands while an appeal waits and then runs on with what was left: never from the start', () => {
    const paused = clock({ state: 'appealed', pausedAt: at(1) });
    expect(overdueStep(paused, at(500))).toBe(null);
    expect(dueTimes(paused, at(11)).acknowledge).toEqual(at(14));
    const running = { ...clock(), ...resumeClock(paused, at(11)) };
    // One of four hours was used before the appeal: three are left.
    expect(overdueStep(running, at(14))).toBe(null);
    expect(overdueStep(running, at(14.01))).toBe('acknowledge');
    const again = { ...running, ...resumeClock({ ...running, pausedAt: at(12) }, at(13)) };
    expect(dueTimes(again, at(13)).acknowledge).toEqual(at(15));
  });

  test('a clock that was set back takes no time away', () => {
    expect(resumeClock({ pausedAt: at(5), pausedMs: 1000 }, at(4))).toEqual({
      pausedAt: null,
      pausedMs: 1000,
    });
  });
});
