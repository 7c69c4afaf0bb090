import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openKitchenJudge } from '../../models/runtime/kitchen-judge.ts';
import type { LookJudge } from '../../models/runtime/look-judge.ts';
import { containsPoint } from '../../services/domain/boxes.ts';
import type { Detection } from '../../services/domain/words.ts';
import { decodeJpeg } from '../../services/media/jpeg.ts';

/** Middles of all faces in the six sample photographs, by eye, as "x,y" in 0..1: 22 bare heads without masks. */
const FACES = {
  'sample1.jpg': '.27,.38 .48,.42 .83,.24',
  'sample2.jpg': '.24,.21 .51,.26 .81,.19',
  'sample3.jpg': '.36,.35 .63,.26 .83,.33',
  'sample4.jpg': '.18,.22 .40,.14 .57,.21 .70,.19',
  'sample5.jpg': '.36,.40 .44,.16 .62,.21 .77,.39 .25,.76',
  'sample6.jpg': '.18,.40 .40,.31 .65,.31 .82,.28',
};

/** What the shipped models say of each face, and of boxes that hold no face. */
const onFaces: { file: string; face: string; detections: Detection[] }[] = [];
const elsewhere: Detection[] = [];
let judge: LookJudge;

beforeAll(async () => {
  judge = await openKitchenJudge('models');
  for (const [file, faces] of Object.entries(FACES)) {
    const frame = await decodeJpeg(await readFile(`node_modules/@vladmandic/face-api/demo/${file}`));
    const detections = await judge.judgeFrame(frame);
    const points = faces.split(' ').map((face) => face.split(',').map(Number) as [number, number]);
    points.forEach((point, i) => {
      const here = detections.filter(({ box }) => containsPoint(box, point));
      onFaces.push({ file, face: faces.split(' ')[i] ?? '', detections: here });
    });
    elsewhere.push(...detections.filter(({ box }) => !points.some((point) => containsPoint(box, point))));
  }
}, 60_000);

afterAll(() => judge.close());

/** The surest detection of the kind on each face. */
function said(kind: string): Detection[] {
  return onFaces.flatMap(({ detections }) => {
    const ofKind = detections.filter((detection) => detection.kind === kind);
    return ofKind.toSorted((a, b) => b.score - a.score).slice(0, 1);
  });
}

test('a head is found on every face', () => {
  expect(onFaces.filter(({ detections }) => detections.length === 0)).toEqual([]);
});

test('next to nothing is reported where there is no face', () => {
  expect(elsewhere.filter(({ verdict }) => verdict === 'yes').length).toBeLessThanOrEqual(2);
});

test('bare heads lean to no_hat, and nobody is said to wear a hat', () => {
  const hats = said('no_hat');
  expect(hats).toHaveLength(22);
  expect(hats.filter(({ verdict }) => verdict === 'no')).toEqual([]);
  expect(hats.filter(({ score }) => score >= 0.5).length).toBeGreaterThanOrEqual(20);
});

test('bare faces are no_mask', () => {
  expect(said('no_mask').filter(({ verdict }) => verdict === 'yes').length).toBeGreaterThanOrEqual(18);
});
