import type { Box } from '../../services/domain/words.ts';
import { Curve } from './curves.ts';
import { faceOfHead } from './face-box.ts';
import type { LabelledBox, LabelledPicture } from './labels.ts';
import { BY_FACE_INSIDE, BY_IOU, type Fate, matchBoxes } from './matching.ts';
import type { Judgement } from './metrics.ts';
import type { Seen, Subject } from './subject.ts';
import type { Truth } from './truth.ts';
import type { EvalOptions } from './usage.ts';

/** A judged head that can be shown again. */
export interface JudgedHead extends Judgement {
  path: string;
  /** In 0..1 of the picture. */
  box: Box;
}

/** Everything that was counted over the pictures. */
export interface Tally {
  judged: JudgedHead[];
  /** Labelled heads that no box was found for, by longer side in pixels. Attributes: only positives. */
  missed: number[];
  /** Labelled heads that were found, by longer side in pixels (heads). */
  foundPx: number[];
  /** Found boxes (attributes: with verdict yes) where nothing is labelled. */
  falseBoxes: number;
  /** By class name; `inside` for labelled faces only. */
  curves: Record<string, { iou: Curve; inside: Curve }>;
}

interface Size {
  width: number;
  height: number;
}

/** Class names in the report, by what a label says. */
const CLASSES: Record<EvalOptions['task'], Partial<Record<Truth, string>>> = {
  hat: { missing: 'no_hat', worn: 'hat' },
  mask: { missing: 'no_mask', worn: 'mask' },
  heads: { head: 'head' },
  rodent: {},
};

export function emptyTally(task: EvalOptions['task']): Tally {
  const curves = Object.values(CLASSES[task]).map((name) => [
    name,
    { iou: new Curve(BY_IOU), inside: new Curve(BY_FACE_INSIDE) },
  ]);
  return { judged: [], missed: [], foundPx: [], falseBoxes: 0, curves: Object.fromEntries(curves) };
}

/** Adds heads whose boxes were given: `seen` answers `labelled`, one to one. */
export function addGiven(
  tally: Tally,
  picture: LabelledPicture,
  labelled: readonly LabelledBox[],
  seen: readonly Seen[],
): void {
  labelled.forEach(({ truth }, i) => {
    const one = seen[i];
    if (one === undefined || truth === 'ignore') return;
    tally.judged.push(judgement(one, truth, picture.path));
  });
}

/** Adds a picture whose boxes were found by the subject. `size` is that of the file. */
export function addDetected(
  tally: Tally,
  picture: LabelledPicture,
  seen: { shipped: readonly Seen[]; weaker: readonly Seen[] },
  size: Size,
  subject: Subject,
  options: EvalOptions,
): void {
  const truths = picture.boxes.map(({ pixels, truth }) => ({
    box: normalised(pixels, size),
    sizePx: Math.max(pixels[2] - pixels[0], pixels[3] - pixels[1]),
    truth,
  }));
  const headsOnFaces = options.faces && subject.boxes === 'head';
  for (const [truth, name] of Object.entries(CLASSES[options.task])) {
    const found = [...seen.shipped, ...seen.weaker].map((one) => ({
      ...one,
      sizePx: longerSide(one.box, size),
      rank: subject.rank(one, truth === 'head' ? 'head' : truth === 'worn' ? 'worn' : 'missing'),
    }));
    const classTruths = truths.map((one) => ({
      ...one,
      ofClass: one.truth === truth,
      ignored: one.truth === 'ignore',
    }));
    const faces = found.map((one) => {
      const box = faceBox(one);
      return { ...one, box, sizePx: longerSide(box, size) };
    });
    tally.curves[name]?.iou.add({ truths: classTruths, found: headsOnFaces ? faces : found });
    if (headsOnFaces) tally.curves[name]?.inside.add({ truths: classTruths, found });
  }

  const shipped = seen.shipped.toSorted((a, b) => b.found - a.found);
  const saysFaces = [...shipped, ...seen.weaker].some(({ face }) => face !== undefined);
  const fates = matchBoxes(
    shipped.map((one) => ({ box: headsOnFaces && saysFaces ? faceBox(one) : one.box, tooSmall: false })),
    truths.map(({ box, truth }) => ({ box, counts: truth !== 'ignore' })),
    headsOnFaces && !saysFaces ? BY_FACE_INSIDE : BY_IOU,
  );
  const found = new Set<Fate>(fates);
  fates.forEach((fate, i) => {
    const one = shipped[i];
    if (one === undefined || fate === 'ignored') return;
    if (fate === 'false_box') {
      if (options.task === 'heads' || one.verdict === 'yes') tally.falseBoxes += 1;
      return;
    }
    const truth = truths[fate]?.truth;
    if (truth === 'missing' || truth === 'worn') tally.judged.push(judgement(one, truth, picture.path));
    if (truth === 'head') tally.foundPx.push(truths[fate]?.sizePx ?? 0);
  });
  truths.forEach(({ truth, sizePx }, i) => {
    if ((truth === 'missing' || truth === 'head') && !found.has(i)) tally.missed.push(sizePx);
  });
}

/** The face in a head: as the model says, else in fixed proportions. */
function faceBox({ box, face }: Seen): Box {
  return face?.box ?? faceOfHead(box);
}

function longerSide(box: Box, size: Size): number {
  return Math.max((box[2] - box[0]) * size.width, (box[3] - box[1]) * size.height);
}

/** A box in pixels of the file as 0..1 of it. */
export function normalised(pixels: Box, size: Size): Box {
  return [
    pixels[0] / size.width,
    pixels[1] / size.height,
    Math.min(1, pixels[2] / size.width),
    Math.min(1, pixels[3] / size.height),
  ];
}

function judgement(seen: Seen, truth: Truth, path: string): JudgedHead {
  return { positive: truth === 'missing', score: seen.missing, verdict: seen.verdict, path, box: seen.box };
}
