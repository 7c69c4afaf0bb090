import { expect, test } from 'vitest';
import { isWrong, precisionOf, wilson } from '../../services/domain/precision.ts';

test.each([
  // Figures of other programs (R: binom::binom.confint(hits, total, methods = "wilson")).
  [0, 5, 0, 0.4345],
  [5, 5, 0.5655, 1],
  [8, 10, 0.4902, 0.9433],
  [81, 263, 0.2553, 0.3662],
  [0, 0, 0, 1],
])('%i of %i: the 95 %% interval is %f to %f', (hits, total, low, high) => {
  const interval = wilson(hits, total);
  expect(interval.low).toBeCloseTo(low, 3);
  expect(interval.high).toBeCloseTo(high, 3);
});

test('the interval holds the share and stays in 0..1', () => {
  for (let total = 1; total <= 60; total += 7) {
    for (let hits = 0; hits <= total; hits += 1) {
      const { low, high } = wilson(hits, total);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(hits / total);
      expect(high).toBeGreaterThanOrEqual(hits / total);
    }
  }
});

test('without a verdict nothing is known; a duplicate was not wrong', () => {
  expect(precisionOf(0, 0)).toEqual({ confirmed: 0, dismissed: 0, share: null, low: 0, high: 1 });
  expect(precisionOf(3, 1).share).toBe(0.75);
  expect(['wearing_it', 'not_a_person', 'duplicate', 'other'].map(isWrong)).toEqual([
    true,
    true,
    false,
    true,
  ]);
});
