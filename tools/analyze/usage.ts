import { parseArgs } from 'node:util';
import { ZONE_KINDS, type ZoneKind } from '../../services/domain/words.ts';

export const USAGE = `Usage: npm run -s analyze -- SOURCE [options]

Runs the looks, the gate, the models and the starting rules of Mingzao over your own footage, without a database.

SOURCE            a video file, an animated GIF, a folder of pictures (JPEG, PNG, WebP), one picture, or rtsp://…
  --json          print one JSON object on stdout and nothing else
  --instant       drop the minimum durations, for short clips: looks every 2 s, bursts of 5 frames over 1 s
  --interval S    seconds between looks (default 10; with --instant 2)
  --zone KIND     kitchen zone whose rules apply (default cooking): ${ZONE_KINDS.join(', ')};
                  masks are demanded in special_room and meal_preparation
  --duration S    stop after so many seconds of the source (a stream otherwise runs until Ctrl-C)
  --models DIR    folder of models (default: models/ of this repository)

A look judges one frame; only if that is suspicious the rest of its burst (5 frames over 6 s) is judged too. For
rodents, which only motion shows, every look takes 8 frames over 4 s as well; of a source of 10 s or less, up to 24 in all. A look whose
picture has not changed since the last one is counted as unchanged and costs no model. Each picture of a folder is a look of
its own, --interval apart, judged as with --instant. Times are seconds from the start of the source; boxes are [x1, y1, x2, y2]
in 0..1 of the picture; "frames" counts the frames that looks took, judged or unchanged.

Exit status: 0 done, 1 failed (one line says why), 2 wrong usage.
`;

export interface Options {
  source: string;
  json: boolean;
  instant: boolean;
  /** Seconds between looks. */
  intervalS: number;
  zone: ZoneKind;
  /** Seconds of the source to read; undefined = all. */
  durationS: number | undefined;
  modelsFolder: string | undefined;
}

/** The command line is wrong: exit status 2. */
export class UsageError extends Error {}

/** Reads the command line; `undefined` means that help was asked for. Throws UsageError naming the option. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [source, ...rest] = positionals;
  if (source === undefined) throw new UsageError('SOURCE is missing');
  if (rest.length > 0) throw new UsageError(`one SOURCE only, also got ${rest.join(' ')}`);
  const zone = ZONE_KINDS.find((kind) => kind === values.zone);
  if (zone === undefined) throw new UsageError(`--zone must be one of ${ZONE_KINDS.join(', ')}`);
  const instant = values.instant;
  return {
    source,
    json: values.json,
    instant,
    intervalS: seconds('--interval', values.interval) ?? (instant ? 2 : 10),
    zone,
    durationS: seconds('--duration', values.duration),
    modelsFolder: values.models,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        instant: { type: 'boolean', default: false },
        interval: { type: 'string' },
        zone: { type: 'string', default: 'cooking' },
        duration: { type: 'string' },
        models: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function seconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value >= 0.1 && value <= 86_400)) {
    throw new UsageError(`${option} must be seconds from 0.1 to 86400, is ${text}`);
  }
  return value;
}
