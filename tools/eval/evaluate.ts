import { readFile } from 'node:fs/promises';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { ModelRef } from '../../services/domain/words.ts';
import { decodePicture } from '../../services/media/picture.ts';
import { headOfFace } from './face-box.ts';
import type { LabelledPicture } from './labels.ts';
import { auc, calibrationError, f1, ratio, reliability } from './metrics.ts';
import type { Seen, Subject } from './subject.ts';
import { addDetected, addGiven, emptyTally, normalised, type Tally } from './tally.ts';
import type { EvalOptions, Task } from './usage.ts';

type ByClass = Record<string, number | null>;

/** What `eval --json` prints; meanings in usage.ts. null = cannot be said from these labels. */
export interface Evaluation {
  task: Task;
  model: string;
  boxes: 'given' | 'detected';
  pictures: number;
  /** Labelled heads: judged ones and missed positives (attributes), or found and missed ones (heads). */
  n: number;
  auc: number | null;
  precision: number | null;
  recall: number | null;
  recallAll: number | null;
  f1: number | null;
  uncertain: number | null;
  calibrationError: number | null;
  ap50: ByClass;
  ap50_24px: ByClass;
  ap50_40px: ByClass;
  apInside_24px?: ByClass;
  /** Heads only: share found of labelled heads of at least so many pixels. */
  recall_24px?: number | null;
  recall_40px?: number | null;
  msPerImage: number;
  models: readonly ModelRef[];
  /** Pictures that were left out since they could not be read, with the reason. */
  unreadable?: string[];
}

/** Options with what the labels said. */
export type Asked = EvalOptions & { faces: boolean };

/**
 * Runs the subject over all pictures. `onPicture` is told how many are done, and what was found in the last. A picture that cannot
 * be read is left out and told. Throws when none of them can.
 */
export async function evaluate(
  pictures: readonly LabelledPicture[],
  subject: Subject,
  options: Asked,
  onPicture: (done: number, picture: LabelledPicture, seen: readonly Seen[]) => void,
): Promise<{ evaluation: Evaluation; tally: Tally }> {
  const tally = emptyTally(options.task);
  const unreadable: string[] = [];
  let cpuUs = 0;
  for (const [index, picture] of pictures.entries()) {
    const opened = await open(picture);
    if (typeof opened === 'string') {
      unreadable.push(opened);
      continue;
    }
    const { frame, before } = opened;
    const size = { width: frame.originalWidth, height: frame.originalHeight };
    if (options.boxes === 'given' && subject.classify) {
      const boxes = picture.boxes.map(({ pixels }) => normalised(pixels, size));
      const seen = await subject.classify(frame, options.faces ? boxes.map(headOfFace) : boxes);
      cpuUs += spentUs(before);
      addGiven(tally, picture, picture.boxes, seen);
      onPicture(index + 1, picture, seen);
    } else {
      const { shipped, weaker } = await subject.detect(frame);
      cpuUs += spentUs(before);
      const seen = { shipped, weaker: await weaker() };
      addDetected(tally, picture, seen, size, subject, options);
      onPicture(index + 1, picture, [...seen.shipped, ...seen.weaker]);
    }
  }
  const read = pictures.length - unreadable.length;
  if (read === 0) throw new Error(unreadable[0] ?? 'no picture');
  const figures = options.task === 'heads' ? headFigures(tally) : attributeFigures(tally);
  const curve = (minPx: 0 | 24 | 40, which: 'iou' | 'inside' = 'iou'): ByClass =>
    options.boxes === 'given'
      ? {}
      : Object.fromEntries(
          Object.entries(tally.curves).map(([name, curves]) => [name, rounded(curves[which].ap(minPx))]),
        );
  const evaluation: Evaluation = {
    task: options.task,
    model: options.model,
    boxes: options.boxes,
    pictures: read,
    ...figures,
    ap50: curve(0),
    ap50_24px: curve(24),
    ap50_40px: curve(40),
    ...(options.faces && subject.boxes === 'head' ? { apInside_24px: curve(24, 'inside') } : {}),
    msPerImage: Math.round(cpuUs / 10 / read) / 100,
    models: subject.models,
    ...(unreadable.length > 0 ? { unreadable } : {}),
  };
  return { evaluation, tally };
}

/** The decoded picture with the CPU time before decoding, or why it cannot be read, with its name. */
async function open({
  file,
  path,
}: LabelledPicture): Promise<{ frame: RawFrame; before: NodeJS.CpuUsage } | string> {
  try {
    const bytes = await readFile(path);
    const before = process.cpuUsage();
    return { frame: await decodePicture(bytes), before };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return `${file}: ${reason}`;
  }
}

type Figures = Pick<
  Evaluation,
  'n' | 'auc' | 'precision' | 'recall' | 'recallAll' | 'f1' | 'uncertain' | 'calibrationError'
>;

function attributeFigures({ judged, missed, falseBoxes }: Tally): Figures {
  const saidYes = judged.filter((one) => one.verdict === 'yes');
  const right = saidYes.filter((one) => one.positive).length;
  const positives = judged.filter((one) => one.positive);
  const decided = positives.filter((one) => one.verdict !== 'uncertain').length;
  const precision = ratio(right, saidYes.length + falseBoxes);
  const recall = ratio(right, decided);
  return {
    n: judged.length + missed.length,
    auc: rounded(auc(judged)),
    precision: rounded(precision),
    recall: rounded(recall),
    recallAll: rounded(ratio(right, positives.length + missed.length)),
    f1: rounded(f1(precision, recall)),
    uncertain: rounded(ratio(judged.filter((one) => one.verdict === 'uncertain').length, judged.length)),
    calibrationError: rounded(calibrationError(reliability(judged))),
  };
}

function headFigures({ foundPx, missed, falseBoxes }: Tally): Figures & Partial<Evaluation> {
  const precision = ratio(foundPx.length, foundPx.length + falseBoxes);
  const from = (minPx: number) => {
    const found = foundPx.filter((px) => px >= minPx).length;
    return ratio(found, found + missed.filter((px) => px >= minPx).length);
  };
  return {
    n: foundPx.length + missed.length,
    auc: null,
    precision: rounded(precision),
    recall: rounded(from(0)),
    recallAll: rounded(from(0)),
    f1: rounded(f1(precision, from(0))),
    uncertain: null,
    calibrationError: null,
    recall_24px: rounded(from(24)),
    recall_40px: rounded(from(40)),
  };
}

function spentUs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10_000) / 10_000;
}
