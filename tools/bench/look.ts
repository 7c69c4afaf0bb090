import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { type HeadAttributeClassifier, openHeadAttributes } from '../../models/runtime/head-attributes.ts';
import { type HeadDetector, openHeadDetector } from '../../models/runtime/heads.ts';
import { gate, maskOf } from '../../services/domain/gate.ts';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { Box } from '../../services/domain/words.ts';
import { decodeJpeg } from '../../services/media/jpeg.ts';
import { lumaOfJpeg } from '../../services/media/luma.ts';
import { bookkeepingCosts } from './bookkeeping.ts';
import { type NetworkClock, networkClock } from './clocked-engine.ts';
import { cameraJpegs } from './pictures.ts';
import { measureInTurns, type Step, type StepCost, total } from './steps.ts';

/** Looks that pass database and queue, unless told otherwise: the server's clock ticks are 10 ms. */
const BOOKKEEPING_ROUNDS = '400';

interface LookCost {
  size: string;
  precision: 'fp32' | 'int8';
  steps: StepCost[];
  totalMs: number;
  bareMs: number;
  /** total ÷ bare: design.md wants at most 1.25. */
  ratio: number;
}

/**
 * `npm run -s bench -- look [--rounds N] [--bookkeeping N] [--size WxH] [--models DIR] [--json]`: prints a table, or JSON.
 * CPU milliseconds of one calm look (one frame judged) by step, on six photographs with 3 to 5 bare heads each, and their ratio to
 * the bare loop of the same run: JPEG decoding and the two networks alone. Without --size: 1920x1080 and 640x360.
 * --bookkeeping: looks that pass database and queue for their cost; 400.
 * With the detector of the models folder (fp32) and, where it has heads/int8, with that one (int8); both take turns picture by picture.
 */
export async function benchLook(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '60' },
      bookkeeping: { type: 'string', default: BOOKKEEPING_ROUNDS },
      size: { type: 'string', multiple: true, default: ['1920x1080', '640x360'] },
      models: { type: 'string', default: join(import.meta.dirname, '../../models') },
      json: { type: 'boolean', default: false },
    },
  });
  sharp.concurrency(1);
  const costs: LookCost[] = [];
  const bookkeeping = await bookkeepingCosts(Number(values.bookkeeping));
  for (const size of values.size) {
    costs.push(...(await costsOfLook(size, Number(values.rounds), values.models, bookkeeping)));
  }
  const sizes = Map.groupBy(costs, (cost) => cost.size);
  const text = [...sizes.values()].map(asText).join('\n');
  process.stdout.write(values.json ? `${JSON.stringify({ looks: costs })}\n` : text);
}

async function costsOfLook(
  size: string,
  rounds: number,
  modelsFolder: string,
  bookkeeping: readonly StepCost[],
): Promise<LookCost[]> {
  const [width, height] = size.split('x').map(Number);
  const jpegs = await cameraJpegs(width ?? 0, height ?? 0);
  const spool = await mkdtemp(join(tmpdir(), 'mingzao-bench-'));
  await Promise.all(jpegs.map((jpeg, i) => writeFile(join(spool, `${i}.jpg`), jpeg)));
  const int8 = join(modelsFolder, 'heads', 'int8');
  const detectors: [LookCost['precision'], string][] = [['fp32', join(modelsFolder, 'heads')]];
  if (existsSync(int8)) detectors.push(['int8', int8]);
  const opened = await Promise.all(
    detectors.map(async ([precision, folder]) => {
      const clock = networkClock();
      const heads = await openHeadDetector(folder, { open: clock.open });
      const attributes = await openHeadAttributes(join(modelsFolder, 'head-attributes'), clock.open);
      return { precision, heads, attributes, clock };
    }),
  );
  try {
    const looks = opened.map(({ heads, attributes, clock }) =>
      lookSteps(spool, jpegs.length, heads, attributes, clock),
    );
    // One after the other picture by picture: what else the machine does meets all of them alike.
    const [bare = [], ...each] = await measureInTurns([[bareDecoding(jpegs)], ...looks], rounds);
    return opened.map(({ precision }, i) => {
      const costs = each[i] ?? [];
      const inference = costs.filter((cost) => cost.name.startsWith('inference'));
      const bareMs = total(bare) + total(inference);
      const steps = [...costs, ...bookkeeping];
      return { size, precision, steps, totalMs: total(steps), bareMs, ratio: total(steps) / bareMs };
    });
  } finally {
    for (const { heads, attributes } of opened) {
      await heads.close();
      await attributes.close();
    }
    await rm(spool, { recursive: true });
  }
}

/** The parts of a look in their order. What a later part needs, the earlier one leaves in the variables here. */
function lookSteps(
  spool: string,
  pictures: number,
  heads: HeadDetector,
  attributes: HeadAttributeClassifier,
  clock: NetworkClock,
): Step[] {
  const unmasked = maskOf([]);
  let round = 0;
  let jpeg: Uint8Array = new Uint8Array();
  let luma: Uint8Array | undefined;
  let frame: RawFrame | undefined;
  let boxes: Box[] = [];
  return [
    {
      name: 'copy: read from spool, SHA-256',
      async run() {
        jpeg = await readFile(join(spool, `${round % pictures}.jpg`));
        createHash('sha256').update(jpeg).digest();
        round += 1;
      },
    },
    {
      name: 'gate: luma thumbnail, compare',
      async run() {
        const current = await lumaOfJpeg(jpeg);
        gate(luma, current, unmasked);
        luma = current;
      },
    },
    {
      name: 'decode: JPEG to RGB',
      async run() {
        frame = await decodeJpeg(jpeg);
      },
    },
    {
      name: 'pre-processing: heads',
      inner: { name: 'inference: heads', takeUs: clock.takeUs },
      async run() {
        boxes = frame === undefined ? [] : (await heads.detect(frame)).heads.map((head) => head.box);
      },
    },
    {
      name: 'pre-processing: attributes',
      inner: { name: 'inference: attributes', takeUs: clock.takeUs },
      async run() {
        if (frame !== undefined) await attributes.classify(frame, boxes);
      },
    },
  ];
}

/** What decoding costs at least: libvips alone, no checks. */
function bareDecoding(jpegs: readonly Uint8Array[]): Step {
  let next = 0;
  return {
    name: 'bare decode',
    async run() {
      await sharp(jpegs[next % jpegs.length])
        .raw()
        .toBuffer();
      next += 1;
    },
  };
}

/** The costs of one size: a column for each precision. */
function asText(costs: readonly LookCost[]): string {
  const cells = (values: readonly number[]): string =>
    values.map((ms) => `${ms.toFixed(2).padStart(9)} ms`).join('');
  const line = (name: string, values: readonly number[]) => `  ${name.padEnd(36)}${cells(values)}\n`;
  const [first] = costs;
  return [
    `one look, ${first?.size} JPEG, CPU`.padEnd(38),
    ...costs.map(({ precision }) => precision.padStart(12)),
    '\n',
    ...(first?.steps ?? []).map(({ name }, i) =>
      line(
        name,
        costs.map(({ steps }) => steps[i]?.cpuMs ?? 0),
      ),
    ),
    line(
      'total',
      costs.map(({ totalMs }) => totalMs),
    ),
    line(
      'bare loop: decode + inference',
      costs.map(({ bareMs }) => bareMs),
    ),
    `  ${'ratio'.padEnd(36)}${costs.map(({ ratio }) => `${ratio.toFixed(2).padStart(9)}   `).join('')}\n`,
  ].join('');
}
