import { describe, expect, test } from 'vitest';
import { isFound, type JudgedFinding, propose } from '../../services/domain/proposal.ts';
import type { CameraAreas } from '../../services/domain/rules.ts';
import { STARTING_RULES } from '../../services/domain/rules.ts';
import type { Box } from '../../services/domain/words.ts';

const EVERYWHERE: CameraAreas = { regionsOfInterest: [], ignoreAreas: [], minScores: {} };
const HOUR = 3_600_000;
const START = new Date('2026-11-01T00:00:00Z').getTime();
const rule = STARTING_RULES[0];
if (rule === undefined) throw new Error('no rule');

let serial = 0;
/** A finding whose five frames show one box of 0.1 around a point. */
function judged(
  verdict: JudgedFinding['verdict'],
  [x, y]: readonly [number, number],
  score = 0.7,
): JudgedFinding {
  serial += 1;
  const box: Box = [x - 0.05, y - 0.05, x + 0.05, y + 0.05];
  const at = START + serial * HOUR;
  const frames = [0, 2, 4, 6, 8].map((s) => ({
    at: new Date(at + s * 1000),
    detections: [{ kind: 'no_hat' as const, verdict: 'yes' as const, score, box, sizePx: 90 }],
  }));
  return {
    id: `f${serial}`,
    verdict,
    verdictAt: new Date(at),
    rule: rule as NonNullable<typeof rule>,
    looks: [frames],
  };
}

const poster = (n: number, score?: number): JudgedFinding[] =>
  Array.from({ length: n }, (_, i) => judged('dismissed', [0.8 + (i % 3) * 0.02, 0.2], score));
const scattered = (n: number, score: number): JudgedFinding[] =>
  Array.from({ length: n }, (_, i) =>
    judged('dismissed', [0.1 + (i % 5) * 0.2, 0.1 + ((i * 3) % 5) * 0.2], score),
  );

const typesOf = (findings: JudgedFinding[], camera = EVERYWHERE) =>
  propose('no_hat', camera, findings).map(({ type }) => type);

describe('when', () => {
  test('fewer than five verdicts say nothing', () => {
    expect(typesOf(poster(4))).toEqual([]);
    expect(typesOf(poster(5))).toContain('ignore_area');
  });

  test('a camera that is right often enough is left alone', () => {
    const right = Array.from({ length: 6 }, () => judged('confirmed', [0.3, 0.6], 0.95));
    expect(typesOf([...poster(6), ...right])).toEqual([]);
    expect(typesOf([...poster(18), ...right])).not.toEqual([]);
  });
});

describe('an area', () => {
  test('covers the dismissed boxes, grown a little, and drops those findings only', () => {
    const right = judged('confirmed', [0.3, 0.6], 0.7);
    const findings = [...poster(9), right];
    const [proposal] = propose('no_hat', EVERYWHERE, findings);
    expect(proposal).toMatchObject({
      type: 'ignore_area',
      change: { area: [0.736, 0.14, 0.904, 0.26].map((value) => expect.closeTo(value, 2)) },
      evidence: {
        dismissedDropped: 9,
        confirmedDropped: 0,
        precision: { confirmed: 1, dismissed: 9 },
      },
    });
    expect(proposal?.evidence.boxes).toHaveLength(45);
    expect(proposal?.evidence.findingIds[0]).toBe(findings[8]?.id);
  });

  test('leaves out a box that lies elsewhere, if at least 80 % stay inside', () => {
    const far = judged('dismissed', [0.1, 0.9]);
    const [proposal] = propose('no_hat', EVERYWHERE, [...poster(9), far]);
    expect(proposal?.type).toBe('ignore_area');
    expect(proposal?.evidence).toMatchObject({ dismissedDropped: 9, precision: { dismissed: 10 } });
    expect(typesOf([...poster(6), far, judged('dismissed', [0.1, 0.1])])).not.toContain('ignore_area');
  });

  test('never covers a confirmed box, nor most of the picture', () => {
    expect(typesOf([...poster(19), judged('confirmed', [0.82, 0.2])])).not.toContain('ignore_area');
    expect(typesOf(scattered(10, 0.6))).not.toContain('ignore_area');
  });
});

describe('a score', () => {
  test('is the smallest that drops 80 % of the dismissed and keeps 95 % of the confirmed', () => {
    const wrong = [...scattered(8, 0.62), ...scattered(2, 0.9)];
    const right = judged('confirmed', [0.5, 0.5], 0.91);
    const proposal = propose('no_hat', EVERYWHERE, [...wrong, right]).find(
      ({ type }) => type === 'min_score',
    );
    expect(proposal).toMatchObject({
      change: { minScore: 0.63 },
      evidence: { dismissedDropped: 8, confirmedDropped: 0 },
    });
  });

  test('is not proposed where right and wrong score alike', () => {
    expect(typesOf([...scattered(10, 0.9), judged('confirmed', [0.5, 0.5], 0.6)])).toEqual([]);
    expect(typesOf(scattered(10, 0.99))).toEqual([]);
  });
});

describe('again', () => {
  test('what was accepted is not proposed a second time', () => {
    const findings = [...scattered(10, 0.6)];
    const camera = { ...EVERYWHERE, minScores: { no_hat: 0.61 } };
    expect(findings.map((finding) => isFound(finding, camera))).not.toContain(true);
    expect(propose('no_hat', camera, findings)).toEqual([]);
    // The score of another kind changes nothing.
    expect(typesOf(findings, { ...EVERYWHERE, minScores: { no_mask: 0.99 } })).toEqual(['min_score']);
    expect(typesOf(poster(6), { ...EVERYWHERE, ignoreAreas: [[0.7, 0.1, 0.9, 0.3]] })).toEqual([]);
  });

  test('what was declined needs new verdicts, the other type does not', () => {
    const findings = poster(6, 0.6);
    const declined = { ignore_area: new Date(START + serial * HOUR) };
    const types = (all: JudgedFinding[]) =>
      propose('no_hat', EVERYWHERE, all, declined).map(({ type }) => type);
    expect(types(findings)).toEqual(['min_score']);
    expect(types([...findings, ...poster(5, 0.6)])).toEqual(['ignore_area', 'min_score']);
  });
});

test('a low score of a camera never lowers the rule', () => {
  const weak = judged('dismissed', [0.5, 0.5], 0.4);
  expect(isFound(weak, { ...EVERYWHERE, minScores: { no_hat: 0.1 } })).toBe(false);
});
