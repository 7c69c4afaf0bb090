import { parseArgs } from 'node:util';
import type { CameraView } from '../../models/runtime/look-judge.ts';
import {
  type Box,
  isViolationKind,
  VIOLATION_KINDS,
  type ViolationKind,
} from '../../services/domain/words.ts';
import { type Options, parseOptions, UsageError } from '../analyze/usage.ts';

/** `--task alarms`: which videos, looked at how. */
export interface AlarmOptions {
  videos: string[];
  analyze: Options;
  view: CameraView;
  /** Kinds of which the videos are known to show nothing. */
  absent: ViolationKind[];
  json: boolean;
  modelsFolder: string | undefined;
}

/** Reads the command line; `undefined` when it asks for another task. Throws UsageError naming the option. */
export function parseAlarmOptions(args: readonly string[]): AlarmOptions | undefined {
  const at = args.indexOf('--task');
  if (!args.includes('--task=alarms') && !(at >= 0 && args[at + 1] === 'alarms')) return undefined;
  const { video = [], ...values } = parse(args);
  const [first] = video;
  if (first === undefined) throw new UsageError('--video FILE is missing');
  const analyze = parseOptions([
    first,
    '--interval',
    values.interval ?? '10',
    '--zone',
    values.zone ?? 'cooking',
    ...(values.instant ? ['--instant'] : []),
  ]);
  if (analyze === undefined) throw new UsageError('--video FILE is missing');
  const clock = values.clock?.map((text) => four('--clock', text));
  const [x1, y1, x2, y2] = values.metre === undefined ? [] : four('--metre', values.metre);
  const drawn = x1 !== undefined && y1 !== undefined && x2 !== undefined && y2 !== undefined;
  return {
    videos: video,
    analyze,
    view: {
      ...(clock === undefined ? {} : { timestampAreas: clock }),
      ...(drawn ? { metreLine: [[x1, y1] as const, [x2, y2] as const] as const } : {}),
    },
    absent: (values.absent ?? []).map((kind) => {
      if (isViolationKind(kind)) return kind;
      throw new UsageError(`--absent must be ${VIOLATION_KINDS.join(', ')}, is ${kind}`);
    }),
    json: values.json ?? false,
    modelsFolder: values.models,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        task: { type: 'string' },
        video: { type: 'string', multiple: true },
        interval: { type: 'string' },
        zone: { type: 'string' },
        instant: { type: 'boolean' },
        metre: { type: 'string' },
        clock: { type: 'string', multiple: true },
        absent: { type: 'string', multiple: true },
        models: { type: 'string' },
        json: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function four(option: string, text: string): Box {
  const [x1, y1, x2, y2, ...rest] = text.split(',').map(Number);
  const good = (value: number | undefined): value is number =>
    value !== undefined && value >= 0 && value <= 1;
  if (!good(x1) || !good(y1) || !good(x2) || !good(y2) || rest.length > 0) {
    throw new UsageError(`${option} must be four numbers from 0 to 1 joined by commas, is ${text}`);
  }
  return [x1, y1, x2, y2];
}
