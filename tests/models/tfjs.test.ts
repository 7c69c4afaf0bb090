/** A TensorFlow.js graph model behind the same interface as ONNX: same contract, same answers, errors that name file and key. */
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { openHeadAttributes } from '../../models/runtime/head-attributes.ts';
import { readModelFile } from '../../models/runtime/model-file.ts';
import { openEngine } from '../../models/runtime/open-engine.ts';
import { BLUE, GREEN, GREY, paintedFrame, RED } from './frames.ts';
import { scratchFolder } from './scratch.ts';
import { colourAttributes, writeModel } from './tiny-onnx.ts';
import { colourGraph, type TinyGraph, writeGraphModel } from './tiny-tfjs.ts';

const MATRIX = [1, 2, 3, -4, 5, 0.5, 0, 0.25, -1];
const BIAS = [0.1, -0.2, 10];
const SAME = [1, 0, 0, 0, 1, 0, 0, 0, 1];

async function open(graph: TinyGraph, json: Record<string, unknown> = {}) {
  const file = await readModelFile(
    await writeGraphModel(await scratchFolder(), graph, json),
    'head-attributes',
  );
  return openEngine(file.runtime, file.bytes);
}

/** Runs a script in a process of its own. @returns the lines it wrote */
async function evaluate(script: string, env: Record<string, string> = {}): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, ...env },
  });
  return stdout.trim().split('\n');
}

/** The matrix graph with one node changed. */
function altered(name: string, change: Record<string, unknown>): TinyGraph {
  const graph = colourGraph(16, MATRIX, BIAS);
  return { ...graph, nodes: graph.nodes.map((node) => (node.name === name ? { ...node, ...change } : node)) };
}

test('two named outputs of a batch of bytes, as arithmetic says', async () => {
  const engine = await open(colourGraph(16, MATRIX, BIAS));
  expect(engine.inputNames).toEqual(['image']);
  expect([...engine.outputNames].sort()).toEqual(['hat', 'mask']);
  const colours = [
    [255, 128, 7],
    [3, 0, 250],
  ];
  const data = Uint8Array.from(colours.flatMap((colour) => Array.from({ length: 256 }, () => colour).flat()));
  const { hat, mask } = await engine.run({ image: { data, dims: [2, 16, 16, 3] } });
  expect(hat?.dims).toEqual([2, 3]);
  const shares = colours.map((colour) => colour.map((value) => value / 255));
  for (const [i, share] of shares.flat().entries()) expect(hat?.data[i]).toBeCloseTo(share, 5);
  const products = shares.flatMap((row) =>
    BIAS.map((bias, j) => row.reduce((sum, value, i) => sum + value * (MATRIX[i * 3 + j] ?? 0), bias)),
  );
  for (const [i, value] of products.entries()) expect(mask?.data[i]).toBeCloseTo(value, 4);
  await engine.close();
});

test('leaves no listener on the process that would handle its errors', async () => {
  const script = `const { openEngine } = await import('./models/runtime/open-engine.ts');
    const { readModelFile } = await import('./models/runtime/model-file.ts');
    const file = await readModelFile(process.env.FOLDER, 'head-attributes');
    await openEngine(file.runtime, file.bytes);
    console.log(process.listenerCount('uncaughtException'), process.listenerCount('unhandledRejection'));`;
  const folder = await writeGraphModel(await scratchFolder(), colourGraph(16, MATRIX, BIAS));
  expect(await evaluate(script, { FOLDER: folder })).toEqual(['0 0']);
});

test('judges heads as the same network in ONNX does, also when calls overlap', async () => {
  const frame = paintedFrame(96, 64, GREY, [
    { at: [0, 0, 32, 32], colour: RED },
    { at: [32, 0, 64, 32], colour: GREEN },
    { at: [64, 0, 96, 32], colour: BLUE },
  ]);
  const boxes = [0, 32, 64].map((x) => [(x + 6) / 96, 6 / 64, (x + 26) / 96, 26 / 64] as const);
  const parent = await scratchFolder();
  const onnx = await openHeadAttributes(await writeModel(parent, 'head-attributes', colourAttributes(16)));
  const folder = await writeGraphModel(await scratchFolder(), colourGraph(16, SAME, [0, 0, 0]));
  const tfjs = await openHeadAttributes(folder);
  const wanted = await onnx.classify(frame, boxes);
  expect(wanted.map(({ hat }) => hat.verdict)).toContain('yes');
  const answers = await Promise.all([1, 2, 3].map(() => tfjs.classify(frame, boxes)));
  for (const answer of answers) {
    answer.forEach((one, i) => {
      for (const kind of ['hat', 'mask'] as const) {
        expect(one[kind].verdict).toBe(wanted[i]?.[kind].verdict);
        expect(one[kind].missing).toBeCloseTo(wanted[i]?.[kind].missing ?? -1, 5);
        expect(one[kind].worn).toBeCloseTo(wanted[i]?.[kind].worn ?? -1, 5);
      }
    });
  }
  await Promise.all([onnx.close(), tfjs.close()]);
});

describe('what cannot be used is named with file and key', () => {
  test('a missing shard', async () => {
    const folder = await writeGraphModel(await scratchFolder(), colourGraph(16, MATRIX, BIAS));
    await rm(join(folder, 'group1-shard2of2.bin'));
    await expect(openHeadAttributes(folder)).rejects.toThrow(
      /model\.json: weightsManifest\[0\]\.paths\[1\] cannot be read: ENOENT/,
    );
  });

  test('a shard that was cut off, and one with other bytes', async () => {
    const folder = await writeGraphModel(await scratchFolder(), colourGraph(16, MATRIX, BIAS));
    const shard = join(folder, 'group1-shard1of2.bin');
    await writeFile(shard, Buffer.alloc(17));
    await expect(openHeadAttributes(folder)).rejects.toThrow(
      /model\.json: weightsManifest\[0\] \S+, \S+ should have 60 bytes, have 59/,
    );
    await writeFile(shard, Buffer.alloc(18));
    await expect(openHeadAttributes(folder)).rejects.toThrow(/model\.yml: sha256 says/);
  });

  test.each([
    [
      'an unknown operation',
      altered('sum', { op: 'Frobnicate' }),
      {},
      /modelTopology\.node cannot be run: Unknown op 'Frobnicate'/,
    ],
    [
      'an input of text',
      altered('picture', { attr: { dtype: { type: 'DT_STRING' }, shape: { shape: { unknownRank: true } } } }),
      { signature: undefined },
      /inputs\.picture\.dtype must be int32 or float32, is string/,
    ],
    [
      'an output of whole numbers',
      altered('sum', { input: ['picture', 'picture'], attr: { T: { type: 'DT_INT32' } } }),
      {},
      /signature\.outputs\.mask\.dtype must be float32, is int32/,
    ],
    [
      'a Keras model',
      colourGraph(16, MATRIX, BIAS),
      { format: 'layers-model' },
      /format must be graph-model, is "layers-model"/,
    ],
    [
      'weights of text',
      colourGraph(16, MATRIX, BIAS),
      { weightsManifest: [{ paths: [], weights: [{ name: 'a', shape: [], dtype: 'string' }] }] },
      /weightsManifest\[0\]\.weights\[0\]\.dtype must be float32 or int32 or bool, is "string"/,
    ],
    [
      'a shard outside the folder',
      colourGraph(16, MATRIX, BIAS),
      { weightsManifest: [{ paths: ['../x.bin'], weights: [] }] },
      /weightsManifest\[0\]\.paths must list file names in the same folder/,
    ],
  ])('%s', async (_, graph, json, message) => {
    const opened = open(graph, json);
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toThrow(/^\S+model\.json: /);
  });

  test('a picture of another shape', async () => {
    const engine = await open(colourGraph(16, MATRIX, BIAS));
    const image = { data: new Uint8Array(3), dims: [1, 1, 1, 3] };
    await expect(engine.run({ image })).rejects.toThrow(
      /input image must be \[-1, 16, 16, 3\], is \[1, 1, 1, 3\]/,
    );
    await expect(engine.run({})).rejects.toThrow(/input image is missing/);
    await engine.close();
  });
});

test('whoever uses ONNX does not load TensorFlow.js', async () => {
  const script = `await import('./models/runtime/open-engine.ts');
    const { Module } = await import('node:module');
    console.log(Object.keys(Module._cache).filter((path) => path.includes('tensorflow')).length);
    await import('./models/runtime/tfjs.ts').then(({ openTfjs }) => openTfjs(Buffer.alloc(4))).catch(() => {});
    console.log(Object.keys(Module._cache).filter((path) => path.includes('tensorflow')).length > 0);`;
  expect(await evaluate(script)).toEqual(['0', 'true']);
});
