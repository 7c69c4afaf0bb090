import type { ViolationKind } from '../../services/domain/words.ts';
import type { Alarms } from './alarm-figures.ts';
import { poissonUpper } from './poisson.ts';

/** What one kind came to over all videos. */
export interface KindSum {
  findings: number;
  /** Those that must be wrong, since the videos show nothing of the kind; null where nobody said so. */
  wrong: number | null;
  /** Of the wrong ones where they are known, else of all. */
  perHour: number;
  /** The rate that so few in this time still allow, one-sided, 95 % sure. */
  atMostPerHour: number;
}

/** What `eval --task alarms --json` prints in its last line. */
export interface AlarmSum {
  task: 'alarms';
  videos: number;
  minutes: number;
  looks: number;
  kinds: Partial<Record<ViolationKind, KindSum>>;
}

/**
 * All videos together.
 * @param absent kinds of which the videos show nothing: each finding of these is wrong
 */
export function sumOf(all: readonly Alarms[], absent: readonly ViolationKind[]): AlarmSum {
  const seconds = all.reduce((sum, { durationS }) => sum + durationS, 0);
  const hours = Math.max(seconds, 1) / 3600;
  const names = [...new Set(all.flatMap(({ kinds }) => Object.keys(kinds) as ViolationKind[]))];
  const kinds = names.map((kind): [ViolationKind, KindSum] => {
    const findings = all.reduce((sum, one) => sum + (one.kinds[kind]?.findings ?? 0), 0);
    const rounded = (count: number) => Math.round((count / hours) * 10) / 10;
    return [
      kind,
      {
        findings,
        wrong: absent.includes(kind) ? findings : null,
        perHour: rounded(findings),
        atMostPerHour: rounded(poissonUpper(findings)),
      },
    ];
  });
  return {
    task: 'alarms',
    videos: all.length,
    minutes: Math.round(seconds / 6) / 10,
    looks: all.reduce((sum, { looks }) => sum + looks, 0),
    kinds: Object.fromEntries(kinds),
  };
}

/** The same for people. */
export function sumAsText({ videos, minutes, looks, kinds }: AlarmSum): string {
  const lines = Object.entries(kinds).map(([kind, { findings, wrong, perHour, atMostPerHour }]) => {
    const which = wrong === null ? 'right or wrong' : `${wrong} wrong`;
    return `  ${kind.padEnd(8)} findings ${findings}, ${which}: ${perHour} an hour, at most ${atMostPerHour} with 95 % confidence\n`;
  });
  return `${videos} videos: ${minutes} minutes watched, ${looks} looks\n${lines.join('')}`;
}
