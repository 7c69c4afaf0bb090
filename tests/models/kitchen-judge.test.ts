import { expect, test } from 'vitest';
import { openKitchenJudge } from '../../models/runtime/kitchen-judge.ts';
import { BLUE, GREEN, GREY, paintedFrame, RED } from './frames.ts';
import { scratchFolder } from './scratch.ts';
import { colourAttributes, fixedHeads, writeModel } from './tiny-onnx.ts';

const NOTHING = [0, 0, 0, 0, 0, 0, 0];
/** A head of 16 × 16 input pixels in the middle of a 32-pixel cell. */
const HEAD = [0.5, 0.5, Math.log(0.5), Math.log(0.5), 1, 0, 0.9];

/** A judge that finds heads in the first three of four cells, and tells them by colour. */
async function threeHeads(attributeChanges: Record<string, string> = {}) {
  const folder = await scratchFolder();
  await writeModel(folder, 'heads', fixedHeads(64, 64, [HEAD, HEAD, HEAD, NOTHING]));
  await writeModel(folder, 'head-attributes', colourAttributes(16), attributeChanges);
  return openKitchenJudge(folder);
}

const quarters = paintedFrame(128, 128, GREY, [
  { at: [0, 0, 64, 64], colour: RED },
  { at: [64, 0, 128, 64], colour: GREEN },
  { at: [0, 64, 64, 128], colour: BLUE },
]);

test('worn, missing and unsure become no, yes and uncertain for each head and kind', async () => {
  const judge = await threeHeads();
  const detections = await judge.judgeFrame(quarters);
  const verdicts = (kind: string) =>
    detections
      .filter((detection) => detection.kind === kind)
      .toSorted((a, b) => a.box[1] - b.box[1] || a.box[0] - b.box[0])
      .map((detection) => detection.verdict);
  expect(verdicts('no_hat')).toEqual(['no', 'yes', 'uncertain']);
  expect(verdicts('no_mask')).toEqual(['no', 'yes', 'uncertain']);
  expect(judge.kinds).toEqual(['no_hat', 'no_mask']);
  expect(judge.models.map((model) => model.name)).toEqual(['heads', 'head-attributes']);
  await judge.close();
});

test('boxes are in 0..1, sizes in pixels of the frame as received', async () => {
  const judge = await threeHeads();
  const shrunk = { ...quarters, originalWidth: 512, originalHeight: 512 };
  const [first] = await judge.judgeFrame(shrunk);
  expect(first?.box.map((value) => Math.round(value * 1000) / 1000)).toEqual([0.125, 0.125, 0.375, 0.375]);
  expect(first?.sizePx).toBeCloseTo(128);
  await judge.close();
});

test('calls may overlap', async () => {
  const judge = await threeHeads();
  const alone = await judge.judgeFrame(quarters);
  const green = paintedFrame(128, 128, GREEN);
  const [first, , third] = await Promise.all([quarters, green, quarters].map((f) => judge.judgeFrame(f)));
  expect(first).toEqual(alone);
  expect(third).toEqual(alone);
  await judge.close();
});

test('the order of classes in model.yml is the order of the network', async () => {
  const judge = await threeHeads({
    outputs: '{hat: [no_hat, hat, unsure], mask: [mask, no_mask, not_visible]}',
  });
  const detections = await judge.judgeFrame(quarters);
  const red = detections.find(({ kind, box }) => kind === 'no_hat' && box[0] < 0.5 && box[1] < 0.5);
  expect(red?.verdict).toBe('yes');
  expect(red?.score).toBeCloseTo(1);
  await judge.close();
});

test('a frame without heads costs no second network and gives nothing', async () => {
  const folder = await scratchFolder();
  await writeModel(folder, 'heads', fixedHeads(64, 64, [NOTHING, NOTHING, NOTHING, NOTHING]));
  await writeModel(folder, 'head-attributes', colourAttributes(16));
  const judge = await openKitchenJudge(folder);
  expect(await judge.judgeFrame(quarters)).toEqual([]);
  await judge.close();
});

test('a network whose output has another shape than model.yml says is refused', async () => {
  const folder = await scratchFolder();
  await writeModel(folder, 'heads', fixedHeads(64, 64, [NOTHING]));
  await writeModel(folder, 'head-attributes', colourAttributes(16));
  const judge = await openKitchenJudge(folder);
  await expect(judge.judgeFrame(quarters)).rejects.toThrow(/output should be \[1, 4, 7\], is \[1, 1, 7\]/);
  await judge.close();
});
