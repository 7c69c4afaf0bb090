import { join } from 'node:path';
import type { FoundFace } from '../../models/runtime/found-faces.ts';
import { type Face, openHeadAttributes } from '../../models/runtime/head-attributes.ts';
import { openHeadDetector, type People } from '../../models/runtime/heads.ts';
import { judgeHeads } from '../../models/runtime/kitchen-heads.ts';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { Box, DetectionVerdict, ModelRef, ViolationKind } from '../../services/domain/words.ts';
import { headOfFace } from './face-box.ts';

/** One box that the model under test found, with what it says of the task's attribute (probabilities 0..1). */
export interface Seen {
  box: Box;
  /** The face in a head's box, where a model says it. */
  face?: Face | FoundFace;
  /** The detector's own score of the box. */
  found: number;
  missing: number;
  worn: number;
  verdict: DetectionVerdict;
}

/** What was found in one picture. */
export interface Found {
  /** Boxes that the shipped configuration uses: what serving would have done, and what is timed. */
  shipped: Seen[];
  /** Weaker boxes, for the curve of an average precision. */
  weaker(): Promise<Seen[]>;
}

/** A model under test: ours or a peer. */
export interface Subject {
  readonly models: readonly ModelRef[];
  /** Whether its boxes are heads; a peer's are faces. */
  readonly boxes: 'head' | 'face';
  detect(frame: RawFrame): Promise<Found>;
  /** How sure it is that a box is of a class: what boxes are ranked by in an average precision. */
  rank(seen: Seen, wanted: 'head' | 'missing' | 'worn'): number;
  /** The attribute of given head boxes. Absent in peers that find their own. */
  classify?(frame: RawFrame, heads: readonly Box[]): Promise<Seen[]>;
  close(): Promise<void>;
}

/** Boxes weaker than this are not worth a rank in an average precision. */
export const WEAKEST = 0.02;

/** Our serving code: detector and attributes, for one attribute. `heads` needs no attributes and does not load them. */
export async function openOwn(modelsFolder: string, task: 'hat' | 'mask' | 'heads'): Promise<Subject> {
  const lowest = { minHeadScore: WEAKEST, minFaceScore: WEAKEST };
  const heads = await openHeadDetector(join(modelsFolder, 'heads'), lowest);
  const attributes =
    task === 'heads' ? undefined : await openHeadAttributes(join(modelsFolder, 'head-attributes'));
  const kinds: ViolationKind[] = [task === 'hat' ? 'no_hat' : 'no_mask'];
  const judge = async (frame: RawFrame, people: Pick<People, 'heads' | 'faces'>): Promise<Seen[]> => {
    if (attributes === undefined)
      return people.heads.map((head) => ({ ...head, ...UNASKED, found: head.score }));
    const judged = await judgeHeads(frame, people, kinds, heads, attributes);
    return judged.map(({ box, score, face, hat, mask }) => ({
      box,
      found: score,
      ...((task === 'hat' ? hat : mask) ?? UNASKED),
      ...(face === undefined ? {} : { face }),
    }));
  };
  return {
    models: attributes === undefined ? [heads.model] : [heads.model, attributes.model],
    boxes: 'head',
    async detect(frame) {
      const found = await heads.detect(frame);
      const [strong, weak] = parted(found.heads, heads.minHeadScore);
      if (task !== 'mask' || found.faces === undefined) {
        return {
          shipped: await judge(frame, { heads: strong }),
          weaker: () => judge(frame, { heads: weak }),
        };
      }
      const [faces, weakFaces] = parted(found.faces, heads.minFaceScore);
      const shipped = await judge(frame, { heads: strong, faces });
      const taken = new Set(shipped.map(({ face }) => face));
      const alone = [...faces.filter((face) => !taken.has(face)), ...weakFaces];
      return { shipped, weaker: async () => alone.map(faceAlone) };
    },
    classify: (frame, boxes) => judge(frame, { heads: boxes.map((box) => ({ box, score: 1 })) }),
    rank(one, wanted) {
      if (wanted === 'head') return one.found;
      return task === 'mask' ? rankOfMask(one, one[wanted]) : one.found * one[wanted];
    },
    async close() {
      await heads.close();
      await attributes?.close();
    },
  };
}

const UNASKED = { missing: 0, worn: 0, verdict: 'uncertain' } as const;

/** Those of at least the score, and the others. */
function parted<T extends { score: number }>(all: readonly T[], least: number): [T[], T[]] {
  return [all.filter(({ score }) => score >= least), all.filter(({ score }) => score < least)];
}

/** A face without a head: serving says nothing of it, a curve counts it by its own score. */
function faceAlone(face: FoundFace): Seen {
  const both = face.masked + face.bare;
  const box = headOfFace(face.box);
  return { box, found: 0, face, missing: face.bare / both, worn: face.masked / both, verdict: 'uncertain' };
}

/** Faces that the detector saw by its score of them, others by the head's (chosen on the validation part of masks/). */
function rankOfMask({ face, found }: Seen, kind: number): number {
  if (face === undefined) return found * kind;
  const seen = Math.min(1, face.masked + face.bare);
  return seen * kind * ('score' in face ? 1 : found);
}
