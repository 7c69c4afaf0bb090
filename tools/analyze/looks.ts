import type { CameraView, LookJudge } from '../../models/runtime/look-judge.ts';
import { confirmLook, isSuspicious } from '../../services/domain/confirm.ts';
import { gate, maskOf } from '../../services/domain/gate.ts';
import type { Rule } from '../../services/domain/rules.ts';
import type { FrameDetections, ViolationKind } from '../../services/domain/words.ts';
import { lumaOfFrame } from '../../services/media/luma.ts';
import type { FrameFeed, SourceFrame } from './frame-feed.ts';

/** When frames are taken. Milliseconds. */
export interface LookPattern {
  intervalMs: number;
  /** Offsets of a burst's frames from its first, rising from 0. */
  burstMs: readonly number[];
  /** The same for what only motion shows; used when a rule asks for such a kind. */
  motionMs?: readonly number[];
  /** What is known of the camera. */
  view?: CameraView;
  /** No minimum durations (confirmLook, `instant`). */
  instant: boolean;
}

/** A rule that a look confirmed. `frames` are the frames that show it. */
export interface LookHit {
  kind: ViolationKind;
  score: number;
  frames: FrameDetections[];
}

/** What one look came to. `unchanged` looks were stopped by the gate and hold no detections. */
export interface LookResult {
  atMs: number;
  outcome: 'unchanged' | 'calm' | 'unconfirmed' | 'finding';
  /** Frames that were judged, in time order. */
  frames: FrameDetections[];
  hits: LookHit[];
}

/**
 * Takes looks from a feed until it ends: gate, first frame alone, the burst only if that is suspicious, then the rules
 * (design.md, "The way of a frame"). Looks do not overlap: one that falls due in a burst waits for its end.
 */
export async function* takeLooks(
  feed: FrameFeed,
  judge: LookJudge,
  rules: readonly Rule[],
  pattern: LookPattern,
): AsyncGenerator<LookResult> {
  const unmasked = maskOf([]);
  let judgedLuma: Uint8Array | undefined;
  let dueMs = 0;
  for (let first = await feed.at(dueMs); first !== undefined; first = await feed.at(dueMs)) {
    const luma = lumaOfFrame(first.frame);
    let endMs = first.atMs;
    if (gate(judgedLuma, luma, unmasked).verdict === 'unchanged') {
      yield { atMs: first.atMs, outcome: 'unchanged', frames: [], hits: [] };
    } else {
      judgedLuma = luma;
      const look = await takeLook(first, feed, judge, rules, pattern);
      endMs = look.frames.at(-1)?.at.getTime() ?? endMs;
      yield look;
    }
    while (dueMs <= endMs) dueMs += pattern.intervalMs;
  }
}

async function takeLook(
  first: SourceFrame,
  feed: FrameFeed,
  judge: LookJudge,
  rules: readonly Rule[],
  pattern: LookPattern,
): Promise<LookResult> {
  const moving = rules.filter((rule) => judge.motionKinds?.includes(rule.kind));
  const still = rules.filter((rule) => !moving.includes(rule));
  const judgedFrames = [await judged(first, judge)];
  const suspicious = isSuspicious(judgedFrames[0]?.detections ?? [], still);
  const burstMs = suspicious ? pattern.burstMs.slice(1) : [];
  const motionMs = moving.length > 0 ? (pattern.motionMs ?? []).slice(1) : [];
  const stillSources = [first];
  const motionSources = [first];
  for (const offsetMs of [...new Set([...burstMs, ...motionMs])].sort((a, b) => a - b)) {
    const next = await feed.at(first.atMs + offsetMs);
    if (next === undefined) break;
    const lateMs = next.atMs - first.atMs - offsetMs;
    const belongs = (offsets: readonly number[], taken: readonly SourceFrame[]): boolean =>
      offsets.includes(offsetMs) && lateMs <= stepOf(offsets) && !taken.some((one) => sameFrame(one, next));
    if (belongs(burstMs, stillSources)) {
      stillSources.push(next);
      judgedFrames.push(await judged(next, judge));
    }
    if (belongs(motionMs, motionSources)) motionSources.push(next);
  }
  const timed = motionSources.map(({ atMs, frame }) => ({ at: new Date(atMs), frame }));
  const moved = moving.length > 0 ? ((await judge.judgeLook?.(timed, pattern.view)) ?? []) : [];
  const hits = [
    ...confirmedHits(judgedFrames, still, pattern.instant),
    ...confirmedHits(moved, moving, pattern.instant),
  ];
  const suspected = suspicious || moved.some(({ detections }) => detections.length > 0);
  const outcome = hits.length > 0 ? 'finding' : suspected ? 'unconfirmed' : 'calm';
  return { atMs: first.atMs, outcome, frames: together(judgedFrames, moved), hits };
}

/**
 * How late a burst's frame may be: up to the next one's time. Where the source has no picture for an offset, none is taken, and a
 * gap in the source ends its burst.
 */
function stepOf(offsets: readonly number[]): number {
  return offsets[0] ?? 0; // the first one's, 0, is not among them
}

/** One picture counts once, as in service (judge-look.ts), however often a source of few frames gives it. */
function sameFrame(one: SourceFrame, other: SourceFrame): boolean {
  return one === other || Buffer.compare(one.frame.data, other.frame.data) === 0;
}

/** Frames that either saw, in time order, each once. */
function together(
  judgedFrames: readonly FrameDetections[],
  moved: readonly FrameDetections[],
): FrameDetections[] {
  const byTime = new Map<number, FrameDetections>();
  for (const { at, detections } of [...judgedFrames, ...moved]) {
    const known = byTime.get(at.getTime());
    byTime.set(at.getTime(), { at, detections: [...(known?.detections ?? []), ...detections] });
  }
  return [...byTime.values()].sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** One frame through the judge. The time of a source's frame counts from the epoch: a file has no date. */
export async function judged(source: SourceFrame, judge: LookJudge): Promise<FrameDetections> {
  return { at: new Date(source.atMs), detections: await judge.judgeFrame(source.frame) };
}

/** The rules that these frames of one look confirm. */
export function confirmedHits(
  frames: readonly FrameDetections[],
  rules: readonly Rule[],
  instant: boolean,
): LookHit[] {
  return rules.flatMap((rule) => {
    const confirmation = confirmLook(frames, rule, undefined, instant);
    if (!confirmation.confirmed) return [];
    const shown = confirmation.frames.flatMap((index) => frames[index] ?? []);
    return [{ kind: rule.kind, score: confirmation.score, frames: shown }];
  });
}
