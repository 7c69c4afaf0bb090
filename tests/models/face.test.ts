import { expect, test } from 'vitest';
import { openHeadAttributes } from '../../models/runtime/head-attributes.ts';
import type { Box } from '../../services/domain/words.ts';
import { GREEN, paintedFrame } from './frames.ts';
import { scratchFolder } from './scratch.ts';
import { colourAttributes, colourAttributesWithFace, writeModel } from './tiny-onnx.ts';

/** Corners in the crop: its right half, lower three quarters; most likely a bare face. */
const ROW = [0.5, 0.25, 1, 1, 0.125, 0.75];
const OUTPUTS = (face: string) =>
  `{hat: [hat, no_hat, unsure], mask: [mask, no_mask, not_visible], face: ${face}}`;
const COLUMNS = '[x1, y1, x2, y2, masked, bare]';
const frame = paintedFrame(200, 100, GREEN);

async function classifier(bytes: Uint8Array, outputs?: string) {
  const folder = await scratchFolder();
  const changes = outputs === undefined ? {} : { outputs };
  return openHeadAttributes(await writeModel(folder, 'head-attributes', bytes, changes));
}

async function facesOf(...boxes: Box[]) {
  const attributes = await classifier(colourAttributesWithFace(16, ROW), OUTPUTS(COLUMNS));
  const judged = await attributes.classify(frame, boxes);
  await attributes.close();
  return judged.map(({ face }) => face);
}

test('a face is said in 0..1 of the frame, by the crop of its head', async () => {
  // A head of 40 × 20 pixels around (100, 50): the crop is 60 pixels a side from (70, 20).
  const [face] = await facesOf([0.4, 0.4, 0.6, 0.6]);
  expect(face).toMatchObject({ masked: 0.125, bare: 0.75 });
  const [x1, y1, x2, y2] = face?.box ?? [];
  expect([x1, y1, x2, y2].map((value) => Math.round((value ?? 0) * 1000) / 1000)).toEqual([
    0.5, 0.35, 0.65, 0.8,
  ]);
});

test('a face that reaches out of the frame is cut at its edge', async () => {
  const [, face] = await facesOf([0.4, 0.4, 0.6, 0.6], [0.9, 0.8, 1, 1]);
  expect(face?.box[2]).toBe(1);
  expect(face?.box[3]).toBe(1);
});

test('a model without the output says no face', async () => {
  const attributes = await classifier(colourAttributes(16));
  const [judged] = await attributes.classify(frame, [[0.4, 0.4, 0.6, 0.6]]);
  expect(judged).not.toHaveProperty('face');
  expect(judged?.mask.verdict).toBe('yes');
  await attributes.close();
});

test.each([
  [
    'other columns',
    colourAttributesWithFace(16, ROW),
    OUTPUTS('[x, y, w, h, masked, bare]'),
    /outputs\.face must list x1/,
  ],
  ['no such output', colourAttributes(16), OUTPUTS(COLUMNS), /outputs\.face must be named as in the network/],
])('a model.yml whose face does not fit is refused: %s', async (_, bytes, outputs, message) => {
  await expect(classifier(bytes, outputs)).rejects.toThrow(message);
});

test('a face of another width is refused', async () => {
  const attributes = await classifier(colourAttributesWithFace(16, [0, 0, 1, 1]), OUTPUTS(COLUMNS));
  await expect(attributes.classify(frame, [[0.4, 0.4, 0.6, 0.6]])).rejects.toThrow(
    /should be \[n, 6\], is \[1, 4\]/,
  );
  await attributes.close();
});
