import { parseArgs } from 'node:util';
import { UsageError } from '../analyze/usage.ts';

export const TASKS = ['hat', 'mask', 'heads', 'rodent'] as const;
export type Task = (typeof TASKS)[number];

export const USAGE = `Usage: npm run -s eval -- --task hat|mask|heads|rodent --images DIR --labels labels.csv [options]
       npm run -s eval -- --task alarms --video FILE [--json] [options]

Measures the shipped models on labelled pictures, through the code that serves (same decoding, crops, thresholds).
labels.csv: file,x1,y1,x2,y2,label – pixels of the file as stored; file is relative to --images or to the folder of labels.csv. Columns
hat and mask in place of label are read by the task (models/training/labels). Spaces around a cell and capitals do not matter. Rows labelled
unsure, and labels that the task does not know, count neither way; labels that nobody knows are told on stderr. A picture that cannot
be read is left out, told on stderr and listed as "unreadable".

  --boxes given|detected   given: attributes of the labelled boxes; detected: boxes are found first, so that misses and false
                           boxes count. Default: hat and rodent given, mask and heads detected
  --faces, --no-faces      labelled boxes are faces, or heads. Default: faces for --task mask with a column label, as in masks/ of
                           data/README.md; else heads. Say --no-faces for what dataset:export wrote: its boxes are heads
  --incorrect mask|no_mask|ignore   how with_incorrect_mask counts (default ignore)
  --limit N                only the first N pictures
  --model own|aizoo|rfb    a peer for masks, with --weights FILE: AIZOO (aizoo_model360.onnx) or RFB (RFB-640-masked_face-v2.onnx)
  --models DIR             folder of models (default: models/ of this repository)
  --found FILE             every box that was found, one JSON object a picture and line: file, boxes [x1, y1, x2, y2 in 0..1 (of the
                           face where one is seen), worn, missing (what they are ranked by)]
  --out FILE               HTML report: figures, reliability plot, the worst 24 mistakes
  --json                   print one JSON object on stdout and nothing else

--task rodent: label rodent is positive, unsure is left out, any other label (none) is negative; a row without a box is judged as a whole picture.

--task alarms: findings per hour of a video through looks and rules, for all kinds (merged as the rules say, and as confirmed looks)
  --video FILE             a video, an animated GIF; hours are those of the pictures that were read, and a file that ends before it
                           says is told on stderr. May be given several times: then one object a line, and their sum in the last:
                           minutes watched, findings an hour, and the rate that so short a time still allows (95 %)
  --absent KIND            the videos show nothing of this kind: each finding of it is wrong; may be given several times
  --interval S             seconds between looks (default 10)
  --zone KIND              kitchen zone whose rules apply (default cooking)
  --metre X1,Y1,X2,Y2      a line of one metre on the floor, 0..1 of the picture (limits for rodents)
  --clock X1,Y1,X2,Y2      a clock drawn into the picture, left out of the motion

Positive = the rule is broken (no hat, no mask). precision = right among "yes"; recall = "yes" among positives outside
"uncertain"; recallAll counts uncertain and undetected ones as missed; uncertain = their share of judged heads. ap50 = average
precision at IoU 0.5 over all boxes from a score of 0.02, peers' too; for labelled faces, the face box that the model says is
measured (in fixed proportions of the head where it says none), and apInside counts a head that holds at least half of the face
instead. msPerImage = CPU milliseconds on one thread, decoding included, of what the task alone
costs: where masks alone are asked, a crop is taken only of heads whose face the detector is not sure of, as in serving.
Exit status: 0 done, 1 failed, 2 wrong usage.
`;

export interface EvalOptions {
  task: Task;
  images: string;
  labels: string;
  boxes: 'given' | 'detected';
  /** Whether labelled boxes are faces; undefined: as the labels suggest (facesOf). */
  faces: boolean | undefined;
  incorrect: 'mask' | 'no_mask' | 'ignore';
  limit: number;
  model: 'own' | 'aizoo' | 'rfb';
  weights: string | undefined;
  modelsFolder: string | undefined;
  found: string | undefined;
  out: string | undefined;
  json: boolean;
}

/** Reads the command line; `undefined` means that help was asked for. Throws UsageError naming the option. */
export function parseOptions(args: readonly string[]): EvalOptions | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  const task = choice('--task', values.task, TASKS);
  if (values.images === undefined) throw new UsageError('--images DIR is missing');
  if (values.labels === undefined) throw new UsageError('--labels FILE is missing');
  const model = choice('--model', values.model ?? 'own', ['own', 'aizoo', 'rfb'] as const);
  const usual = task === 'hat' || task === 'rodent' ? 'given' : 'detected';
  const boxes = choice('--boxes', values.boxes ?? usual, ['given', 'detected'] as const);
  const limit = Number(values.limit ?? Infinity);
  if (!(limit >= 1)) throw new UsageError(`--limit must be a number from 1, is ${values.limit}`);
  if (task === 'rodent' && boxes === 'detected') {
    throw new UsageError(
      '--task rodent judges given boxes: rodents are found by their motion (--task alarms)',
    );
  }
  if (task === 'heads' && boxes === 'given') throw new UsageError('--boxes given says nothing about heads');
  if (model !== 'own') {
    if (task !== 'mask') throw new UsageError(`--model ${model} knows masks only`);
    if (values.weights === undefined) throw new UsageError(`--model ${model} needs --weights FILE`);
    if (boxes === 'given') throw new UsageError(`--model ${model} finds its own boxes: --boxes detected`);
  }
  return {
    task,
    images: values.images,
    labels: values.labels,
    boxes,
    faces: values.faces,
    incorrect: choice('--incorrect', values.incorrect ?? 'ignore', ['mask', 'no_mask', 'ignore'] as const),
    limit,
    model,
    weights: values.weights,
    modelsFolder: values.models,
    found: values.found,
    out: values.out,
    json: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        task: { type: 'string' },
        images: { type: 'string' },
        labels: { type: 'string' },
        boxes: { type: 'string' },
        faces: { type: 'boolean' },
        incorrect: { type: 'string' },
        limit: { type: 'string' },
        model: { type: 'string' },
        weights: { type: 'string' },
        models: { type: 'string' },
        found: { type: 'string' },
        out: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function choice<T extends string>(option: string, value: string | undefined, choices: readonly T[]): T {
  const found = choices.find((one) => one === value);
  if (found === undefined) {
    throw new UsageError(`${option} must be ${choices.join(' or ')}${value ? `, is ${value}` : ''}`);
  }
  return found;
}
