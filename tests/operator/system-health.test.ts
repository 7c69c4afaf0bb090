/** Whether all is well, and how long the disk lasts: the rules. */
import { describe, expect, test } from 'vitest';
import { daysLeft, fillRate } from '../../services/domain/disk.ts';
import { PROCESSES } from '../../services/domain/processes.ts';
import { judgeSystem, overall, type SystemFigures } from '../../services/domain/system-health.ts';

const WELL: SystemFigures = {
  processes: Object.fromEntries(PROCESSES.map((name) => [name, 1])),
  cameras: { watched: 100, offline: 0, frozen: 0 },
  gateways: { enabled: 4, offline: 0 },
  queue: { oldestS: 2 },
  drops: { decided: 1000, dropped: 0, failed: 0 },
  disk: { total: 1000, free: 600, daysLeft: 90 },
  outbox: { dead: 0, oldestDueS: 3 },
  messages: { dead: 0 },
  steps: { overdue: 0, repaired: 0 },
  history: { faults: 0, ageS: 3600 },
};

test('all is well when nothing is amiss', () => {
  expect(Object.values(judgeSystem(WELL)).every((level) => level === 'good')).toBe(true);
  expect(overall(judgeSystem(WELL))).toBe('good');
});

describe('each part says what is amiss', () => {
  const cases: [string, Partial<SystemFigures>, string][] = [
    ['a process of which none lives', { processes: { ...WELL.processes, outbox: 0 } }, 'processes bad'],
    ['one camera of a hundred offline', { cameras: { watched: 100, offline: 1, frozen: 0 } }, 'cameras warn'],
    ['eleven of a hundred', { cameras: { watched: 100, offline: 6, frozen: 5 } }, 'cameras bad'],
    ['one gateway of four', { gateways: { enabled: 4, offline: 1 } }, 'gateways warn'],
    ['all gateways', { gateways: { enabled: 4, offline: 4 } }, 'gateways bad'],
    ['a queue that does not answer', { queue: null }, 'queue bad'],
    ['a look that waits for a minute', { queue: { oldestS: 60 } }, 'queue warn'],
    ['a look that waits for five', { queue: { oldestS: 300 } }, 'queue bad'],
    ['a look that failed', { drops: { decided: 1000, dropped: 0, failed: 1 } }, 'drops warn'],
    ['six in a hundred dropped', { drops: { decided: 100, dropped: 6, failed: 0 } }, 'drops bad'],
    ['a tenth of the disk left', { disk: { total: 1000, free: 100, daysLeft: null } }, 'disk warn'],
    ['a week left', { disk: { total: 1000, free: 600, daysLeft: 7 } }, 'disk warn'],
    ['two days left', { disk: { total: 1000, free: 600, daysLeft: 2 } }, 'disk bad'],
    ['a dead letter', { outbox: { dead: 1, oldestDueS: null } }, 'outbox warn'],
    ['a delivery that waits for three hours', { outbox: { dead: 0, oldestDueS: 10_800 } }, 'outbox bad'],
    ['a message that reached nobody', { messages: { dead: 1 } }, 'messages warn'],
    ['a step that was not taken', { steps: { overdue: 1, repaired: 0 } }, 'steps bad'],
    ['a step that had to be repaired', { steps: { overdue: 0, repaired: 1 } }, 'steps warn'],
    ['history that somebody altered', { history: { faults: 1, ageS: 60 } }, 'history bad'],
    ['history that nobody checked for two days', { history: { faults: 0, ageS: 172_800 } }, 'history warn'],
  ];
  test.each(cases)('%s', (_what, change, expected) => {
    const [part = '', level] = expected.split(' ');
    const levels = judgeSystem({ ...WELL, ...change });
    expect(levels[part as keyof typeof levels]).toBe(level);
    expect(Object.values(levels).filter((one) => one !== 'good')).toHaveLength(1);
    expect(overall(levels)).toBe(level);
  });
});

test('what nobody can tell is called so, and makes nothing worse', () => {
  const levels = judgeSystem({ ...WELL, disk: null, history: null });
  expect([levels.disk, levels.history, overall(levels)]).toEqual(['unknown', 'unknown', 'good']);
});

describe('how long the disk lasts', () => {
  const day = (n: number, free: number) => ({ at: new Date(Date.UTC(2026, 10, 1) + n * 86_400_000), free });

  test('at the rate of the samples', () => {
    const rate = fillRate([day(0, 1000), day(1, 990), day(2, 980), day(3, 970)]);
    expect(rate).toBeCloseTo(10);
    expect(daysLeft(970, rate)).toBe(97);
  });

  test('one evening of import does not decide it', () => {
    const rate = fillRate([day(0, 1000), day(1, 990), day(2, 980), day(2.1, 700), day(3, 970)]);
    expect(rate).toBeLessThan(60);
  });

  test('nobody can tell after an hour, and a disk that empties never fills', () => {
    expect(fillRate([day(0, 1000), day(0.05, 500)])).toBeUndefined();
    expect(daysLeft(500, undefined)).toBeNull();
    expect(daysLeft(500, fillRate([day(0, 400), day(2, 500)]))).toBeNull();
  });
});
