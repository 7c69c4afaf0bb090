import { execFile } from 'node:child_process';
import { cp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { measure, measureInTurns, total } from '../../tools/bench/steps.ts';
import { scratchFolder } from './scratch.ts';
import { colourAttributes, fixedHeads, writeModel } from './tiny-onnx.ts';

const HEAD = [0.5, 0.5, 0, 0, 1, 0, 0.9];
const STEPS = [
  'copy: read from spool, SHA-256',
  'gate: luma thumbnail, compare',
  'decode: JPEG to RGB',
  'pre-processing: heads',
  'inference: heads',
  'pre-processing: attributes',
  'inference: attributes',
  'database: accept the look',
  'queue: add, fetch, finish',
  'database: read, decide, coverage',
];

test('bench look prints every step for both precisions, and a ratio to the bare loop', async () => {
  const models = await scratchFolder();
  await writeModel(models, 'heads', fixedHeads(64, 64, [HEAD, HEAD, HEAD, HEAD]));
  await cp(join(models, 'heads'), join(models, 'heads-int8'), { recursive: true });
  await rename(join(models, 'heads-int8'), join(models, 'heads', 'int8'));
  await writeModel(models, 'head-attributes', colourAttributes(16));
  const args = [
    'look',
    '--rounds',
    '2',
    '--bookkeeping',
    '2',
    '--size',
    '320x180',
    '--models',
    models,
    '--json',
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [join('tools/bench/main.ts'), ...args]);
  const { looks } = JSON.parse(stdout);
  expect(looks.map((look: { precision: string }) => look.precision)).toEqual(['fp32', 'int8']);
  for (const look of looks) {
    expect(look.steps.map((step: { name: string }) => step.name)).toEqual(STEPS);
    expect(look.ratio).toBeCloseTo(look.totalMs / look.bareMs);
  }
}, 120_000);

test('what an inner part took is not counted twice', async () => {
  let clockUs = 0;
  const costs = await measure(
    [
      {
        name: 'outer',
        run: async () => {
          clockUs += 20_000;
        },
        inner: { name: 'inner', takeUs: () => 5000 },
      },
    ],
    3,
    () => clockUs,
  );
  expect(costs).toEqual([
    { name: 'outer', cpuMs: 15 },
    { name: 'inner', cpuMs: 5 },
  ]);
  expect(total(costs)).toBe(20);
});

test('ways that are compared have their turns in every round', async () => {
  const order: string[] = [];
  const way = (name: string) => [{ name, run: async () => void order.push(name) }];
  await measureInTurns([way('a'), way('b')], 2);
  expect(order.join('')).toBe('abababab');
});
