import { parseArgs } from 'node:util';
import { VIOLATION_KINDS, type ViolationKind } from '../../services/domain/words.ts';

export const USAGE = `Usage: npm run dataset:export -- --out DIR [options]

Writes frames and crops of findings that people confirmed or dismissed, as a training set.

  --out DIR        a folder that is new or empty
  --from DATE      verdicts from this time on, like 2026-11-01 or 2026-11-01T08:00:00+08:00
  --to DATE        verdicts before this time
  --kind KIND      ${VIOLATION_KINDS.join(', ')}; all unless told

DIR/frames/        whole frames as they were received, with labels.csv (file,x1,y1,x2,y2,label; pixels of the file)
DIR/crops/         each box with its surroundings, with its own labels.csv
DIR/manifest.jsonl one line a frame: file, sha256, finding, kind, verdict, reason, models

Labels: no_hat, hat; without_mask, with_mask; rodent; none (dismissed as a false detection); unsure (the verdict does not tell).
Boxes are heads (rodents: the animal's), as the detector found them; masks are measured by npm run -s eval -- --task mask --no-faces.
Names of files come from the pictures' SHA-256: nobody's name is in them. The pictures show people: keep them as such.

Database and objects: DATABASE_URL and OBJECT_STORE_URL, else those of a standalone that runs on MINGZAO_DATA_DIR.
Exit status: 0 done, 1 failed (one line says why), 2 wrong usage.
`;

export interface Options {
  out: string;
  from: Date | undefined;
  to: Date | undefined;
  kind: ViolationKind | undefined;
}

/** The command line is wrong: exit status 2. */
export class UsageError extends Error {}

const FLAGS = {
  out: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  kind: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads the command line; `undefined` means that help was asked for. @throws UsageError */
export function readOptions(args: string[]): Options | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  if (!values.out) throw new UsageError('--out is needed');
  const kind = VIOLATION_KINDS.find((known) => known === values.kind);
  if (values.kind !== undefined && kind === undefined) {
    throw new UsageError(`--kind must be one of ${VIOLATION_KINDS.join(', ')}`);
  }
  const [from, to] = [time('--from', values.from), time('--to', values.to)];
  if (from !== undefined && to !== undefined && from >= to)
    throw new UsageError('--from must be before --to');
  return { out: values.out, from, to, kind };
}

function time(flag: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(at.getTime())) {
    throw new UsageError(`${flag} must be a time like 2026-11-01 or 2026-11-01T08:00:00+08:00`);
  }
  return at;
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS });
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0] ?? 'wrong usage');
  }
}
