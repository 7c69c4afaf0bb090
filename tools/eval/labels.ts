import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { textOfBytes } from '../../services/domain/text-bytes.ts';
import type { Box } from '../../services/domain/words.ts';
import { listed, strangeLabels, TOLD_BY, type Truth, truthOf } from './truth.ts';
import type { EvalOptions } from './usage.ts';

/** One labelled box; pixels of the file as stored. */
export interface LabelledBox {
  pixels: Box;
  truth: Truth;
}

export interface LabelledPicture {
  /** As labels.csv names it. */
  file: string;
  path: string;
  boxes: LabelledBox[];
}

export interface Labels {
  /** In the file's order. */
  pictures: LabelledPicture[];
  /** Whether the labels stand in columns `hat` and `mask`, as in models/training/labels: their boxes are heads. */
  byAttribute: boolean;
  /** What the reader of the figures should know of the labels, a line each. */
  notes: string[];
}

type Asked = Pick<EvalOptions, 'task' | 'images' | 'labels' | 'boxes' | 'incorrect' | 'limit'>;

interface Row {
  line: number;
  file: string;
  label: string;
  /** undefined: a row without a box. */
  pixels: Box | undefined;
}

/** A row of rodents without a box is judged as a whole picture: clipped to it. */
const WHOLE: Box = [0, 0, Infinity, Infinity];

const COLUMNS = ['x1', 'y1', 'x2', 'y2'] as const;

/**
 * Reads labels.csv. A file with `hat` and `mask` columns instead of `label` (models/training/labels) is read by the task's column.
 * Throws, naming the file, for a missing column, for a row that is no box (with its line), for pictures that do not exist, and
 * where no row tells anything for the task.
 */
export async function readLabels(options: Asked): Promise<Labels> {
  const { rows, byAttribute } = parseRows(await textOf(options.labels), options);
  const pictures = new Map<string, LabelledPicture>();
  for (const { file, label, pixels } of rows) {
    const picture = pictures.get(file) ?? { file, path: pictureFile(file, options), boxes: [] };
    pictures.set(file, picture);
    if (options.task === 'rodent') {
      const said = pixels === undefined && label === '' ? 'none' : label;
      picture.boxes.push({ pixels: pixels ?? WHOLE, truth: truthOf(said, options) });
    } else if (pixels !== undefined && label !== 'none') {
      picture.boxes.push({ pixels, truth: truthOf(label, options) });
    }
  }
  const found = new Map<string, number>();
  for (const { label } of rows) found.set(label, (found.get(label) ?? 0) + 1);
  checkTelling(rows, [...pictures.values()], found, options);
  const strange = strangeLabels(found, options);
  return {
    pictures: [...pictures.values()].slice(0, options.limit),
    byAttribute,
    notes: strange === undefined ? [] : [strange],
  };
}

/** Whether the labelled boxes are faces: as told, else as the labels suggest. Peers' and ours are compared on labelled faces. */
export function facesOf({ task, faces }: Pick<EvalOptions, 'task' | 'faces'>, labels: Labels): boolean {
  return faces ?? (task === 'mask' && !labels.byAttribute);
}

async function textOf(labels: string): Promise<string> {
  const bytes = await readFile(labels).catch(() => {
    throw new Error(`no such labels: ${labels}`);
  });
  return textOfBytes(bytes);
}

function parseRows(text: string, { labels, task }: Asked): { rows: Row[]; byAttribute: boolean } {
  const records = recordsOf(text, labels);
  const [header, ...rest] = records;
  if (header === undefined) throw new Error(`${labels} is empty`);
  const names = header.cells.map((name) => name.toLowerCase());
  const byAttribute =
    task !== 'rodent' && !names.includes('label') && (names.includes('hat') || names.includes('mask'));
  const attribute = task === 'hat' || task === 'mask' ? task : undefined;
  const needed = ['file', ...COLUMNS, ...(byAttribute ? [attribute ?? []] : ['label'])].flat();
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new Error(
      `${labels} has no column ${missing.join(', ')}: its first line must be file,x1,y1,x2,y2,label, is ${header.cells.join()}`,
    );
  }
  if (rest.length === 0) throw new Error(`${labels} holds no labels`);
  const labelColumn = byAttribute ? attribute : 'label';
  const rows = rest.map(({ cells, line }): Row => {
    const cell = (name: string | undefined) => cells[names.indexOf(name ?? '')] ?? '';
    const file = cell('file');
    if (file === '') throw new Error(`${labels}: line ${line} names no file`);
    const label = cell(labelColumn).toLowerCase();
    const pixels = boxOf(COLUMNS.map(cell), `${labels}: line ${line}`);
    const nothing = label === '' || label === 'none' || task === 'rodent';
    if (pixels === undefined && !nothing) throw new Error(`${labels}: line ${line}: ${label} without a box`);
    return { line, file, label, pixels };
  });
  return { rows, byAttribute };
}

/** Trimmed cells, with the line of the file that each record ends on. */
function recordsOf(text: string, labels: string): { cells: string[]; line: number }[] {
  try {
    const parsed = parse(text, {
      bom: true,
      info: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return parsed.map(({ record, info }) => ({ cells: record.map((cell) => cell.trim()), line: info.lines }));
  } catch (error) {
    throw new Error(`${labels}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Four empty cells are no box. */
function boxOf(cells: readonly string[], where: string): Box | undefined {
  if (cells.every((cell) => cell === '')) return undefined;
  const [x1 = Number.NaN, y1 = Number.NaN, x2 = Number.NaN, y2 = Number.NaN] = cells.map((cell) =>
    cell === '' ? Number.NaN : Number(cell),
  );
  if (!(x2 > x1 && y2 > y1)) throw new Error(`${where}: not a box: ${cells.join()}`);
  return [x1, y1, x2, y2];
}

/** Figures over nothing would look like figures. A picture on which nothing is labelled tells what is found wrongly. */
function checkTelling(
  rows: readonly Row[],
  pictures: readonly LabelledPicture[],
  found: ReadonlyMap<string, number>,
  { labels, task, boxes }: Asked,
): void {
  if (pictures.some((picture) => picture.boxes.some(({ truth }) => truth !== 'ignore'))) return;
  const empty = rows.some(({ label, pixels }) => label === 'none' || (label === '' && pixels === undefined));
  if (boxes === 'detected' && empty) return;
  throw new Error(
    `${labels}: no label tells anything for --task ${task} (${TOLD_BY[task]}); found: ${listed(found)}`,
  );
}

/** A path as Windows writes it is read too. */
function pictureFile(file: string, options: Asked): string {
  const path = file.replaceAll('\\', '/');
  const candidates = [file, path].flatMap((name) => [
    ...(isAbsolute(name) ? [name] : []),
    join(options.images, name),
    join(dirname(options.labels), name),
  ]);
  candidates.push(join(options.images, path.slice(path.lastIndexOf('/') + 1)));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) throw new Error(`no such picture: ${resolve(options.images, file)}`);
  return found;
}
