import { join } from 'node:path';
import { openJudge } from '../../models/runtime/open-judge.ts';
import { type Analysis, analyzeMoving, analyzePictures, endedEarly } from './analysis.ts';
import { type Progress, progressBar } from './progress.ts';
import { openSource } from './sources.ts';
import { asText } from './text.ts';
import { type Options, parseOptions, USAGE, UsageError } from './usage.ts';

const MODELS_FOLDER = join(import.meta.dirname, '../../models');

/** Runs the command and returns its exit status. `stop` ends a stream early; what was seen until then is printed. */
export async function run(args: readonly string[], stop: AbortSignal): Promise<number> {
  const progress = progressBar();
  try {
    const options = parseOptions(args);
    if (options === undefined) {
      process.stdout.write(USAGE);
      return 0;
    }
    const analysis = await analyze(options, stop, progress);
    progress.clear();
    const early = endedEarly(analysis);
    if (early !== undefined) process.stderr.write(`analyze: ${early}\n`);
    process.stdout.write(options.json ? `${JSON.stringify(analysis)}\n` : asText(analysis));
    return 0;
  } catch (error) {
    progress.clear();
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    if (error instanceof UsageError) {
      process.stderr.write(`analyze: ${reason}\n\n${USAGE}`);
      return 2;
    }
    process.stderr.write(`analyze: ${reason}\n`);
    return 1;
  }
}

async function analyze(options: Options, stop: AbortSignal, progress: Progress): Promise<Analysis> {
  const source = await openSource(options.source);
  const judge = await openJudge(options.modelsFolder ?? MODELS_FOLDER);
  try {
    if (source.kind === 'pictures') {
      return await analyzePictures(source, judge, options, stop, progress.update);
    }
    stop.addEventListener('abort', () => void source.close(), { once: true }); // a silent stream never yields
    return await analyzeMoving(source, judge, options, stop, progress.update);
  } finally {
    await judge.close();
    if (source.kind === 'moving') await source.close();
  }
}
