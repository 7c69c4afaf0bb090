import { describe, expect, test } from 'vitest';
import { mayDispatch } from '../../services/domain/dispatch.ts';
import {
  overlay,
  policyFaults,
  resolvePolicy,
  STARTING_POLICY,
  versionText,
} from '../../services/domain/policy.ts';
import { endRecheck, observedMinutes } from '../../services/domain/recheck.ts';
import { blockSize, isDrawn } from '../../services/domain/sampling.ts';

const terms = { minPrecision: 0.9, minVerdicts: 100, days: 90, reviewShare: 0.1 };

describe('inheritance', () => {
  const documents = [
    { regionPath: 'huojia.chengguan', version: 2, document: { limits: { 1: { submitMin: 600 } } } },
    { regionPath: null, version: 1, document: { limits: { 1: { acknowledgeMin: 20 } } } },
    {
      regionPath: 'huojia',
      version: 5,
      document: { classes: { no_hat: 3 as const }, dispatch: { no_hat: terms } },
    },
    { regionPath: 'xinxiang', version: 9, document: { limits: { 1: { acknowledgeMin: 1 } } } },
  ];
  test('the deepest region speaks last, for what it says; others do not speak at all', () => {
    const { policy, sources, dispatchFrom } = resolvePolicy(documents, 'huojia.chengguan.grid-1');
    expect(policy.limits[1]).toEqual({
      acknowledgeMin: 20,
      submitMin: 600,
      reviewMin: 240,
      recheckMin: 3 * 1440,
      counting: 'calendar',
    });
    expect(policy.limits[2]).toEqual(STARTING_POLICY.limits[2]);
    expect(policy.classes).toEqual({ no_hat: 3 });
    expect(dispatchFrom).toEqual({ no_hat: 'huojia' });
    expect(versionText(sources)).toBe('*@1 huojia@5 huojia.chengguan@2');
  });

  test('a region below may switch off what one above switched on', () => {
    const off = { regionPath: 'huojia.x', version: 1, document: { dispatch: { no_hat: null } } };
    expect(resolvePolicy([...documents, off], 'huojia.x').policy.dispatch.no_hat).toBe(null);
  });
});

describe('what does not fit together is named', () => {
  test.each([
    [{ limits: { 1: { acknowledgeMin: 1440 } } }, 'limits.1.acknowledgeMin'],
    [{ recheck: { observedHours: { 2: 200 } } }, 'recheck.observedHours.2'],
    [{ sampling: { share: 0.05 } }, 'sampling.share'],
    [{ calendar: { workingHours: [['12:00', '08:00']] as [string, string][] } }, 'calendar.workingHours'],
    [{ dispatch: { rodent: terms } }, 'dispatch.rodent'],
  ])('%j', (document, field) => {
    expect(policyFaults(overlay(STARTING_POLICY, document)).map((fault) => fault.field)).toEqual([field]);
  });
  test('the starting values fit', () => expect(policyFaults(STARTING_POLICY)).toEqual([]));
});

describe('dispatch without a person', () => {
  const policy = overlay(STARTING_POLICY, { dispatch: { no_hat: terms, rodent: terms } });
  const why = (right: number, wrong: number, kind: 'no_hat' | 'no_mask' | 'rodent' = 'no_hat') => {
    const verdict = mayDispatch(policy, kind, { right, wrong }, 'a finding');
    return verdict.dispatch ? 'dispatch' : verdict.why;
  };
  test('is off until said and measured, and never for rodents, whatever a document says', () => {
    expect(why(10_000, 0, 'no_mask')).toBe('off');
    expect(why(99, 0)).toBe('too_few_verdicts');
    // 92 % of 100: the lower end of Wilson's interval is 0.85.
    expect(why(92, 8)).toBe('not_precise');
    expect(why(99, 1)).toBe('dispatch');
    expect(why(10_000, 0, 'rodent')).toBe('always_by_people');
  });
  test('leaves a share to people, always the same findings', () => {
    const reviewed = Array.from({ length: 5000 }, (_, i) =>
      mayDispatch(policy, 'no_hat', { right: 1000, wrong: 0 }, `f${i}`),
    ).filter((verdict) => !verdict.dispatch);
    expect(reviewed.length / 5000).toBeGreaterThan(0.08);
    expect(reviewed.length / 5000).toBeLessThan(0.12);
  });
});

describe('sampling', () => {
  test.each([0.1, 0.15, 0.25, 0.3, 0.5, 1])(
    'draws at least %f of each full block, and again the same',
    (share) => {
      const size = blockSize(share);
      const row = Array.from({ length: size * 300 }, (_, no) => isDrawn('seed', no, share));
      expect(row.filter(Boolean).length / row.length).toBeGreaterThanOrEqual(share - 1e-9);
      for (let block = 0; block < 300; block += 1)
        expect(row.slice(block * size, (block + 1) * size).filter(Boolean)).toHaveLength(1);
      expect(row).toEqual(row.map((_, no) => isDrawn('seed', no, share)));
    },
  );
  test('another seed draws others, and no place is preferred', () => {
    const places = Array.from({ length: 10 }, () => 0);
    for (let no = 0; no < 20_000; no += 1) {
      if (isDrawn('a', no, 0.1)) places[no % 10] = (places[no % 10] ?? 0) + 1;
    }
    for (const count of places) expect(Math.abs(count - 200)).toBeLessThan(60);
  });
});

describe('recheck', () => {
  const hour = (text: string, minutes: string) => ({ hour: new Date(text), minutes });
  test('counts minutes that were looked at or seen unchanged, within opening hours', () => {
    const coverage = [
      hour('2026-11-23T01:00:00Z', 'L'.repeat(30) + 'D'.repeat(10) + 'U'.repeat(10) + 'X'.repeat(10)),
      hour('2026-11-23T02:00:00Z', 'U'.repeat(60)),
    ];
    const span = { from: new Date('2026-11-23T01:10:30Z'), to: new Date('2026-11-23T02:20:00Z') };
    const rule = { hours: 'always', openingHours: null, timeZone: 'Asia/Shanghai' } as const;
    expect(observedMinutes(coverage, span, rule)).toBe(20 + 10 + 20);
    // 09:00 to 10:00 in China.
    const open = { mon: [['09:00', '10:00']] as [string, string][] };
    expect(observedMinutes(coverage, span, { ...rule, hours: 'opening', openingHours: open })).toBe(30);
    expect(observedMinutes(coverage, span, { ...rule, hours: 'opening', openingHours: {} })).toBe(0);
  });
  test('passes with enough, is prolonged with less, and goes to people in the end', () => {
    const now = new Date('2026-11-23T00:00:00Z');
    const at = (prolongations: number, observed: number) =>
      endRecheck(STARTING_POLICY, { class: 2, prolongations }, observed, now);
    expect(at(0, 24 * 60)).toMatchObject({ end: 'passed' });
    expect(at(6, 24 * 60 - 1)).toEqual({
      end: 'prolonged',
      neededMin: 1440,
      until: new Date('2026-11-24T00:00:00Z'),
    });
    expect(at(7, 0)).toMatchObject({ end: 'by_people' });
  });
});
