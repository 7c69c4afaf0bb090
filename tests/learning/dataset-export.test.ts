/** Confirmed and dismissed findings as a training set. */
import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../services/evidence/keys.ts';
import { labelOf, labelsOf } from '../../tools/dataset-export/labels.ts';
import { readLabels } from '../../tools/eval/labels.ts';
import { useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';
import { scratchFolder } from '../models/scratch.ts';
import { addJudged } from './judged.ts';

const ROOT = join(import.meta.dirname, '../..');
const DAY = 86_400_000;
const api = useApi();
let world: World;

/** A grey picture with one bright square where the head is. */
const picture = async (shade: number): Promise<Buffer> =>
  sharp({ create: { width: 640, height: 360, channels: 3, background: { r: shade, g: shade, b: shade } } })
    .composite([
      {
        input: { create: { width: 64, height: 72, channels: 3, background: { r: 255, g: 255, b: 255 } } },
        left: 320,
        top: 90,
      },
    ])
    .jpeg()
    .toBuffer();
const HEAD = [0.5, 0.25, 0.6, 0.45] as const;

/** Runs the command as an operator would. */
async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { databaseUrl, folder } = api();
  const env = { ...process.env, DATABASE_URL: databaseUrl, OBJECT_STORE_URL: pathToFileURL(folder).href };
  const command = [join(ROOT, 'tools/dataset-export/main.ts'), ...args];
  return await promisify(execFile)(process.execPath, command, { env }).then(
    (done) => ({ code: 0, ...done }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

const csv = async (file: string): Promise<string[]> =>
  (await readFile(file, 'utf8')).trim().split('\n').slice(1).sort();
const sorted = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();
const nameOf = (bytes: Buffer): string => sha256(bytes).slice(0, 24);

beforeAll(async () => {
  world = await addWorld(api());
  const { context, clock } = api();
  const ago = (days: number): Date => new Date(clock.now().getTime() - days * DAY);
  const add = async (shade: number, days: number, verdict: Parameters<typeof addJudged>[2]['verdict']) =>
    await addJudged(context, world.eastCamera, {
      at: ago(days),
      box: HEAD,
      verdict,
      frame: await picture(shade),
    });
  await add(20, 1, 'confirmed');
  await add(60, 2, 'wearing_it');
  await add(100, 3, 'not_a_person');
  await add(140, 4, 'not_staff');
  await add(180, 5, 'duplicate');
  await add(200, 6, undefined);
  await add(60, 40, 'wearing_it');
});

describe('export', () => {
  test('frames and crops, each once, with labels that the evaluation reads', async () => {
    const out = join(await scratchFolder(), 'set');
    const done = await run('--out', out, '--from', '2026-10-01');
    expect(done).toMatchObject({
      code: 0,
      stdout: `4 frames, 4 crops (hat 1, no_hat 1, none 1, unsure 1) in ${out}\n`,
      stderr: '',
    });
    const shades = await Promise.all([20, 60, 100, 140].map(picture));
    const names = shades.map(nameOf);
    expect(await sorted(join(out, 'frames'))).toEqual(
      [...names.map((name) => `${name}.jpg`), 'labels.csv'].sort(),
    );
    const labels = ['no_hat', 'hat', 'none', 'unsure'];
    expect(await csv(join(out, 'frames/labels.csv'))).toEqual(
      names.map((name, i) => `${name}.jpg,320,90,384,162,${labels[i]}`).sort(),
    );
    expect(await csv(join(out, 'crops/labels.csv'))).toEqual(
      names.map((name, i) => `${name}-320-90-384-162.jpg,32,36,96,108,${labels[i]}`).sort(),
    );
    // The frame is the very file that was received; the crop shows the head in its middle.
    expect(await readFile(join(out, 'frames', `${names[0]}.jpg`))).toEqual(shades[0]);
    const crop = sharp(join(out, 'crops', `${names[0]}-320-90-384-162.jpg`));
    expect(await crop.metadata()).toMatchObject({ width: 128, height: 144 });
    const head = await crop.extract({ left: 40, top: 44, width: 48, height: 56 }).toBuffer();
    expect((await sharp(head).stats()).channels[0]?.mean).toBeGreaterThan(240);

    const read = await readLabels({
      task: 'hat',
      images: join(out, 'frames'),
      labels: join(out, 'frames/labels.csv'),
    } as Parameters<typeof readLabels>[0]);
    expect(read.pictures.flatMap(({ boxes }) => boxes.map(({ truth }) => truth)).sort()).toEqual([
      'ignore',
      'missing',
      'worn',
    ]);
  });

  test('the manifest says where each came from; no name of a merchant or camera anywhere', async () => {
    const out = join(await scratchFolder(), 'set');
    await run('--out', out);
    const text = await readFile(join(out, 'manifest.jsonl'), 'utf8');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const confirmed = lines.filter(({ verdict }) => verdict === 'confirmed');
    const bytes = await picture(20);
    expect(confirmed[0]).toMatchObject({
      file: `${nameOf(bytes)}.jpg`,
      sha256: sha256(bytes),
      kind: 'no_hat',
      reason: 'violation',
      models: [{ name: 'heads', version: '2.0.0' }, { name: 'head-attributes' }],
    });
    const everything = [text, ...(await readdir(out, { recursive: true }))].join('\n');
    for (const name of ['em-cam', 'merchant em', 'em-box', world.eastCamera])
      expect(everything).not.toContain(name);
  });

  test('only what was asked for', async () => {
    const parent = await scratchFolder();
    const old = await run('--out', join(parent, 'old'), '--from', '2026-09-01', '--to', '2026-11-01');
    expect(old.stdout).toMatch(/^1 frames, 1 crops \(hat 1\)/);
    const masks = await run('--out', join(parent, 'masks'), '--kind', 'no_mask');
    expect(masks.stdout).toMatch(/^0 frames, 0 crops \(none\)/);
  });

  test('a picture that was altered or is gone is left out and told', async () => {
    const { context } = api();
    const id = await addJudged(context, world.westCamera, {
      at: new Date('2026-08-01T04:00:00Z'),
      box: HEAD,
      verdict: 'confirmed',
      frame: await picture(90),
    });
    const rows = await context.db
      .selectFrom('evidence')
      .select('object_key')
      .where('finding_id', '=', id)
      .orderBy('captured_at')
      .execute();
    // Behind the store's back: it keeps the evidence of a case that is open.
    const [altered, gone] = rows.map((row) => join(api().folder, row.object_key));
    await rm(altered ?? '');
    await writeFile(altered ?? '', await picture(91));
    await rm(gone ?? '');
    const done = await run('--out', join(await scratchFolder(), 'set'), '--to', '2026-09-01');
    expect(done.stdout).toMatch(/^1 frames, 1 crops/);
    expect(done.stderr).toMatch(
      /1 pictures are not kept any more\n1 pictures are not what their SHA-256 says/,
    );
  });

  test('the same picture with two verdicts is there once, and unsure', async () => {
    const frame = await picture(30);
    for (const verdict of ['confirmed', 'wearing_it'] as const) {
      const at = new Date(`2026-07-0${verdict === 'confirmed' ? 1 : 2}T04:00:00Z`);
      await addJudged(api().context, world.westCamera, { at, box: HEAD, verdict, frame });
    }
    const out = join(await scratchFolder(), 'set');
    const done = await run('--out', out, '--to', '2026-07-15');
    expect(done.stdout).toMatch(/^1 frames, 1 crops \(unsure 1\)/);
    expect(await csv(join(out, 'frames/labels.csv'))).toHaveLength(1);
  });

  test('wrong usage is said, and nothing is written over', async () => {
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringMatching(/--out is needed/) });
    expect(await run('--out', 'x', '--kind', 'cat')).toMatchObject({ code: 2 });
    expect(await run('--out', 'x', '--from', 'yesterday')).toMatchObject({ code: 2 });
    const folder = await scratchFolder();
    await writeFile(join(folder, 'mine.txt'), 'mine');
    expect(await run('--out', folder)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/is not empty/),
    });
    expect(await readdir(folder)).toEqual(['mine.txt']);
  });
});

describe('labels', () => {
  const rule = { kind: 'no_hat', minScore: 0.5, minSizePx: 40 } as Parameters<typeof labelOf>[0]['rule'];
  test.each([
    ['no_hat', 'confirmed', 'violation', 'no_hat'],
    ['no_hat', 'dismissed', 'wearing_it', 'hat'],
    ['no_mask', 'confirmed', 'violation', 'without_mask'],
    ['no_mask', 'dismissed', 'wearing_it', 'with_mask'],
    ['rodent', 'confirmed', 'violation', 'rodent'],
    ['rodent', 'dismissed', 'not_a_person', 'none'],
    ['no_mask', 'dismissed', 'unclear_picture', 'unsure'],
    ['no_hat', 'dismissed', 'not_working', 'unsure'],
    ['no_hat', 'dismissed', 'other', 'unsure'],
  ] as const)('%s %s %s → %s', (kind, state, reason, label) => {
    expect(labelOf({ kind, state, reason, rule })).toBe(label);
  });

  test('a box that is too small for the rule gets no label: the finding does not rest on it', () => {
    const at = (sizePx: number, score: number) =>
      ({ kind: 'no_hat', verdict: 'yes', score, box: [0, 0, sizePx / 640, 0.1], sizePx }) as const;
    const verdict = { kind: 'no_hat', state: 'confirmed', reason: 'violation', rule } as const;
    const large = at(60, 0.6);
    expect(labelsOf(verdict, [at(39, 0.9), large])).toEqual([{ box: large.box, label: 'no_hat' }]);
    expect(labelsOf(verdict, [at(39, 0.9)])).toEqual([]);
  });

  test('of several boxes a confirmed finding vouches for the surest only, a dismissed one for all', () => {
    const at = (score: number, x: number) =>
      ({ kind: 'no_hat', verdict: 'yes', score, box: [x, 0, x + 0.1, 0.1], sizePx: 60 }) as const;
    const seen = [
      at(0.6, 0.1),
      at(0.9, 0.4),
      at(0.3, 0.7),
      { ...at(0.99, 0.8), verdict: 'uncertain' as const },
    ];
    const labels = (state: 'confirmed' | 'dismissed', reason: string) =>
      labelsOf({ kind: 'no_hat', state, reason, rule }, seen).map(({ label }) => label);
    expect(labels('confirmed', 'violation')).toEqual(['no_hat', 'unsure']);
    expect(labels('dismissed', 'wearing_it')).toEqual(['hat', 'hat']);
  });
});
