import { expect, test } from 'vitest';
import type { Box } from '../../services/domain/words.ts';
import { Curve } from '../../tools/eval/curves.ts';
import { faceOfHead, headOfFace } from '../../tools/eval/face-box.ts';
import { BY_FACE_INSIDE, BY_IOU, matchBoxes } from '../../tools/eval/matching.ts';
import { auc, averagePrecision, calibrationError, f1, reliability } from '../../tools/eval/metrics.ts';

const judged = (positive: boolean, score: number) => ({ positive, score, verdict: 'yes' as const });

test('AUC: order alone matters, ties count half, one class alone has none', () => {
  expect(auc([judged(true, 0.9), judged(true, 0.6), judged(false, 0.5)])).toBe(1);
  expect(auc([judged(true, 0.1), judged(false, 0.5)])).toBe(0);
  expect(auc([judged(true, 0.5), judged(false, 0.5)])).toBe(0.5);
  expect(auc([judged(true, 0.8), judged(true, 0.3), judged(false, 0.5), judged(false, 0.1)])).toBe(0.75);
  expect(auc([judged(true, 0.9)])).toBeNull();
});

test('average precision is the area under the interpolated curve', () => {
  const boxes = [
    { score: 0.9, hit: true },
    { score: 0.8, hit: false },
    { score: 0.7, hit: true },
  ];
  // Recall 0.5 at precision 1, recall 1 at precision 2/3.
  expect(averagePrecision(boxes, 2)).toBeCloseTo(0.5 + 0.5 * (2 / 3));
  expect(averagePrecision(boxes, 4)).toBeCloseTo(0.25 + 0.25 * (2 / 3));
  expect(averagePrecision([], 3)).toBe(0);
  expect(averagePrecision([], 0)).toBeNull();
});

test('calibration error is the gap between score and truth, by bin', () => {
  const perfect = Array.from({ length: 10 }, (_, i) => judged(i < 7, 0.7));
  expect(calibrationError(reliability(perfect))).toBeCloseTo(0);
  expect(calibrationError(reliability([judged(false, 0.95), judged(true, 0.05)]))).toBeCloseTo(0.95);
  expect(calibrationError(reliability([]))).toBeNull();
  expect(f1(0.5, 1)).toBeCloseTo(2 / 3);
});

const LEFT: Box = [0, 0, 0.4, 0.4];
const RIGHT: Box = [0.5, 0.5, 0.9, 0.9];

test('a truth is found once, a second box on it is false, one on an ignored truth is ignored', () => {
  const found = [LEFT, LEFT, RIGHT, [0.5, 0, 0.6, 0.1] as const].map((box) => ({ box, tooSmall: false }));
  const truths = [
    { box: LEFT, counts: true },
    { box: RIGHT, counts: false },
  ];
  expect(matchBoxes(found, truths, BY_IOU)).toEqual([0, 'false_box', 'ignored', 'false_box']);
});

test('a head that holds the face fits by inside, not by IoU', () => {
  const head: Box = [0.2, 0.2, 0.6, 0.6];
  const face: Box = [0.35, 0.4, 0.55, 0.6];
  expect(BY_IOU.of(head, face)).toBeLessThan(BY_IOU.least);
  expect(BY_FACE_INSIDE.of(head, face)).toBeGreaterThanOrEqual(BY_FACE_INSIDE.least);
  expect(BY_FACE_INSIDE.of([0, 0, 1, 1], face)).toBe(0);
});

test('faces and heads turn into each other', () => {
  const head: Box = [0.2, 0.2, 0.6, 0.7];
  headOfFace(faceOfHead(head)).forEach((value, i) => {
    expect(value).toBeCloseTo(head[i] ?? 0);
  });
});

test('small heads count in the curve of all sizes only', () => {
  const curve = new Curve(BY_IOU);
  curve.add({
    truths: [
      { box: LEFT, sizePx: 100, ofClass: true, ignored: false },
      { box: RIGHT, sizePx: 20, ofClass: true, ignored: false },
    ],
    found: [{ box: LEFT, sizePx: 100, rank: 0.9 }],
  });
  expect(curve.ap(0)).toBe(0.5);
  expect(curve.ap(24)).toBe(1);
  expect(curve.ap(40)).toBe(1);
});
