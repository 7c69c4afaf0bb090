import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Box } from '../../services/domain/words.ts';
import type { EvalOptions } from './usage.ts';

/**
 * What a labelled box says for the task. `missing`: hat or mask is not worn, or a rodent is there (positive). `worn`: it is. `head`: a head, for the
 * detector. `ignore`: neither right nor wrong whatever the model says (unsure, badly worn masks, people without a head box).
 */
export type Truth = 'missing' | 'worn' | 'head' | 'ignore';

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

/** A picture without a rodent and without a box is judged as a whole: clipped to the picture. */
const WHOLE: Box = [0, 0, Infinity, Infinity];

const COLUMNS = ['x1', 'y1', 'x2', 'y2'] as const;

/** Labels of data/README.md by task. What is not listed is ignored. */
function truthOf(label: string, options: EvalOptions): Truth {
  if (options.task === 'heads') return label === 'person' || label === 'none' ? 'ignore' : 'head';
  if (options.task === 'rodent') return label === 'rodent' ? 'missing' : 'worn';
  if (options.task === 'hat') {
    if (label === 'no_hat' || label === 'head') return 'missing';
    return label === 'hat' || label === 'helmet' ? 'worn' : 'ignore';
  }
  if (label === 'no_mask' || label === 'without_mask') return 'missing';
  if (label === 'mask' || label === 'with_mask') return 'worn';
  if (label === 'with_incorrect_mask' && options.incorrect !== 'ignore') {
    return options.incorrect === 'mask' ? 'worn' : 'missing';
  }
  return 'ignore';
}

/**
 * Reads labels.csv, one entry a picture, in the file's order. A file with `hat` and `mask` columns instead of `label`
 * (models/training/labels) is read by the task's column. Throws with the line for a bad box, and for pictures that do not exist.
 */
export async function readLabels(options: EvalOptions): Promise<LabelledPicture[]> {
  const text = await readFile(options.labels, 'utf8').catch(() => {
    throw new Error(`no such labels: ${options.labels}`);
  });
  const records: Record<string, string>[] = parse(text, { columns: true, skip_empty_lines: true, bom: true });
  const pictures = new Map<string, LabelledPicture>();
  for (const [index, record] of records.entries()) {
    const file = record.file ?? '';
    const label = record.label ?? record[options.task] ?? '';
    const picture = pictures.get(file) ?? { file, path: pictureFile(file, options), boxes: [] };
    pictures.set(file, picture);
    const [x1, y1, x2, y2] = COLUMNS.map((column) => Number.parseFloat(record[column] ?? ''));
    if (options.task === 'rodent' && Number.isNaN(x1)) {
      picture.boxes.push({ pixels: WHOLE, truth: 'worn' });
      continue;
    }
    if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) continue;
    if (label === 'none' || (label === '' && Number.isNaN(x1))) continue; // a picture with nothing on it
    if (!(x2 > x1 && y2 > y1)) throw new Error(`${options.labels}: line ${index + 2}: not a box`);
    picture.boxes.push({ pixels: [x1, y1, x2, y2], truth: truthOf(label, options) });
  }
  if (pictures.size === 0) throw new Error(`${options.labels} holds no labels`);
  return [...pictures.values()].slice(0, options.limit);
}

function pictureFile(file: string, options: EvalOptions): string {
  const candidates = [join(options.images, file), join(dirname(options.labels), file)];
  candidates.push(join(options.images, file.slice(file.lastIndexOf('/') + 1)));
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no such picture: ${candidates[0]}`);
  return found;
}
