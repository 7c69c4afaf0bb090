import { join } from 'node:path';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { Box, Detection } from '../../services/domain/words.ts';
import { type HeadAttributeClassifier, openHeadAttributes } from './head-attributes.ts';
import { type HeadDetector, openHeadDetector } from './heads.ts';
import type { LookJudge } from './look-judge.ts';
import { type OpenEngine, openEngine } from './open-engine.ts';

/** Loads the judge of kitchen staff from a folder of models: heads/ and head-attributes/. Throws ModelFileError. */
export async function openKitchenJudge(
  modelsFolder: string,
  open: OpenEngine = openEngine,
): Promise<LookJudge> {
  const heads = await openHeadDetector(join(modelsFolder, 'heads'), { open });
  const attributes = await openHeadAttributes(join(modelsFolder, 'head-attributes'), open);
  return kitchenJudge(heads, attributes);
}

/** Hats and masks: finds heads, then asks both attributes of each. */
export function kitchenJudge(heads: HeadDetector, attributes: HeadAttributeClassifier): LookJudge {
  return {
    kinds: ['no_hat', 'no_mask'],
    models: [heads.model, attributes.model],
    async judgeFrame(frame) {
      const boxes = (await heads.detect(frame)).heads.map((head) => head.box);
      const judged = await attributes.classify(frame, boxes);
      return boxes.flatMap((box, i): Detection[] => {
        const head = judged[i];
        if (head === undefined) return [];
        const sizePx = longerSidePx(box, frame);
        return [
          { kind: 'no_hat', verdict: head.hat.verdict, score: head.hat.missing, box, sizePx },
          { kind: 'no_mask', verdict: head.mask.verdict, score: head.mask.missing, box, sizePx },
        ];
      });
    },
    async close() {
      await heads.close();
      await attributes.close();
    },
  };
}

/** Longer side of a box in pixels of the frame as received. */
export function longerSidePx(box: Box, frame: RawFrame): number {
  return Math.max((box[2] - box[0]) * frame.originalWidth, (box[3] - box[1]) * frame.originalHeight);
}
