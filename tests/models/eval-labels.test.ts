/** How `eval` reads labels.csv: what a row says for a task, and how files of other people look. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { readLabels } from '../../tools/eval/labels.ts';
import { scratchFolder } from './scratch.ts';

type Options = Parameters<typeof readLabels>[0];

const HEADER = 'file,x1,y1,x2,y2,label';
let folder: string;

beforeEach(async () => {
  folder = await scratchFolder();
  await writeFile(join(folder, 'a.jpg'), '');
});

async function read(csv: string | Uint8Array, options: Partial<Options> = {}) {
  const labels = join(folder, 'labels.csv');
  await writeFile(labels, csv);
  return await readLabels({
    task: 'hat',
    images: folder,
    labels,
    boxes: 'given',
    incorrect: 'ignore',
    limit: Infinity,
    ...options,
  });
}

const truths = async (csv: string | Uint8Array, options: Partial<Options> = {}): Promise<string[]> =>
  (await read(csv, options)).pictures.flatMap(({ boxes }) => boxes.map(({ truth }) => truth));

test.each([
  ['rodent', '1,1,9,9', 'missing', 1],
  ['rodent', ',,,', 'missing', Infinity],
  ['none', ',,,', 'worn', Infinity],
  ['none', '1,1,9,9', 'worn', 1],
  ['other', '1,1,9,9', 'worn', 1],
  ['other', ',,,', 'worn', Infinity],
  ['', ',,,', 'worn', Infinity],
  ['unsure', '1,1,9,9', 'ignore', 1],
  ['unsure', ',,,', 'ignore', Infinity],
  ['', '1,1,9,9', 'ignore', 1],
])('rodents: %s with the box %s is %s', async (label, box, truth, whole) => {
  const csv = `${HEADER}\na.jpg,${box},${label}\na.jpg,2,2,8,8,rodent\n`;
  const [first] = (await read(csv, { task: 'rodent' })).pictures[0]?.boxes ?? [];
  expect(first?.truth).toBe(truth);
  expect(first?.pixels[2] === Infinity).toBe(whole === Infinity);
});

test('a dismissed box of another task is no box', async () => {
  expect(await truths(`${HEADER}\na.jpg,1,1,9,9,none\na.jpg,1,1,9,9,hat\n`)).toEqual(['worn']);
});

test.each([
  ['spaces', 'file, x1, y1, x2, y2, label\na.jpg , 1, 1, 9, 9, no_hat\na.jpg, 1, 1, 9, 9, hat \n'],
  ['CRLF', `${HEADER}\r\na.jpg,1,1,9,9,no_hat\r\na.jpg,1,1,9,9,hat\r\n`],
  ['CRLF after LF', `${HEADER}\na.jpg,1,1,9,9,no_hat\r\na.jpg,1,1,9,9,hat\r\n`],
  ['LF after CRLF', `${HEADER}\r\na.jpg,1,1,9,9,no_hat\na.jpg,1,1,9,9,hat\n`],
  ['a byte order mark', `\uFEFF${HEADER}\na.jpg,1,1,9,9,no_hat\na.jpg,1,1,9,9,hat\n`],
  ['capitals', 'File,X1,Y1,X2,Y2,Label\na.jpg,1,1,9,9,NO_HAT\na.jpg,1,1,9,9,Hat\n'],
  ['quotes', `"file","x1","y1","x2","y2","label"\n"a.jpg","1","1","9","9"," no_hat"\n"a.jpg",1,1,9,9,hat\n`],
  ['empty rows', `${HEADER}\n\na.jpg,1,1,9,9,no_hat\n,,,,,\na.jpg,1,1,9,9,hat\n,,,,,\n`],
])('%s do not matter', async (_, csv) => {
  expect(await truths(csv)).toEqual(['missing', 'worn']);
});

test('Chinese names and those with capital endings, in subfolders; also as Excel saves them', async () => {
  await mkdir(join(folder, '后厨/夜'), { recursive: true });
  await writeFile(join(folder, '后厨/夜/灶台 1.JPG'), '');
  const path = join(folder, '后厨/夜/灶台 1.JPG');
  const csv = (name: string) => `${HEADER}\n${name},1,1,9,9,hat\n`;
  for (const name of ['后厨/夜/灶台 1.JPG', '后厨\\夜\\灶台 1.JPG', path]) {
    expect((await read(csv(name))).pictures[0]?.path).toBe(path);
  }
  // 中.jpg in GB 18030
  await writeFile(join(folder, '中.jpg'), '');
  const bytes = Buffer.from(csv('?.jpg'));
  const at = bytes.indexOf('?');
  const gbk = Buffer.concat([bytes.subarray(0, at), Buffer.from([0xd6, 0xd0]), bytes.subarray(at + 1)]);
  expect((await read(gbk)).pictures[0]?.file).toBe('中.jpg');
});

test('--images may be absolute or relative, with a slash at its end, and may be the folder above', async () => {
  await mkdir(join(folder, 'images'));
  await writeFile(join(folder, 'images/b.jpg'), '');
  const images = [
    folder,
    `${folder}/`,
    relative('.', folder),
    `${relative('.', folder)}/`,
    join(folder, 'images'),
  ];
  for (const one of images) {
    expect(await truths(`${HEADER}\nimages/b.jpg,1,1,9,9,hat\n`, { images: one })).toEqual(['worn']);
  }
});

test.each([
  ['a column that is missing', 'file,x1,y1,x2,label\na.jpg,1,1,9,hat\n', /labels\.csv has no column y2: /],
  [
    'other words for columns',
    'name,xmin,ymin,xmax,ymax,class\n',
    /has no column file, x1, y1, x2, y2, label: .*is name,xmin/,
  ],
  ['no rows', `${HEADER}\n`, /labels\.csv holds no labels/],
  ['nothing at all', '', /labels\.csv is empty/],
  ['a row too short', `${HEADER}\na.jpg,1,1,9,hat\n`, /labels\.csv: .*line 2/],
  ['half a box', `${HEADER}\n\na.jpg,1,1,9,,hat\n`, /labels\.csv: line 3: not a box: 1,1,9,/],
  ['a box inside out', `${HEADER}\na.jpg,9,1,1,9,hat\n`, /line 2: not a box/],
  ['a label without its box', `${HEADER}\na.jpg,,,,,hat\n`, /line 2: hat without a box/],
  ['a row without a file', `${HEADER}\n,1,1,9,9,hat\n`, /line 2 names no file/],
  ['no such picture', `${HEADER}\nb.jpg,1,1,9,9,hat\n`, /no such picture: \/.*b\.jpg/],
  [
    'only labels of another task',
    `${HEADER}\na.jpg,1,1,9,9,rodent\na.jpg,1,1,9,9,unsure\n`,
    /found: rodent 1, unsure 1/,
  ],
  [
    'only doubt',
    `${HEADER}\na.jpg,1,1,9,9,unsure\n`,
    /no label tells anything for --task hat .*found: unsure 1/,
  ],
])('%s is said', async (_, csv, message) => {
  await expect(read(csv)).rejects.toThrow(message);
});

test('pictures on which nothing is labelled tell what is found wrongly, but nothing of given boxes', async () => {
  const csv = `${HEADER}\na.jpg,,,,,none\n`;
  expect(await truths(csv, { task: 'heads', boxes: 'detected' })).toEqual([]);
  await expect(read(csv)).rejects.toThrow(/found: none 1/);
});

test('columns hat and mask are read by the task; rodents have none', async () => {
  const csv = 'file,x1,y1,x2,y2,hat,mask\na.jpg,1,1,9,9,no_hat,\na.jpg,1,1,9,9,,mask\n';
  expect(await truths(csv)).toEqual(['missing', 'ignore']);
  expect(await truths(csv, { task: 'mask' })).toEqual(['ignore', 'worn']);
  expect(await truths(csv, { task: 'heads', boxes: 'detected' })).toEqual(['head', 'head']);
  await expect(read(csv, { task: 'rodent' })).rejects.toThrow(/has no column label/);
});

test('labels that nobody knows are told, with how they count', async () => {
  const csv = `${HEADER}\na.jpg,1,1,9,9,rodent\na.jpg,1,1,9,9,Rat\na.jpg,1,1,9,9,unsure\n`;
  expect((await read(csv, { task: 'rodent' })).notes).toEqual([
    'labels that are not known, counted as no rodent: rat 1',
  ]);
});
