import { join } from 'node:path';
import { type HeadAttributes, openHeadAttributes } from '../../models/runtime/head-attributes.ts';
import { openHeadDetector } from '../../models/runtime/heads.ts';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { Box, DetectionVerdict, ModelRef } from '../../services/domain/words.ts';

/** One box that the model under test found, with what it says of the task's attribute (probabilities 0..1). */
export interface Seen {
  box: Box;
  /** The detector's own score of the box. */
  found: number;
  missing: number;
  worn: number;
  verdict: DetectionVerdict;
}

/** A model under test: ours or a peer. */
export interface Subject {
  readonly models: readonly ModelRef[];
  /** Score from which the shipped configuration uses a box; `detect` also returns weaker ones, for the curve. */
  readonly shippedScore: number;
  /** Whether its boxes are heads; a peer's are faces. */
  readonly boxes: 'head' | 'face';
  detect(frame: RawFrame): Promise<Seen[]>;
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
    return { box, found, ...(attribute ?? { missing: 0, worn: 0, verdict: 'uncertain' }) };
  };
  const classify = async (frame: RawFrame, boxes: readonly Box[]) => {
    const judged = (await attributes?.classify(frame, boxes)) ?? [];
    return boxes.map((box, i) => seen(box, 1, judged[i]));
  };
  return {
    models: attributes === undefined ? [heads.model] : [heads.model, attributes.model],
    shippedScore: heads.minHeadScore,
    boxes: 'head',
    async detect(frame) {
      const found = (await heads.detect(frame)).heads;
      const judged = await classify(
        frame,
        found.map((head) => head.box),
      );
      return judged.map((one, i) => ({ ...one, found: found[i]?.score ?? 0 }));
    },
    classify,
    rank: (one, wanted) => one.found * (wanted === 'head' ? 1 : one[wanted]),
    async close() {
      await heads.close();
      await attributes?.close();
    },
  };
}
