import type { LookJudge } from '../../models/runtime/look-judge.ts';
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
  const frames = [await judged(first, judge)];
  if (!isSuspicious(frames[0]?.detections ?? [], rules)) {
    return { atMs: first.atMs, outcome: 'calm', frames, hits: [] };
  }
  const sources = [first];
  for (const offsetMs of pattern.burstMs.slice(1)) {
    const next = await feed.at(first.atMs + offsetMs);
    if (next === undefined) break;
    sources.push(next);
    frames.push(await judged(next, judge));
  }
  const moved = await judge.judgeLook?.(sources.map(({ atMs, frame }) => ({ at: new Date(atMs), frame })));
  moved?.forEach(({ detections }, i) => {
    frames[i]?.detections.push(...detections);
  });
  const hits = confirmedHits(frames, rules, pattern.instant);
  return { atMs: first.atMs, outcome: hits.length > 0 ? 'finding' : 'unconfirmed', frames, hits };
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
