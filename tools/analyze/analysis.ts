import { basename } from 'node:path';
import type { CameraView, LookJudge } from '../../models/runtime/look-judge.ts';
import { COVERAGE_CODES, type CoverageKind, stronger, tally } from '../../services/domain/coverage.ts';
import { type Rule, rulesFor, STARTING_RULES } from '../../services/domain/rules.ts';
import {
  BURST_FRAMES,
  BURST_SPAN_S,
  burstOffsetsMs,
  MOTION_BURST_FRAMES,
  MOTION_BURST_SPAN_S,
} from '../../services/domain/schedule.ts';
import type {
  Box,
  Detection,
  DetectionVerdict,
  ModelRef,
  ViolationKind,
  ZoneKind,
} from '../../services/domain/words.ts';
import { type AnalyzedFinding, mergeFindings } from './findings.ts';
import { frameFeed, type SourceFrame } from './frame-feed.ts';
import { confirmedHits, judged, type LookPattern, type LookResult, takeLooks } from './looks.ts';
import { type MovingSource, type PicturesSource, readPicture } from './sources.ts';
import type { Options } from './usage.ts';

/** With --instant a burst must fit into a clip of a second or two. */
const INSTANT_SPAN_S = 1;
/** A source this short was recorded because something moved: all of it is one look for motion, of so many frames at most. */
const CLIP_S = 10;
const CLIP_FRAMES = 24;
/** A file whose pictures end before it says has ended early when more is missing: seconds, and share of what it says. */
const MISSING_S = 1;
const MISSING_SHARE = 0.01;

export interface AnalyzedDetection {
  /** Seconds from the start of the source. */
  at: number;
  kind: ViolationKind;
  verdict: DetectionVerdict;
  score: number;
  box: Box;
  sizePx: number;
  /** Name of the picture, for a folder. */
  file?: string;
}

/** What `analyze --json` prints. */
export interface Analysis {
  source: string;
  /** Seconds of pictures that were read; those of a folder count --interval each. */
  durationS: number;
  /** Seconds that the file says it lasts, where its pictures ended early. */
  saidS?: number;
  /** Frames that looks took, judged or unchanged. */
  frames: number;
  looks: number;
  /** One letter a minute (services/domain/coverage.ts), and how many minutes of each kind. */
  coverage: { minutes: string } & Partial<Record<CoverageKind, number>>;
  detections: AnalyzedDetection[];
  findings: AnalyzedFinding[];
  zone: ZoneKind;
  rules: readonly Rule[];
  models: readonly ModelRef[];
  /** Pictures of the folder that could not be read, with the reason. */
  unreadable?: string[];
}

/** Called as the source is read, with seconds done and seconds in all (undefined for a stream). */
export type OnProgress = (doneS: number, totalS: number | undefined) => void;

/** The starting rules in force in one zone. */
export function rulesInForce(zone: ZoneKind, judge: LookJudge): Rule[] {
  return rulesFor(STARTING_RULES, { regionPath: '', zoneKind: zone }, judge.kinds);
}

/** Runs looks over a video or stream until it ends, --duration is over or `stop` fires. */
export async function analyzeMoving(
  source: MovingSource,
  judge: LookJudge,
  options: Options,
  stop: AbortSignal,
  onProgress: OnProgress,
  view: CameraView = {},
): Promise<Analysis> {
  const rules = rulesInForce(options.zone, judge);
  const burstMs = burstOffsetsMs(BURST_FRAMES, options.instant ? INSTANT_SPAN_S : BURST_SPAN_S);
  const motionMs =
    (source.durationS ?? Infinity) <= CLIP_S
      ? burstOffsetsMs(CLIP_FRAMES, source.durationS)
      : burstOffsetsMs(MOTION_BURST_FRAMES, MOTION_BURST_SPAN_S);
  const pattern: LookPattern = {
    intervalMs: options.intervalS * 1000,
    burstMs,
    motionMs,
    view,
    instant: options.instant,
  };
  const totalS =
    source.durationS === undefined
      ? options.durationS
      : Math.min(source.durationS, options.durationS ?? source.durationS);
  let lastMs = 0;
  const everyMs = Math.min(pattern.intervalMs, burstMs[1] ?? 1000, motionMs[1] ?? 1000) / 2;
  const feed = frameFeed(
    until(source.frames(everyMs), options.durationS, stop, (atMs) => {
      lastMs = atMs;
      onProgress(atMs / 1000, totalS);
    }),
  );
  const looks: LookResult[] = [];
  for await (const look of takeLooks(feed, judge, rules, pattern)) looks.push(look);
  await feed.close();
  const readS = (stop.aborted ? undefined : source.readS()) ?? lastMs / 1000;
  const short = !stop.aborted && totalS !== undefined && totalS - readS > tolerance(totalS);
  return {
    ...summary(options, judge, rules, looks),
    durationS: round(Math.min(readS, options.durationS ?? readS)),
    ...(short && source.durationS !== undefined ? { saidS: round(source.durationS) } : {}),
  };
}

const tolerance = (totalS: number): number => Math.max(MISSING_S, totalS * MISSING_SHARE);

/** A line for a file that ended early, perhaps cut off: findings an hour count what was read. */
export function endedEarly({ source, durationS, saidS }: Analysis): string | undefined {
  if (saidS === undefined) return undefined;
  return `${source}: its pictures end after ${durationS} of ${saidS} s: the file is not whole, or its length is wrong`;
}

/** Judges every picture of a folder as a look of one frame. Throws when none of them can be read. */
export async function analyzePictures(
  source: PicturesSource,
  judge: LookJudge,
  options: Options,
  stop: AbortSignal,
  onProgress: OnProgress,
): Promise<Analysis> {
  const rules = rulesInForce(options.zone, judge);
  const looks: LookResult[] = [];
  const unreadable: string[] = [];
  const names = new Map<number, string>();
  for (const [index, file] of source.files.entries()) {
    if (stop.aborted) break;
    const atMs = index * options.intervalS * 1000;
    onProgress(atMs / 1000, source.files.length * options.intervalS);
    try {
      const frames = [await judged(await readPicture(file, atMs), judge)];
      const hits = confirmedHits(frames, rules, true);
      looks.push({ atMs, outcome: hits.length > 0 ? 'finding' : 'calm', frames, hits });
      names.set(atMs / 1000, basename(file));
    } catch (error) {
      unreadable.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (looks.length === 0 && unreadable[0] !== undefined) throw new Error(unreadable[0]);
  const analysis = summary(options, judge, rules, looks);
  return {
    ...analysis,
    durationS: round(source.files.length * options.intervalS),
    detections: analysis.detections.map((detection) => {
      const file = names.get(detection.at);
      return file === undefined ? detection : { ...detection, file };
    }),
    ...(unreadable.length > 0 ? { unreadable } : {}),
  };
}

function summary(
  options: Options,
  judge: LookJudge,
  rules: readonly Rule[],
  looks: readonly LookResult[],
): Omit<Analysis, 'durationS'> {
  return {
    source: options.source,
    frames: looks.reduce((sum, look) => sum + Math.max(1, look.frames.length), 0),
    looks: looks.length,
    coverage: coverageOf(looks),
    detections: looks.flatMap((look) =>
      look.frames.flatMap(({ at, detections }) => detections.map((detection) => shown(at, detection))),
    ),
    findings: mergeFindings(looks, rules),
    zone: options.zone,
    rules,
    models: judge.models,
  };
}

function coverageOf(looks: readonly LookResult[]): Analysis['coverage'] {
  const minutes: string[] = [];
  for (const look of looks) {
    const minute = Math.floor(look.atMs / 60_000);
    while (minutes.length <= minute) minutes.push(COVERAGE_CODES.unaccounted);
    const code = look.outcome === 'unchanged' ? COVERAGE_CODES.unchanged : COVERAGE_CODES.looked;
    minutes[minute] = stronger(minutes[minute] ?? COVERAGE_CODES.unaccounted, code);
  }
  const letters = minutes.join('');
  const counted = Object.entries(tally(letters)).filter(([, count]) => count > 0);
  return { minutes: letters, ...Object.fromEntries(counted) };
}

/** Passes frames on until `durationS` of them or until `stop` fires; tells `onFrame` how far it is. */
async function* until(
  frames: AsyncIterable<SourceFrame>,
  durationS: number | undefined,
  stop: AbortSignal,
  onFrame: (atMs: number) => void,
): AsyncGenerator<SourceFrame> {
  for await (const frame of frames) {
    if (stop.aborted || frame.atMs > (durationS ?? Infinity) * 1000) return;
    onFrame(frame.atMs);
    yield frame;
  }
}

/** For printing: seconds to the millisecond, scores and boxes to 1/10,000, sizes to 1/10 pixel. */
function shown(at: Date, { kind, verdict, score, box, sizePx }: Detection): AnalyzedDetection {
  const fine = (value: number) => Math.round(value * 10_000) / 10_000;
  const [x1, y1, x2, y2] = box;
  return {
    at: at.getTime() / 1000,
    kind,
    verdict,
    score: fine(score),
    box: [fine(x1), fine(y1), fine(x2), fine(y2)],
    sizePx: Math.round(sizePx * 10) / 10,
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
