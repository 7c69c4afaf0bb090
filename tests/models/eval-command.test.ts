import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, expect, test } from 'vitest';
import { BLUE, type Colour, GREEN, GREY, paintedFrame, RED } from './frames.ts';
import { scratchFolder } from './scratch.ts';
import { colourAttributes, fixedHeads, writeModel } from './tiny-onnx.ts';

/** A head in each cell of the upper row; the tiny attributes call red worn, green missing, blue unsure. */
const HEAD = [0.5, 0.5, Math.log(0.5), Math.log(0.5), 1, 0, 0.9];
const NOTHING = [0, 0, 0, 0, 0, 0, 0];

let folder: string;

beforeEach(async () => {
  folder = await scratchFolder();
  await writeModel(folder, 'heads', fixedHeads(64, 64, [HEAD, HEAD, NOTHING, NOTHING]));
  await writeModel(folder, 'head-attributes', colourAttributes(16));
});

/** A picture of 256 × 256 with two heads of 64 px, in the middle of its upper quarters. */
async function picture(name: string, left: Colour, right: Colour): Promise<void> {
  const { data, width, height } = paintedFrame(256, 256, GREY, [
    { at: [0, 0, 128, 128], colour: left },
    { at: [128, 0, 256, 128], colour: right },
  ]);
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(join(folder, name));
}

const LEFT = '32,32,96,96';
const RIGHT = '160,32,224,96';

function evaluate(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const all = ['tools/eval/main.ts', '--models', folder, '--images', folder, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

async function figures(labels: string, ...args: string[]) {
  const file = join(folder, 'labels.csv');
  await writeFile(file, `file,x1,y1,x2,y2,label\n${labels}`);
  const { stdout, stderr } = await evaluate('--labels', file, '--json', ...args);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('hats on given boxes: right, wrong and uncertain are counted', async () => {
  await picture('a.png', GREEN, RED);
  await picture('b.png', GREEN, BLUE);
  const labels = `a.png,${LEFT},no_hat\na.png,${RIGHT},hat\nb.png,${LEFT},hat\nb.png,${RIGHT},no_hat\n`;
  expect(await figures(labels, '--task', 'hat')).toMatchObject({
    task: 'hat',
    n: 4,
    precision: 0.5,
    recall: 1,
    recallAll: 0.5,
    f1: 0.6667,
    uncertain: 0.25,
    auc: 0.5,
    ap50: {},
  });
});

test('hats on detected boxes: average precision by class, misses and false boxes count', async () => {
  await picture('a.png', GREEN, RED);
  await picture('b.png', GREEN, GREEN);
  const labels = `a.png,${LEFT},no_hat\na.png,${RIGHT},hat\nb.png,${LEFT},no_hat\nb.png,0,200,40,240,no_hat\n`;
  const result = await figures(labels, '--task', 'hat', '--boxes', 'detected');
  expect(result).toMatchObject({ n: 4, recall: 1, ap50: { hat: 1 } });
  expect(result.precision).toBeCloseTo(2 / 3, 3); // one green head of b.png is not labelled
  expect(result.recallAll).toBeCloseTo(2 / 3, 3); // one labelled head of b.png is not found
  expect(result.ap50.no_hat).toBeCloseTo(2 / 3, 3);
});

test('badly worn masks count as asked', async () => {
  await picture('a.png', GREEN, RED);
  const labels = 'a.png,48,56,80,88,with_incorrect_mask\na.png,176,56,208,88,with_mask\n'; // faces
  const masks = (incorrect: string) =>
    figures(labels, '--task', 'mask', '--boxes', 'given', '--incorrect', incorrect);
  expect((await masks('ignore')).n).toBe(1);
  expect(await masks('no_mask')).toMatchObject({ n: 2, precision: 1, recall: 1 });
  expect(await masks('mask')).toMatchObject({ n: 2, precision: 0 });
});

test('masks: boxes of a mask column are heads, those of a label column faces, unless told', async () => {
  await picture('a.png', GREEN, RED);
  const column = join(folder, 'heads.csv');
  await writeFile(column, `file,x1,y1,x2,y2,hat,mask\na.png,${LEFT},,no_mask\na.png,${RIGHT},hat,mask\n`);
  const ap50 = async (...args: string[]) => {
    const { stdout } = await evaluate('--task', 'mask', '--json', ...args);
    return JSON.parse(stdout).ap50;
  };
  const found = { mask: 1, no_mask: 1 };
  expect(await ap50('--labels', column)).toEqual(found);
  expect(await ap50('--labels', column, '--faces')).toEqual({ mask: 0, no_mask: 0 });
  const labelled = join(folder, 'labelled.csv');
  await writeFile(labelled, `file,x1,y1,x2,y2,label\na.png,${LEFT},without_mask\na.png,${RIGHT},with_mask\n`);
  expect(await ap50('--labels', labelled)).toEqual({ mask: 0, no_mask: 0 });
  expect(await ap50('--labels', labelled, '--no-faces')).toEqual(found);
});

test('a broken picture is left out and named; the others are judged', async () => {
  await picture('a.png', GREEN, RED);
  await picture('b.png', GREEN, RED);
  const whole = await readFile(join(folder, 'b.png'));
  await writeFile(join(folder, 'b.png'), whole.subarray(0, whole.length / 2));
  const labels = join(folder, 'labels.csv');
  await writeFile(
    labels,
    `file,x1,y1,x2,y2,label\nb.png,${LEFT},hat\na.png,${LEFT},no_hat\na.png,${RIGHT},hat\n`,
  );
  const { status, stdout, stderr } = await evaluate('--labels', labels, '--task', 'hat', '--json');
  expect(status).toBe(0);
  expect(stderr).toMatch(/^eval: left out, could not be read: b\.png: [^\n]+\n$/);
  const said = JSON.parse(stdout);
  expect(said).toMatchObject({ pictures: 1, n: 2, precision: 1, recall: 1 });
  expect(said.unreadable).toEqual([expect.stringMatching(/^b\.png: /)]);
  await writeFile(labels, `file,x1,y1,x2,y2,label\nb.png,${LEFT},hat\n`);
  const none = await evaluate('--labels', labels, '--task', 'hat', '--json');
  expect(none).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^eval: b\.png: /) });
});

test('labels that tell nothing for the task end the run; unknown ones beside known ones are told', async () => {
  await picture('a.png', GREEN, RED);
  const labels = join(folder, 'labels.csv');
  await writeFile(labels, `file,x1,y1,x2,y2,label\na.png,${LEFT},with_mask\na.png,${RIGHT},cap\n`);
  const args = ['--labels', labels, '--task', 'hat', '--json'];
  expect(await evaluate(...args)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/tells anything for --task hat .*found: with_mask 1, cap 1\n$/),
  });
  await writeFile(labels, `file,x1,y1,x2,y2,label\na.png,${LEFT},no_hat\na.png,${RIGHT},cap\n`);
  const some = await evaluate(...args);
  expect(some.stderr).toBe('eval: labels that are not known, ignored: cap 1\n');
  expect(JSON.parse(some.stdout).n).toBe(1);
});

test('heads: recall, precision and average precision of the detector', async () => {
  await picture('a.png', GREEN, RED);
  const result = await figures(`a.png,${LEFT},helmet\na.png,0,200,30,230,head\n`, '--task', 'heads');
  expect(result).toMatchObject({ n: 2, auc: null, precision: 0.5, recall: 0.5, ap50: { head: 0.5 } });
});

test('the report is one page with figures, plot and the worst mistakes', async () => {
  await picture('a.png', GREEN, RED);
  const out = join(folder, 'report.html');
  await figures(`a.png,${LEFT},hat\na.png,${RIGHT},hat\n`, '--task', 'hat', '--out', out);
  const html = await readFile(out, 'utf8');
  expect(html).toContain('aria-label="Reliability plot"');
  expect(html.match(/<figure>/g)).toHaveLength(1);
  expect(html).toContain('data:image/jpeg;base64,');
  expect(html).not.toContain('src="http');
});

test.each([
  [
    'unknown task',
    ['--task', 'shoes', '--labels', 'x'],
    2,
    /--task must be hat or mask or heads or rodent, is shoes/,
  ],
  ['aizoo for hats', ['--task', 'hat', '--labels', 'x', '--model', 'aizoo'], 2, /aizoo knows masks only/],
  ['no labels', ['--task', 'hat', '--labels', '/gone.csv'], 1, /^eval: no such labels: \/gone\.csv\n$/],
])('%s is said', async (_, args, status, message) => {
  const result = await evaluate(...args);
  expect(result.status).toBe(status);
  expect(result.stderr).toMatch(message);
});
