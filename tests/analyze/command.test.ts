import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, expect, test } from 'vitest';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import { encodeVideo } from '../../services/media/encode.ts';
import { GREEN, GREY, paintedFrame, RED } from '../models/frames.ts';
import { scratchFolder } from '../models/scratch.ts';
import { colourAttributes, fixedHeads, writeModel } from '../models/tiny-onnx.ts';
import { gifOf } from './make-gif.ts';

/** One head in the first cell, half of the cell's size; the tiny attributes call a green one bare. */
const HEAD = [0.5, 0.5, Math.log(0.5), Math.log(0.5), 1, 0, 0.9];
const NOTHING = [0, 0, 0, 0, 0, 0, 0];

let folder: string;
let models: string;

beforeEach(async () => {
  folder = await scratchFolder();
  models = join(folder, 'models');
  await writeModel(models, 'heads', fixedHeads(64, 64, [HEAD, NOTHING, NOTHING, NOTHING]));
  await writeModel(models, 'head-attributes', colourAttributes(16));
});

function analyze(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['tools/analyze/main.ts', ...args, '--models', models],
      (error, stdout, stderr) => {
        resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
}

/** A picture of 256 × 256 whose first quarter holds a head of 64 px: bare if green. */
function kitchen(colour: typeof RED, at = 0): RawFrame {
  return paintedFrame(256, 256, GREY, [
    { at: [0, 0, 128, 128], colour },
    { at: [140 + at, 140, 200 + at, 200], colour: RED },
  ]);
}

function png(frame: RawFrame): Promise<Uint8Array> {
  return sharp(frame.data, { raw: { width: frame.width, height: frame.height, channels: 3 } })
    .png()
    .toBuffer();
}

test('a GIF with a bare head gives one finding, as JSON and nothing else', async () => {
  const file = join(folder, 'bare.gif');
  const frames = Array.from({ length: 20 }, (_, i) => kitchen(GREEN, (i % 5) * 10));
  await writeFile(file, await gifOf(frames, 500));
  const { status, stdout, stderr } = await analyze(file, '--json');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ source: file, looks: 1, frames: 5, coverage: { minutes: 'L', looked: 1 } });
  expect(result.durationS).toBeCloseTo(10, 0);
  expect(result.findings).toMatchObject([{ kind: 'no_hat', firstSeen: 0, lastSeen: 6, count: 1 }]);
  expect(result.detections[0]).toMatchObject({ at: 0, kind: 'no_hat', verdict: 'yes' });
  expect(result.detections[0].box.every((value: number) => value >= 0 && value <= 1)).toBe(true);
});

test('a video that was cut off counts what was read, and says so', async () => {
  const whole = join(folder, 'whole.mp4');
  const frames = Array.from({ length: 60 }, (_, i) => kitchen(RED, (i % 5) * 10));
  await encodeVideo(whole, frames, { framesPerS: 2, gopS: 1 });
  const bytes = await readFile(whole);
  const file = join(folder, 'cut.mp4');
  await writeFile(
    file,
    bytes.subarray(0, bytes.indexOf('mdat') + (bytes.length - bytes.indexOf('mdat')) * 0.4),
  );
  const { status, stdout, stderr } = await analyze(file, '--json');
  const { durationS, saidS, looks } = JSON.parse(stdout);
  expect([status, saidS]).toEqual([0, 30]);
  expect(durationS).toBeGreaterThan(5);
  expect(durationS).toBeLessThan(20);
  expect(looks).toBe(Math.ceil(durationS / 10));
  expect(stderr).toMatch(/^analyze: \S+cut\.mp4: its pictures end after [\d.]+ of 30 s: [^\n]+\n$/);
  const part = await analyze(file, '--json', '--duration', '5');
  expect(part.stderr).toBe('');
  expect(JSON.parse(part.stdout)).toMatchObject({ durationS: 5, looks: 1 });
});

test('a short clip needs --instant', async () => {
  const file = join(folder, 'short.gif');
  const frames = Array.from({ length: 12 }, (_, i) => kitchen(GREEN, (i % 5) * 10));
  await writeFile(file, await gifOf(frames, 100));
  expect(JSON.parse((await analyze(file, '--json')).stdout).findings).toEqual([]);
  const instant = JSON.parse((await analyze(file, '--json', '--instant')).stdout);
  expect(instant.findings).toMatchObject([{ kind: 'no_hat', count: 1 }]);
});

test('masks make findings only in zones that demand them', async () => {
  const pictures = join(folder, 'pictures');
  await mkdir(pictures);
  await writeFile(join(pictures, '2.png'), await png(kitchen(GREEN)));
  await writeFile(join(pictures, '10.png'), await png(kitchen(RED)));
  await writeFile(join(pictures, '11.jpg'), 'broken');
  const kinds = async (...args: string[]) => {
    const { stdout } = await analyze(pictures, '--json', ...args);
    return JSON.parse(stdout).findings.map((finding: { kind: string }) => finding.kind);
  };
  expect(await kinds()).toEqual(['no_hat']);
  expect(await kinds('--zone', 'special_room')).toEqual(['no_hat', 'no_mask']);
  const { stdout, status } = await analyze(pictures, '--json');
  const result = JSON.parse(stdout);
  expect(status).toBe(0);
  expect(result.looks).toBe(2);
  expect(result.detections.map((one: { file: string }) => one.file)).toEqual([
    '2.png',
    '2.png',
    '10.png',
    '10.png',
  ]);
  expect(result.unreadable).toHaveLength(1);
  expect(result.unreadable[0]).toMatch(/^11\.jpg: /);
});

test('people get a summary', async () => {
  const file = join(folder, 'one.png');
  await writeFile(file, await png(kitchen(GREEN)));
  const { stdout } = await analyze(file);
  expect(stdout).toMatch(/no_hat +yes 1, no 0, uncertain 0/);
  expect(stdout).toMatch(/findings:\n {2}no_hat +0:00 to 0:00/);
});

test('--help explains and succeeds', async () => {
  const { status, stdout } = await analyze('--help');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Usage: npm run -s analyze/);
});

test.each([
  ['no source', [], /^analyze: SOURCE is missing/],
  ['unknown option', ['x', '--fast'], /^analyze: Unknown option '--fast'/],
  ['unknown zone', ['x', '--zone', 'garden'], /^analyze: --zone must be one of/],
  ['no interval', ['x', '--interval', '0'], /^analyze: --interval must be seconds/],
])('wrong usage, status 2: %s', async (_, args, message) => {
  const { status, stdout, stderr } = await analyze(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

test.each([
  ['missing file', 'gone.mp4', undefined, /^analyze: no such file or folder: \S+gone\.mp4\n$/],
  ['empty file', 'empty.mp4', '', /^analyze: empty file: \S+\n$/],
  ['text called mp4', 'text.mp4', 'hello there, no video here', /^analyze: not a (readable )?video.*\n$/],
  ['broken picture', 'broken.jpg', 'hello', /^analyze: broken\.jpg: .*\n$/],
  ['empty folder', '.empty', 'folder', /^analyze: no pictures .* in \S+\n$/],
])('failure, status 1 and one line: %s', async (_, name, content, message) => {
  const path = join(folder, name);
  if (content === 'folder') await mkdir(path);
  else if (content !== undefined) await writeFile(path, content);
  const { status, stdout, stderr } = await analyze(path, '--json');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(message);
});
