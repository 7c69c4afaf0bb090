import { join } from 'node:path';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { Box, Detection, ViolationKind } from '../../services/domain/words.ts';
import { type Attribute, type HeadAttributeClassifier, openHeadAttributes } from './head-attributes.ts';
import { type HeadDetector, openHeadDetector } from './heads.ts';
import { judgeHeads } from './kitchen-heads.ts';
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

const KINDS: readonly ViolationKind[] = ['no_hat', 'no_mask'];

/** Hats and masks: finds heads, then asks both attributes of each. */
export function kitchenJudge(heads: HeadDetector, attributes: HeadAttributeClassifier): LookJudge {
  return {
    kinds: KINDS,
    models: [heads.model, attributes.model],
    async judgeFrame(frame, kinds = KINDS) {
      if (!kinds.some((kind) => KINDS.includes(kind))) return [];
      const people = await heads.detect(frame);
      const judged = await judgeHeads(frame, people, kinds, heads, attributes);
      return judged.flatMap(({ box, hat, mask }): Detection[] => {
        const sizePx = longerSidePx(box, frame);
        const said = (kind: ViolationKind, { verdict, missing }: Attribute) => ({
          kind,
          verdict,
          score: missing,
          box,
          sizePx,
        });
        return [...(hat === undefined ? [] : [said('no_hat', hat)]), said('no_mask', mask)];
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
