import type { LookJudge } from '../../models/runtime/look-judge.ts';
import { openJudge } from '../../models/runtime/open-judge.ts';
import type { ViolationKind } from '../../services/domain/words.ts';
import { analyzeMoving, endedEarly } from '../analyze/analysis.ts';
import { progressBar } from '../analyze/progress.ts';
import { openSource } from '../analyze/sources.ts';
import type { Alarms, KindAlarms } from './alarm-figures.ts';
import { sumAsText, sumOf } from './alarm-sum.ts';
import type { AlarmOptions } from './alarm-usage.ts';

/** Runs `--task alarms` and returns its exit status. Throws with a one-line reason for a video that cannot be read. */
export async function runAlarms(options: AlarmOptions, modelsFolder: string): Promise<number> {
  const judge = await openJudge(modelsFolder);
  try {
    const all: Alarms[] = [];
    for (const video of options.videos) {
      const alarms = await alarmsOf(video, options, judge);
      all.push(alarms);
      process.stdout.write(options.json ? `${JSON.stringify(alarms)}\n` : asText(alarms));
    }
    if (all.length > 1) {
      const sum = sumOf(all, options.absent);
      process.stdout.write(options.json ? `${JSON.stringify(sum)}\n` : sumAsText(sum));
    }
    return 0;
  } finally {
    await judge.close();
  }
}

/** Findings of one video through looks and rules. */
export async function alarmsOf(
  video: string,
  { analyze, view }: Pick<AlarmOptions, 'analyze' | 'view'>,
  judge: LookJudge,
): Promise<Alarms> {
  const source = await openSource(video);
  if (source.kind !== 'moving') throw new Error(`not a video: ${video}`);
  const progress = progressBar();
  try {
    const stop = new AbortController().signal;
    const options = { ...analyze, source: video };
    const analysis = await analyzeMoving(source, judge, options, stop, progress.update, view);
    progress.clear();
    const early = endedEarly(analysis);
    if (early !== undefined) process.stderr.write(`eval: ${early}\n`);
    const hours = Math.max(analysis.durationS, 1) / 3600;
    const perHour = (count: number) => Math.round((count / hours) * 100) / 100;
    const kinds = analysis.rules.map(({ kind }): [ViolationKind, KindAlarms] => {
      const findings = analysis.findings.filter((finding) => finding.kind === kind);
      const looks = findings.reduce((sum, finding) => sum + finding.count, 0);
      const scores = analysis.detections.flatMap((one) =>
        one.kind === kind && one.verdict !== 'no' ? [one.score] : [],
      );
      return [
        kind,
        {
          findings: findings.length,
          findingsPerHour: perHour(findings.length),
          looks,
          looksPerHour: perHour(looks),
          bestScore: scores.length === 0 ? null : Math.max(...scores),
        },
      ];
    });
    return {
      task: 'alarms',
      video,
      durationS: analysis.durationS,
      ...(analysis.saidS === undefined ? {} : { saidS: analysis.saidS }),
      looks: analysis.looks,
      kinds: Object.fromEntries(kinds),
      findings: analysis.findings,
      models: analysis.models,
    };
  } finally {
    progress.clear();
    await source.close();
  }
}

function asText({ video, durationS, looks, kinds }: Alarms): string {
  const lines = Object.entries(kinds).map(
    ([kind, one]) =>
      `  ${kind.padEnd(8)} findings ${one.findings} (${one.findingsPerHour} an hour), confirmed looks ${one.looks}, best score ${one.bestScore ?? '–'}\n`,
  );
  return `${video}: ${durationS} s, ${looks} looks\n${lines.join('')}`;
}
