/**
 * `node tools/eval/rodent-phases.ts VIDEO… [--step 0.5]`: the looks that a night watch would take (8 frames over 4 s), begun at every
 * possible moment of videos that show no rodent. A short video gives as much evidence about false suspicion as it can.
 */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { openJudge } from '../../models/runtime/open-judge.ts';
import { confirmLook } from '../../services/domain/confirm.ts';
import { burstOffsetsMs, MOTION_BURST_FRAMES, MOTION_BURST_SPAN_S } from '../../services/domain/schedule.ts';
import { rulesInForce } from '../analyze/analysis.ts';
import type { SourceFrame } from '../analyze/frame-feed.ts';
import { openSource } from '../analyze/sources.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { step: { type: 'string', default: '0.5' } },
});
const stepMs = Number(values.step) * 1000;
const offsets = burstOffsetsMs(MOTION_BURST_FRAMES, MOTION_BURST_SPAN_S);
const spanMs = offsets.at(-1) ?? 0;
const judge = await openJudge(`${import.meta.dirname}/../../models`);
const rules = rulesInForce('cooking', judge).filter(({ kind }) => kind === 'rodent');

let [looks, suspected, watchedS] = [0, 0, 0];
for (const video of positionals) {
  const found = await phasesOf(video);
  process.stdout.write(
    `${basename(video).padEnd(36)} ${found.looks} looks, ${found.suspected} suspected${found.at.length > 0 ? ` at ${found.at.join(', ')} s` : ''}, best score ${found.best.toFixed(3)}\n`,
  );
  looks += found.looks;
  suspected += found.suspected;
  watchedS += found.seconds;
}
process.stdout.write(`${suspected} of ${looks} looks suspected, over ${watchedS.toFixed(0)} s of video\n`);
await judge.close();

/** Every look that begins on a multiple of the step. Only the frames of one look are in memory at a time. */
async function phasesOf(video: string) {
  const source = await openSource(video);
  if (source.kind !== 'moving') throw new Error(`not a video: ${video}`);
  const found = { looks: 0, suspected: 0, at: [] as number[], best: 0, seconds: 0 };
  let held: SourceFrame[] = [];
  let beginMs = 0;
  for await (const frame of source.frames(100)) {
    held.push(frame);
    found.seconds = frame.atMs / 1000;
    while (frame.atMs >= beginMs + spanMs) {
      await look(held, beginMs, found);
      beginMs += stepMs;
      held = held.filter(({ atMs }) => atMs >= beginMs);
    }
  }
  await source.close();
  return found;
}

async function look(
  held: readonly SourceFrame[],
  beginMs: number,
  found: { looks: number; suspected: number; at: number[]; best: number },
): Promise<void> {
  const taken = offsets.flatMap((offset) => held.find(({ atMs }) => atMs >= beginMs + offset) ?? []);
  const frames = [...new Set(taken)].map(({ atMs, frame }) => ({ at: new Date(atMs), frame }));
  const seen = (await judge.judgeLook?.(frames)) ?? [];
  found.looks += 1;
  found.best = Math.max(
    found.best,
    ...seen.flatMap(({ detections }) => detections.map(({ score }) => score)),
  );
  if (rules.some((rule) => confirmLook(seen, rule).confirmed)) {
    found.suspected += 1;
    found.at.push(beginMs / 1000);
  }
}
