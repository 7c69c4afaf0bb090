import { describe, expect, test } from 'vitest';
import { type ClockVerdict, hearOffset, type OffsetRun } from '../../services/domain/clock-skew.ts';
import { addToStreak, type Persistence, type Streak } from '../../services/domain/fault-streak.ts';
import { GATE_SIZE, GATE_WIDTH } from '../../services/domain/gate.ts';
import { standsStill } from '../../services/domain/still.ts';

describe('a ticket opens slowly and closes soon', () => {
  const rule: Persistence = { judgements: 4, forS: 600, toClose: 2 };
  /** `x` faulty, `.` well, a judgement every `everyS` seconds. */
  const run = (judgements: string, everyS: number): string => {
    let streak: Streak | undefined;
    return [...judgements]
      .map((letter, i) => {
        const at = new Date(1_700_000_000_000 + i * everyS * 1000);
        const step = addToStreak(streak, letter === 'x', at, rule);
        streak = step.streak;
        return { open: 'O', close: 'C', wait: '-' }[step.verdict];
      })
      .join('');
  };

  test('enough judgements over enough time', () => {
    expect(run('xxxxx', 200)).toBe('---OO');
    expect(run('xxxxxxxxxxxx', 60)).toBe('----------OO');
  });
  test('one that says otherwise begins it anew', () => {
    expect(run('xxx.xxxx', 200)).toBe('-------O');
  });
  test('two that say otherwise close it, one does not', () => {
    expect(run('xxxx.xxxx..', 200)).toBe('---O----O-C');
  });
  test('what lies far apart is not in a row', () => {
    expect(run('xxxxxx', 1_500)).toBe('------');
  });
  test('it began with the first judgement', () => {
    let streak: Streak | undefined;
    for (const minute of [0, 4, 8, 12]) {
      streak = addToStreak(streak, true, new Date(minute * 60_000), rule).streak;
    }
    expect(streak?.since).toEqual(new Date(0));
  });
});

describe('the device clock', () => {
  test.each([
    ['right', [1, 2, 1, 3], 'right'],
    ['three minutes behind', [181, 182, 180, 183], 183],
    ['behind, too early to tell', [181, 182], 'open'],
    ['a buffer that empties', [900, 600, 400, 200], 'moving'],
    ['a buffer that empties slowly', [900, 890, 880, 870, 860, 850], 'moving'],
    ['ahead, at once', [-140], -140],
    ['put right again', [181, 182, 180, 2], 'right'],
  ])('%s', (_name, offsets, expected) => {
    let run: OffsetRun | undefined;
    let verdict: ClockVerdict | undefined;
    for (const [i, offsetS] of offsets.entries())
      ({ run, verdict } = hearOffset(run, offsetS, new Date(i * 30_000)));
    expect(verdict?.is === 'wrong' ? verdict.skewS : verdict?.is).toBe(expected);
  });
  test.each<[string, (i: number) => number, boolean]>([
    ['hours behind, give or take what the way takes', (i) => 28_800 + (i % 3) * 3, true],
    ['ahead', (i) => -600 + (i % 3), true],
    ['one look that was held up', (i) => (i === 9 ? 925 : 900), true],
    ['a buffer that empties a tenth faster than it was filled', (i) => 9_000 - i * 3, false],
    ['a buffer of a clock that is ahead', (i) => -9_000 + i * 3, false],
  ])('whose offset it surely is: %s', (_name, offsetOf, expected) => {
    let run: OffsetRun | undefined;
    const known: boolean[] = [];
    for (let i = 0; i < 60; i += 1) {
      const heard = hearOffset(run, offsetOf(i), new Date(i * 30_000));
      run = heard.run;
      known.push(heard.verdict.is === 'wrong' && heard.verdict.known);
    }
    // Four looks, and two minutes.
    expect(known.slice(0, 4)).toEqual([false, false, false, false]);
    expect(known.slice(10)).toEqual(known.slice(10).map(() => expected));
  });
  test('looks that come all at once are no row', () => {
    let run: OffsetRun | undefined;
    let verdict: ClockVerdict | undefined;
    for (let i = 0; i < 9; i += 1) ({ run, verdict } = hearOffset(run, 900 - i * 5, new Date(i * 200)));
    expect(verdict).toEqual({ is: 'open' });
  });
});

describe('a picture stands still', () => {
  const mask = new Uint8Array(GATE_SIZE);
  const picture = (): Uint8Array => Uint8Array.from({ length: GATE_SIZE }, (_, i) => (i * 37) % 200);
  const changed = (x: number, y: number): Uint8Array => {
    const one = picture();
    one[y * GATE_WIDTH + x] = 250;
    return one;
  };
  test('when nothing differs, or only a line of text at the edge', () => {
    expect(standsStill(picture(), picture(), mask)).toBe(true);
    expect(standsStill(picture(), changed(40, 1), mask)).toBe(true);
    expect(standsStill(picture(), changed(10, 34), mask)).toBe(true);
  });
  test('not when something in the middle does, or all over', () => {
    expect(standsStill(picture(), changed(30, 18), mask)).toBe(false);
    const noise = picture().map((value, i) => value + (i % 5 === 0 ? 1 : 0));
    expect(standsStill(picture(), noise, mask)).toBe(false);
  });
  test('when all that differs is masked', () => {
    const own = new Uint8Array(GATE_SIZE);
    own[18 * GATE_WIDTH + 30] = 1;
    expect(standsStill(picture(), changed(30, 18), own)).toBe(true);
  });
});
