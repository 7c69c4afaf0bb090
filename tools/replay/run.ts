import { readConfig } from '../../services/config/config.ts';
import { BURST_FRAMES, BURST_SPAN_S } from '../../services/domain/schedule.ts';
import { progressBar } from '../analyze/progress.ts';
import { playPictures } from './pictures.ts';
import { refusedSince } from './refused.ts';
import { connectSender } from './sender.ts';
import { findTarget } from './target.ts';
import { readOptions, USAGE, UsageError } from './usage.ts';

/** Runs the command; returns the exit status. Says what it sends on stderr, and one line of result on stdout. */
export async function run(args: string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    const options = readOptions(args);
    if (options === undefined) {
      process.stdout.write(USAGE);
      return 0;
    }
    const target = await findTarget(options, readConfig(env));
    const sender = await connectSender(target, options.looks);
    say(`playing ${options.source} as ${target.prefix}/${options.looks ? 'look' : 'frame'}/${target.camera}`);
    const everyMs = options.looks ? (BURST_SPAN_S * 1000) / (BURST_FRAMES - 1) : 1000 / options.fps;
    const progress = progressBar();
    const since = new Date();
    try {
      for await (const { jpeg, atS, durationS } of playPictures(
        options.source,
        everyMs,
        options.loop,
        signal,
      )) {
        await sender.send(jpeg, new Date());
        progress.update(atS, options.loop ? undefined : durationS);
      }
    } finally {
      progress.clear();
      await sender.close();
    }
    for (const line of await refusedSince(target, since)) say(line);
    const looks = options.looks ? ` in ${sender.looks} looks` : '';
    process.stdout.write(`sent ${sender.frames} pictures${looks} of ${target.camera}\n`);
    return 0;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    if (!(error instanceof UsageError)) return 1;
    say('See npm run replay -- --help');
    return 2;
  }
}
