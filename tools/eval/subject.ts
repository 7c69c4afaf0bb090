import { join } from 'node:path';
import { type Face, type HeadAttributes, openHeadAttributes } from '../../models/runtime/head-attributes.ts';
import { openHeadDetector } from '../../models/runtime/heads.ts';
import type { ScoredBox } from '../../models/runtime/nms.ts';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { Box, DetectionVerdict, ModelRef } from '../../services/domain/words.ts';

/** One box that the model under test found, with what it says of the task's attribute (probabilities 0..1). */
export interface Seen {
  box: Box;
  /** The face in a head's box, where the model says it. */
  face?: Face;
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
  const heads = await openHeadDetector(join(modelsFolder, 'heads'), { minHeadScore: WEAKEST });
  const attributes =
    task === 'heads' ? undefined : await openHeadAttributes(join(modelsFolder, 'head-attributes'));
  const seen = (box: Box, found: number, judged: HeadAttributes | undefined): Seen => {
    const attribute = task === 'mask' ? judged?.mask : judged?.hat;
    const face = judged?.face;
    const said = attribute ?? { missing: 0, worn: 0, verdict: 'uncertain' };
    return { box, found, ...said, ...(face === undefined ? {} : { face }) };
  };
  const judge = async (frame: RawFrame, found: readonly ScoredBox[]) => {
    const boxes = found.map((one) => one.box);
    const judged = (await attributes?.classify(frame, boxes)) ?? [];
    return found.map(({ box, score }, i) => seen(box, score, judged[i]));
  };
  return {
    models: attributes === undefined ? [heads.model] : [heads.model, attributes.model],
    boxes: 'head',
    async detect(frame) {
      const found = (await heads.detect(frame)).heads;
      const strong = found.filter((head) => head.score >= heads.minHeadScore);
      const weak = found.filter((head) => head.score < heads.minHeadScore);
      return { shipped: await judge(frame, strong), weaker: () => judge(frame, weak) };
    },
    classify: (frame, boxes) =>
      judge(
        frame,
        boxes.map((box) => ({ box, score: 1 })),
      ),
    rank(one, wanted) {
      if (wanted === 'head') return one.found;
      return one.found * (task === 'mask' ? withFace(one, wanted) : one[wanted]);
    },
    async close() {
      await heads.close();
      await attributes?.close();
    },
  };
}

/** Both opinions of the mask together (chosen on the validation part of masks/). */
function withFace({ missing, worn, face }: Seen, wanted: 'missing' | 'worn'): number {
  if (face === undefined) return wanted === 'missing' ? missing : worn;
  const [first, second] = wanted === 'missing' ? [missing, face.bare] : [worn, face.masked];
  return Math.sqrt(first * second * (face.masked + face.bare));
}
