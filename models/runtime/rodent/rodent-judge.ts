import { join } from 'node:path';
import { area } from '../../../services/domain/boxes.ts';
import type { Box, Detection, DetectionVerdict, FrameDetections } from '../../../services/domain/words.ts';
import type { HeadDetector } from '../heads.ts';
import { longerSidePx } from '../kitchen-judge.ts';
import type { CameraView, LookJudge, TimedFrame } from '../look-judge.ts';
import { type OpenEngine, openEngine } from '../open-engine.ts';
import { openRodentClassifier, type RodentClassifier } from './classifier.ts';
import { findMotion, type Motion, type MovingThing } from './motion.ts';
import { isNearPeople } from './people-near.ts';
import { type TrackCrop, wholeBoxes } from './track-crops.ts';

/** Crops of a track that are judged, spread over it. */
const MAX_CROPS = 12;
const WHOLE_PICTURE: Box = [0, 0, 1, 1];
/** Frames of a track that people are looked for in. */
const PEOPLE_FRAMES = 3;
/** More things than this at once are weather; the largest by what they covered in all are judged. */
const MAX_THINGS = 8;

/** Loads the judge of rodents: models/rodent. `heads` finds the people near whom nothing counts; it stays the caller's to close. */
export async function openRodentJudge(
  modelsFolder: string,
  heads: HeadDetector,
  open: OpenEngine = openEngine,
): Promise<LookJudge> {
  return rodentJudge(await openRodentClassifier(join(modelsFolder, 'rodent'), open), heads);
}

/**
 * 疑似有害生物: what moves as an animal does, looks like a rodent on the mean of its track, and is not at a person. `yes` means
 * suspected, never more. One detection a frame of every such track, all with the track's mean as score.
 */
export function rodentJudge(classifier: RodentClassifier, heads: Pick<HeadDetector, 'detect'>): LookJudge {
  return {
    kinds: ['rodent'],
    motionKinds: ['rodent'],
    models: [classifier.model],
    judgeFrame: async () => [],
    async judgeLook(frames: readonly TimedFrame[], view?: CameraView): Promise<FrameDetections[]> {
      const found: FrameDetections[] = frames.map(({ at }) => ({ at, detections: [] }));
      const motion = findMotion(frames, view);
      for (const thing of largestThings(motion.things)) {
        const score = await scoreOf(thing, frames, motion, classifier);
        const verdict = verdictOf(score, classifier.thresholds);
        if (verdict === 'no' || (await isAtPerson(thing, frames, heads))) continue;
        for (const { frame: index, box } of thing.places) {
          const frame = frames[index]?.frame;
          if (frame === undefined) continue;
          const detection: Detection = {
            kind: 'rodent',
            verdict,
            score,
            box,
            sizePx: longerSidePx(box, frame),
          };
          found[index]?.detections.push(detection);
        }
      }
      return found;
    },
    close: () => classifier.close(),
  };
}

/** What the classifier sees of a track: up to `count` of its places, evenly spread. */
export function cropsOf(
  { places }: MovingThing,
  frames: readonly TimedFrame[],
  { differences }: Motion,
  count: number,
): TrackCrop[] {
  const first = frames[places[0]?.frame ?? -1]?.frame;
  if (first === undefined) return [];
  const boxes = wholeBoxes(
    places.map(({ box }) => box),
    first.width,
    first.height,
  );
  const whole = places.map(({ frame }, i) => ({ index: frame, box: boxes[i] ?? WHOLE_PICTURE }));
  return spread(whole, count).flatMap(({ index, box }): TrackCrop[] => {
    const frame = frames[index]?.frame;
    const difference = differences.get(index);
    return frame === undefined ? [] : [{ frame, box, ...(difference === undefined ? {} : { difference }) }];
  });
}

/** Mean of the better half of the crops: in the others an animal is half outside, or only its tail moved. */
async function scoreOf(
  thing: MovingThing,
  frames: readonly TimedFrame[],
  motion: Motion,
  classifier: RodentClassifier,
): Promise<number> {
  const scores = await classifier.classify(cropsOf(thing, frames, motion, MAX_CROPS));
  return trackScore(scores);
}

/** Score of a track from those of its crops. */
export function trackScore(scores: readonly number[]): number {
  const better = scores.toSorted((a, b) => b - a).slice(0, Math.max(1, Math.ceil(scores.length / 2)));
  return better.reduce((sum, score) => sum + score, 0) / better.length;
}

function verdictOf(score: number, { yes, uncertain }: RodentClassifier['thresholds']): DetectionVerdict {
  if (score >= yes) return 'yes';
  return score >= uncertain ? 'uncertain' : 'no';
}

async function isAtPerson(
  { places }: MovingThing,
  frames: readonly TimedFrame[],
  heads: Pick<HeadDetector, 'detect'>,
): Promise<boolean> {
  for (const { frame: index, box } of spread(places, PEOPLE_FRAMES)) {
    const frame = frames[index]?.frame;
    if (frame !== undefined && isNearPeople(box, await heads.detect(frame))) return true;
  }
  return false;
}

/** The things that are judged: more at once than MAX_THINGS are weather. */
export function largestThings(things: readonly MovingThing[]): MovingThing[] {
  return things.toSorted((a, b) => covered(b) - covered(a)).slice(0, MAX_THINGS);
}

/** Area of all its boxes. */
function covered({ places }: MovingThing): number {
  return places.reduce((sum, { box }) => sum + area(box), 0);
}

/** At most `count` of the items, evenly spread, first and last among them. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))] as T,
  );
}
