import type { EvalOptions } from './usage.ts';

/**
 * What a labelled box says for the task. `missing`: hat or mask is not worn, or a rodent is there (positive). `worn`: it is. `head`: a head, for the
 * detector. `ignore`: neither right nor wrong whatever the model says (unsure, badly worn masks, people without a head box).
 */
export type Truth = 'missing' | 'worn' | 'head' | 'ignore';

type Asked = Pick<EvalOptions, 'task' | 'incorrect'>;

/** Labels of data/README.md, models/training/labels and dataset:export, whichever task they are for. */
const OURS = new Set(
  [
    ['hat', 'no_hat', 'helmet', 'head', 'person'],
    ['mask', 'no_mask', 'not_visible', 'with_mask', 'without_mask', 'with_incorrect_mask'],
    ['rodent', 'none', 'unsure', ''],
  ].flat(),
);

/** What each task tells right from wrong by, for the message when nothing of it is there. */
export const TOLD_BY: Record<EvalOptions['task'], string> = {
  hat: 'hat, helmet; no_hat, head',
  mask: 'mask, with_mask; no_mask, without_mask',
  heads: 'hat, no_hat, head, helmet, …',
  rodent: 'rodent; none, or any other',
};

/** What a label (trimmed, lower case) says. What the task does not know is ignored. */
export function truthOf(label: string, { task, incorrect }: Asked): Truth {
  if (task === 'heads') return ['person', 'none', 'rodent'].includes(label) ? 'ignore' : 'head';
  if (task === 'rodent') {
    if (label === 'rodent') return 'missing';
    return label === 'unsure' || label === '' ? 'ignore' : 'worn';
  }
  if (task === 'hat') {
    if (label === 'no_hat' || label === 'head') return 'missing';
    return label === 'hat' || label === 'helmet' ? 'worn' : 'ignore';
  }
  if (label === 'no_mask' || label === 'without_mask') return 'missing';
  if (label === 'mask' || label === 'with_mask') return 'worn';
  if (label === 'with_incorrect_mask' && incorrect !== 'ignore') {
    return incorrect === 'mask' ? 'worn' : 'missing';
  }
  return 'ignore';
}

/** One line on labels that the project has no word for, and how they were counted: perhaps a slip of the pen. */
export function strangeLabels(found: ReadonlyMap<string, number>, { task }: Asked): string | undefined {
  const strange = [...found].filter(([label]) => !OURS.has(label));
  if (strange.length === 0) return undefined;
  const as = { hat: 'ignored', mask: 'ignored', heads: 'counted as heads', rodent: 'counted as no rodent' };
  return `labels that are not known, ${as[task]}: ${listed(strange)}`;
}

/** `cat 3, insect 14`. */
export function listed(found: Iterable<readonly [string, number]>): string {
  return [...found].map(([label, n]) => `${label || '(empty)'} ${n}`).join(', ');
}
