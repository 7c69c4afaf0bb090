import { afterEach, expect, test } from 'vitest';
import { type HeadAttributeClassifier, openHeadAttributes } from '../../models/runtime/head-attributes.ts';
import { type HeadDetector, openHeadDetector } from '../../models/runtime/heads.ts';
import { facesOfHeads } from '../../models/runtime/kitchen-heads.ts';
import { kitchenJudge } from '../../models/runtime/kitchen-judge.ts';
import type { Box, ViolationKind } from '../../services/domain/words.ts';
import { BLUE, GREEN, GREY, paintedFrame, RED } from './frames.ts';
import { scratchFolder } from './scratch.ts';
import { colourAttributes, fixedHeads, writeModel } from './tiny-onnx.ts';

const NOTHING = [0, 0, 0, 0, 0, 0, 0];
/** A head of 16 × 16 input pixels in the middle of a 32-pixel cell. */
const HEAD = [0.5, 0.5, Math.log(0.5), Math.log(0.5), 1, 0, 0.9];
/** A face of 10 × 10 pixels in it. */
const face = (masked: number, bare: number, score = 1): number[] => [
  0.5,
  0.5,
  Math.log(0.3125),
  Math.log(0.3125),
  score,
  masked,
  bare,
];
const WITH_FACES = {
  output:
    '{name: predictions, format: yolox, strides: [32], classes: [body, head], faces: {name: faces, classes: [masked, bare]}}',
  thresholds:
    '{head: 0.3, body: 0.3, nms: 0.5, faces: {least: 0.2, nms: 0.4, seen: 0.3, mask_yes: 0.9, no_mask_yes: 0.8}}',
};
/** Red wears, green does not, blue is unsure, to the crop. */
const quarters = paintedFrame(128, 128, GREY, [
  { at: [0, 0, 64, 64], colour: RED },
  { at: [64, 0, 128, 64], colour: GREEN },
  { at: [0, 64, 64, 128], colour: BLUE },
]);

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function detector(faces: number[][], changes: Record<string, string> = {}): Promise<HeadDetector> {
  const bytes = fixedHeads(64, 64, [HEAD, HEAD, HEAD, NOTHING], faces);
  const folder = await writeModel(await scratchFolder(), 'heads', bytes, { ...WITH_FACES, ...changes });
  const heads = await openHeadDetector(folder);
  opened.push(heads);
  return heads;
}

/** What a judge says of the three heads (upper left, upper right, lower left), and how many crops it took. */
async function judged(faces: number[][], kinds?: readonly ViolationKind[]) {
  const heads = await detector(faces);
  const crops = await openHeadAttributes(
    await writeModel(await scratchFolder(), 'head-attributes', colourAttributes(16)),
  );
  opened.push(crops);
  let cropped = 0;
  const counting: HeadAttributeClassifier = {
    ...crops,
    classify: (frame, boxes) => {
      cropped += boxes.length;
      return crops.classify(frame, boxes);
    },
  };
  const detections = await kitchenJudge(heads, counting).judgeFrame(quarters, kinds);
  const byPlace = detections.toSorted((a, b) => a.box[1] - b.box[1] || a.box[0] - b.box[0]);
  const masks = byPlace.filter(({ kind }) => kind === 'no_mask');
  return { cropped, masks, kinds: new Set(byPlace.map(({ kind }) => kind)) };
}

test('faces come with both scores, in 0..1 of the frame; weak ones are left out', async () => {
  const heads = await detector([face(0.9, 0.05), face(0.1, 0.7), face(0.3, 0.1, 0.5), NOTHING]);
  const { faces } = await heads.detect(quarters);
  expect(faces?.map(({ score }) => Math.round(score * 100))).toEqual([90, 70]);
  expect(faces?.[0]).toMatchObject({ masked: expect.closeTo(0.9), bare: expect.closeTo(0.05) });
  expect(faces?.[0]?.box.map((side) => Math.round(side * 1000) / 1000)).toEqual([0.172, 0.172, 0.328, 0.328]);
});

test('cells that speak of one face are averaged by their scores', async () => {
  const shifted = (dx: number, masked: number, bare: number) => [
    dx,
    0.5,
    Math.log(2),
    Math.log(2),
    1,
    masked,
    bare,
  ];
  // Two cells beside each other, boxes 64 pixels wide around x = 24 and x = 28.
  const heads = await detector([shifted(0.75, 0.8, 0), shifted(-0.125, 0.2, 0.4), NOTHING, NOTHING]);
  const [only, ...others] = (await heads.detect(quarters)).faces ?? [];
  expect(others).toEqual([]);
  // Left edges are clipped to 0; right edges at 56 and 60 of 64, weighted 0.8 to 0.4.
  expect(only?.box[2]).toBeCloseTo((56 * 0.8 + 60 * 0.4) / 1.2 / 64, 3);
  expect(only?.score).toBeCloseTo(0.8);
  expect(only?.bare).toBeCloseTo((0.8 * (0.4 * 0.4)) / (0.8 * 0.8 + 0.4 * 0.2), 3);
});

test('a bare face begins lower by the share that model.yml says, a masked one does not', async () => {
  const output = WITH_FACES.output.replace(
    'classes: [masked, bare]',
    'classes: [masked, bare], bareTop: 0.1',
  );
  const heads = await detector([face(0, 0.9), face(0.8, 0), NOTHING, NOTHING], { output });
  const { faces } = await heads.detect(quarters);
  const tops = faces?.map(({ box }) => Math.round(box[1] * 100) / 100);
  expect(tops).toEqual([0.19, 0.17]); // 10 pixels high in 64: a tenth of it is 0.016
  expect(faces?.map(({ box }) => Math.round(box[3] * 1000) / 1000)).toEqual([0.328, 0.328]);
});

test('masks alone: a face that the detector is sure of needs no crop', async () => {
  // Sure of a bare face where the crop would say worn, of a mask where it would say missing; not sure of the third.
  const { masks, cropped, kinds } = await judged(
    [face(0.02, 0.9), face(0.9, 0.02), face(0.4, 0.3), NOTHING],
    ['no_mask'],
  );
  expect(masks.map(({ verdict }) => verdict)).toEqual(['yes', 'no', 'uncertain']);
  expect(cropped).toBe(1);
  expect(kinds).toEqual(new Set(['no_mask']));
});

test('the mask is judged the same whether hats are asked too or not', async () => {
  const faces = [face(0.02, 0.9), face(0.4, 0.3), NOTHING, NOTHING]; // sure; not sure; no face seen
  const both = await judged(faces);
  expect(both.cropped).toBe(3);
  expect(both.kinds).toEqual(new Set(['no_hat', 'no_mask']));
  expect(both.masks).toEqual((await judged(faces, ['no_mask'])).masks);
});

test('a face that is itself in doubt has no verdict, and no crop is asked', async () => {
  const { masks, cropped } = await judged([face(0.01, 0.25), NOTHING, NOTHING, NOTHING], ['no_mask']);
  expect(masks[0]).toMatchObject({ verdict: 'uncertain', score: expect.closeTo(0.25 / 0.26) });
  expect(cropped).toBe(0);
});

test('a head without a face has no mask to be seen, whatever a crop would say', async () => {
  const { masks, cropped } = await judged([NOTHING, NOTHING, NOTHING, NOTHING], ['no_mask']);
  expect(masks.map(({ verdict, score }) => [verdict, score])).toEqual(Array(3).fill(['uncertain', 0]));
  expect(cropped).toBe(0);
});

test('face and crop are heard together: a face that leans the other way takes from the score', async () => {
  const agreed = await judged([NOTHING, face(0.2, 0.5), NOTHING, NOTHING]);
  const against = await judged([NOTHING, face(0.5, 0.2), NOTHING, NOTHING]);
  expect(agreed.masks[1]?.verdict).toBe('yes');
  expect(against.masks[1]?.score).toBeLessThan(agreed.masks[1]?.score ?? 0);
});

test('frames without a kind that the judge knows cost nothing', async () => {
  expect(await judged([NOTHING, NOTHING, NOTHING, NOTHING], ['rodent'])).toMatchObject({
    cropped: 0,
    masks: [],
  });
});

test('a face belongs to one head: the one it fits best, not one that holds half of it', () => {
  const heads: Box[] = [
    [0, 0, 0.4, 0.4],
    [0.1, 0.1, 0.3, 0.3],
    [0.28, 0.1, 0.5, 0.3],
  ];
  const found = (box: Box) => ({ box, score: 0.9, masked: 0.9, bare: 0 });
  const inside = found([0.12, 0.12, 0.28, 0.28]);
  expect(facesOfHeads(heads, [inside])).toEqual([undefined, inside, undefined]);
  expect(facesOfHeads(heads, [found([0.22, 0.42, 0.32, 0.6])])).toEqual([undefined, undefined, undefined]);
});

test.each([
  [
    'other classes',
    { output: WITH_FACES.output.replace('[masked, bare]', '[face]') },
    /output\.faces\.classes must list masked, bare/,
  ],
  [
    'no such output',
    { output: WITH_FACES.output.replace('name: faces', 'name: muzzles') },
    /output\.faces\.name must be named as in the network/,
  ],
  [
    'no thresholds',
    { thresholds: '{head: 0.3, body: 0.3, nms: 0.5}' },
    /thresholds\.faces must be a mapping/,
  ],
])('a model.yml whose faces do not fit is refused: %s', async (_, changes, message) => {
  await expect(detector([NOTHING, NOTHING, NOTHING, NOTHING], changes)).rejects.toThrow(message);
});

test('faces of another shape are refused', async () => {
  const heads = await detector([NOTHING]);
  await expect(heads.detect(quarters)).rejects.toThrow(/output\.faces should be \[1, 4, 7\], is \[1, 1, 7\]/);
});
