import { expect, test } from 'vitest';
import { openHeadAttributes } from '../../models/runtime/head-attributes.ts';
import { openHeadDetector } from '../../models/runtime/heads.ts';
import { scratchFolder } from './scratch.ts';
import { colourAttributes, fixedHeads, writeModel } from './tiny-onnx.ts';

const FOUR_CELLS = [0, 1, 2, 3].map(() => [0, 0, 0, 0, 0, 0, 0]);
const INPUT = 'name: image, dtype: uint8, layout: NHWC, color: RGB, resize: letterbox, pad: 114';
const OUTPUT = 'name: predictions, format: yolox, strides: [32]';

test.each([
  ['name', { name: 'Big Heads' }, /name must be lower-case words/],
  ['version', { version: 'new' }, /version must be a version like 1\.0\.0, is "new"/],
  ['task', { task: 'rodents' }, /task must be heads, is "rodents"/],
  ['runtime', { runtime: 'caffe' }, /runtime must be onnx or tfjs, is "caffe"/],
  ['file outside', { file: '../x.onnx' }, /file must be a file name in the same folder/],
  ['missing file', { file: 'gone.onnx' }, /file cannot be read: ENOENT/],
  ['sha256', { sha256: 'a'.repeat(64) }, /sha256 says a{64}, but tiny\.onnx has [0-9a-f]{64}/],
  ['bytes', { bytes: '12' }, /bytes says 12, but tiny\.onnx has \d+/],
  ['licence', { licence: '""' }, /licence must be a text, is ""/],
  ['no section', { input: '5' }, /input must be a mapping of keys, is 5/],
  ['width', { input: `{${INPUT}, width: wide, height: 64}` }, /input\.width must be a whole number .*"wide"/],
  ['pad', { input: `{${INPUT.replace('114', '300')}, width: 64, height: 64}` }, /input\.pad .* is 300/],
  [
    'colour',
    { input: `{${INPUT.replace('RGB', 'BGR')}, width: 64, height: 64}` },
    /input\.color must be RGB/,
  ],
  ['stride', { input: `{${INPUT}, width: 40, height: 64}` }, /output\.strides must divide 40x64/],
  ['classes', { output: `{${OUTPUT}, classes: [head]}` }, /output\.classes must list body, head/],
  [
    'output',
    { output: `{${OUTPUT.replace('predictions', 'boxes')}, classes: [body, head]}` },
    /output\.name/,
  ],
  ['threshold', { thresholds: '{head: 2, body: 0.3, nms: 0.5}' }, /thresholds\.head .* from 0 to 1, is 2/],
  ['not YAML', { thresholds: '{head' }, /is not YAML/],
])('a wrong model.yml names file and key: %s', async (_, changes, message) => {
  const folder = await writeModel(await scratchFolder(), 'heads', fixedHeads(64, 64, FOUR_CELLS), changes);
  const opened = openHeadDetector(folder);
  await expect(opened).rejects.toThrow(message);
  await expect(opened).rejects.toThrow(/^\S+model\.yml: /);
});

test('a folder without model.yml says so', async () => {
  await expect(openHeadDetector('/nowhere/heads')).rejects.toThrow(
    /heads\/model\.yml: cannot be read: ENOENT/,
  );
});

test('attributes: square crops, three classes each, thresholds above one half', async () => {
  const bytes = colourAttributes(16);
  const parent = await scratchFolder();
  const open = async (changes: Record<string, string>) =>
    openHeadAttributes(await writeModel(parent, 'head-attributes', bytes, changes));
  await expect(open({ outputs: '{hat: [hat, no_hat], mask: [mask, no_mask, not_visible]}' })).rejects.toThrow(
    /outputs\.hat must list hat, no_hat, unsure/,
  );
  await expect(
    open({ thresholds: '{hat: {no_hat_yes: 0.3, hat_yes: 0.7}, mask: {no_mask_yes: 0.9, mask_yes: 0.7}}' }),
  ).rejects.toThrow(/thresholds\.hat\.no_hat_yes must be a number from 0\.5 to 1, is 0\.3/);
});
