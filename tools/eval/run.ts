import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { progressBar } from '../analyze/progress.ts';
import { UsageError } from '../analyze/usage.ts';
import { openAizoo } from './aizoo.ts';
import { parseAlarmOptions } from './alarm-usage.ts';
import { runAlarms } from './alarms.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { facesOf, type LabelledPicture, readLabels } from './labels.ts';
import { htmlReport } from './report.ts';
import { openRfb } from './rfb.ts';
import { openRodent } from './rodent-subject.ts';
import { openOwn, type Seen, type Subject } from './subject.ts';
import { type EvalOptions, parseOptions, USAGE } from './usage.ts';

const MODELS_FOLDER = join(import.meta.dirname, '../../models');

/** Runs the command and returns its exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const progress = progressBar('pictures');
  try {
    const alarms = parseAlarmOptions(args);
    if (alarms !== undefined) return await runAlarms(alarms, alarms.modelsFolder ?? MODELS_FOLDER);
    const options = parseOptions(args);
    if (options === undefined) {
      process.stdout.write(USAGE);
      return 0;
    }
    const labels = await readLabels(options);
    const { pictures } = labels;
    for (const note of labels.notes) process.stderr.write(`eval: ${note}\n`);
    const asked = { ...options, faces: facesOf(options, labels) };
    const subject = await openSubject(options);
    const found: string[] = [];
    const { evaluation, tally } = await evaluate(pictures, subject, asked, (done, picture, seen) => {
      progress.update(done, pictures.length);
      if (options.found !== undefined) found.push(asLine(picture, seen, subject));
    }).finally(() => subject.close());
    progress.clear();
    for (const reason of evaluation.unreadable ?? []) {
      process.stderr.write(`eval: left out, could not be read: ${reason}\n`);
    }
    if (options.found !== undefined) await writeFile(options.found, found.join(''));
    if (options.out !== undefined) await writeFile(options.out, await htmlReport(evaluation, tally));
    process.stdout.write(options.json ? `${JSON.stringify(evaluation)}\n` : asText(evaluation));
    return 0;
  } catch (error) {
    progress.clear();
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    process.stderr.write(`eval: ${reason}\n${error instanceof UsageError ? `\n${USAGE}` : ''}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function openSubject(options: EvalOptions): Promise<Subject> {
  if (options.model === 'aizoo') return openAizoo(options.weights ?? '');
  if (options.model === 'rfb') return openRfb(options.weights ?? '');
  const folder = options.modelsFolder ?? MODELS_FOLDER;
  return options.task === 'rodent' ? openRodent(folder) : openOwn(folder, options.task);
}

function asLine({ file }: LabelledPicture, seen: readonly Seen[], subject: Subject): string {
  const boxes = seen.map((one) =>
    [...(one.face?.box ?? one.box), subject.rank(one, 'worn'), subject.rank(one, 'missing')].map((value) =>
      Number(value.toFixed(5)),
    ),
  );
  return `${JSON.stringify({ file, boxes })}\n`;
}

function asText(evaluation: Evaluation): string {
  const lines = Object.entries(evaluation).map(([name, value]) => {
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '–');
    return `${name.padEnd(18)}${text}`;
  });
  return `${lines.join('\n')}\n`;
}
