import { describe, expect, it } from 'vitest';
import { confirmLook, isSuspicious } from '../../services/domain/confirm.ts';
import type { Rule } from '../../services/domain/rules.ts';
import type { Detection, FrameDetections } from '../../services/domain/words.ts';

const rule: Rule = {
  kind: 'no_hat',
  enabled: true,
  k: 3,
  n: 5,
  minDurationS: 5,
  minSizePx: 40,
  minScore: 0.5,
  mergeWindowMin: 30,
  dailyCap: 10,
  hours: 'opening',
  class: 2,
};
const yes: Detection = { kind: 'no_hat', verdict: 'yes', score: 0.9, box: [0.4, 0.4, 0.5, 0.6], sizePx: 60 };

/** A look with one letter a frame: y = yes, u = uncertain, n = no, . = nothing seen; `stepMs` apart. */
function look(letters: string, stepMs = 1500): FrameDetections[] {
  const verdicts = { y: 'yes', u: 'uncertain', n: 'no' } as const;
  return [...letters].map((letter, i) => ({
    at: new Date(1_700_000_000_000 + i * stepMs),
    detections: letter === '.' ? [] : [{ ...yes, verdict: verdicts[letter as 'y'] }],
  }));
}

describe('k of n over a look', () => {
  it.each([
    ['yyyyy', 'confirmed'],
    ['y.y.y', 'confirmed'],
    ['yy...', 'too_few_frames'],
    ['.....', 'nothing'],
    ['uuuuu', 'nothing'],
    ['nnnnn', 'nothing'],
    ['yyu..', 'too_few_frames'],
    ['yyy..', 'too_short'],
    ['y...y...y', 'too_few_frames'],
    ['y...yyy..', 'confirmed'],
    ['yyy', 'too_short'],
  ])('%s is %s', (letters, reason) => {
    expect(confirmLook(look(letters), rule).reason).toBe(reason);
  });

  it('is confirmed by three frames alone when they span the minimum duration', () => {
    expect(confirmLook(look('yyy', 2500), rule)).toMatchObject({
      confirmed: true,
      durationS: 5,
      frames: [0, 1, 2],
    });
  });

  it('asks no duration and one frame of a single picture when instant', () => {
    expect(confirmLook(look('y'), rule, undefined, true).confirmed).toBe(true);
    expect(confirmLook(look('y..yy', 10), rule, undefined, true).confirmed).toBe(true);
    expect(confirmLook(look('y...y', 10), rule, undefined, true).confirmed).toBe(false);
  });

  it('scores the mean of the best box a frame', () => {
    const frames = look('yyyyy');
    frames[0]?.detections.push({ ...yes, score: 0.4 });
    const [first] = frames;
    if (first) first.detections = [{ ...yes, score: 0.7 }, yes];
    expect(confirmLook(frames, rule).score).toBeCloseTo(0.9);
  });
});

describe('what counts', () => {
  const one = (change: Partial<Detection>): Detection[] => [{ ...yes, ...change }];
  it('leaves out small, unsure and other kinds', () => {
    expect(isSuspicious(one({}), [rule])).toBe(true);
    expect(isSuspicious(one({ sizePx: 39 }), [rule])).toBe(false);
    expect(isSuspicious(one({ score: 0.49 }), [rule])).toBe(false);
    expect(isSuspicious(one({ kind: 'no_mask' }), [rule])).toBe(false);
  });

  it('heeds regions of interest and ignored areas by the centre of the box', () => {
    const areas = { regionsOfInterest: [[0, 0, 0.46, 1] as const], ignoreAreas: [] };
    expect(isSuspicious(one({}), [rule], areas)).toBe(true);
    expect(isSuspicious(one({}), [rule], { ...areas, ignoreAreas: [[0.44, 0.4, 0.46, 0.6]] })).toBe(false);
    expect(isSuspicious(one({ box: [0.5, 0.4, 0.6, 0.6] }), [rule], areas)).toBe(false);
  });
});
