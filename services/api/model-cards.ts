/** What each installed model says of itself: model.yml, and the figures of its evaluation on held-out pictures. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface CardFigure {
  /** What was measured, e.g. no_hat_precision; the page has the words. */
  code: string;
  value: number;
  /** Pictures, heads or verdicts that it rests on; null where the evaluation does not say. */
  of: number | null;
}

export interface ModelCard {
  name: string;
  version: string;
  sha256: string;
  task: string;
  licence: string;
  /** Empty where the evaluation is missing or is of another file. */
  figures: CardFigure[];
}

/** Where the figures of a kind of model stand in its evaluation.json: code, value, what it rests on. */
type Path = readonly (string | number)[];
const FIGURES: Record<string, readonly [code: string, value: Path, of: Path][]> = {
  'head-attributes': [
    // A head of which nobody can tell counts as wrong when it gets a verdict.
    [
      'no_hat_precision',
      p('test.chefsAndPeople.hat.no_hat.precisionCountingThirdClassAsWrong'),
      p('test.chefsAndPeople.hat.no_hat.said'),
    ],
    [
      'no_hat_recall',
      p('test.chefsAndPeople.hat.no_hat.recall'),
      p('test.chefsAndPeople.hat.perClass.no_hat'),
    ],
    [
      'no_mask_precision',
      p('test.all.mask.no_mask.precisionCountingThirdClassAsWrong'),
      p('test.all.mask.no_mask.said'),
    ],
    ['no_mask_recall', p('test.all.mask.no_mask.recall'), p('test.all.mask.perClass.no_mask')],
  ],
  heads: [
    ['head_recall', p('row.helmets.from40.recall'), p('row.helmets.from40.heads')],
    ['head_precision', p('row.helmets.from40.precision'), p('row.helmets.from40.heads')],
    ['false_heads', p('row.background.falseHeadsPerPicture'), p('row.background.pictures')],
  ],
  rodent: [
    ['rodent_recall', p('test.photographs.recall'), p('test.photographs.rodents')],
    ['rodent_false', p('test.photographs.falsePositiveRate'), p('test.photographs.n')],
  ],
};

function p(path: string): Path {
  return path.split('.');
}

/** Folders without a model.yml, and files that are none, are passed over: the workers complain about those. */
export async function modelCards(folder: string): Promise<ModelCard[]> {
  const names = await readdir(folder).catch(() => []);
  const cards: ModelCard[] = [];
  for (const name of names.sort()) {
    const text = await readFile(join(folder, name, 'model.yml'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const model = record(parse(text));
    if (typeof model.name !== 'string') continue;
    const evaluation = await readFile(join(folder, name, 'evaluation.json'), 'utf8').catch(() => undefined);
    cards.push({
      name: model.name,
      version: String(model.version ?? ''),
      sha256: String(model.sha256 ?? ''),
      task: String(model.task ?? ''),
      licence: String(model.licence ?? ''),
      figures: evaluation === undefined ? [] : figuresOf(model, evaluation),
    });
  }
  return cards;
}

function figuresOf(model: Record<string, unknown>, text: string): CardFigure[] {
  const evaluation = json(text);
  // An evaluation of another file says nothing of this one.
  if (evaluation.sha256 !== undefined && evaluation.sha256 !== model.sha256) return [];
  const row = Array.isArray(evaluation.rows) ? rowOf(model, evaluation.rows) : undefined;
  const from = { ...evaluation, row };
  return (FIGURES[String(model.task)] ?? []).flatMap(([code, path, of]) => {
    const value = at(from, path);
    return typeof value === 'number' ? [{ code, value, of: number(at(from, of)) }] : [];
  });
}

/** Detectors are measured at several inputs: the row of the one that is used. */
function rowOf(model: Record<string, unknown>, rows: readonly unknown[]): unknown {
  const { width, height } = record(model.input);
  return rows
    .map(record)
    .find((row) => row.model === model.name && row.width === width && row.height === height);
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const at = (from: unknown, path: Path): unknown =>
  path.reduce<unknown>((there, key) => record(there)[key], from);

function json(text: string): Record<string, unknown> {
  try {
    return record(JSON.parse(text));
  } catch {
    return {};
  }
}
