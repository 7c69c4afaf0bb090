import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { measure, total } from '../../tools/bench/steps.ts';
import { scratchFolder } from './scratch.ts';
import { colourAttributes, fixedHeads, writeModel } from './tiny-onnx.ts';

const HEAD = [0.5, 0.5, 0, 0, 1, 0, 0.9];

test('bench look names every step and a ratio to the bare loop', async () => {
  const models = await scratchFolder();
  await writeModel(models, 'heads', fixedHeads(64, 64, [HEAD, HEAD, HEAD, HEAD]));
  await writeModel(models, 'head-attributes', colourAttributes(16));
  const args = ['look', '--rounds', '2', '--size', '320x180', '--models', models, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [join('tools/bench/main.ts'), ...args]);
  const [cost] = JSON.parse(stdout).looks;
  expect(cost.steps.map((step: { name: string }) => step.name.split(':')[0])).toEqual([
    'copy',
    'gate',
    'decode',
    'pre-processing',
    'inference',
    'pre-processing',
    'inference',
    'database',
    'queue',
    'database',
  ]);
  expect(cost.ratio).toBeCloseTo(cost.totalMs / cost.bareMs);
});

test('what an inner part took is not counted twice', async () => {
  const burn = async () => {
    const until = performance.now() + 20;
    while (performance.now() < until);
  };
  const costs = await measure(
    [{ name: 'outer', run: burn, inner: { name: 'inner', takeUs: () => 5000 } }],
    3,
  );
  expect(costs.map((cost) => cost.name)).toEqual(['outer', 'inner']);
  expect(costs[1]?.cpuMs).toBe(5);
  expect(total(costs)).toBeGreaterThan(5);
});
