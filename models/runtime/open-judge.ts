import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { Detection, FrameDetections, ViolationKind } from '../../services/domain/words.ts';
import { openHeadAttributes } from './head-attributes.ts';
import { type HeadDetector, openHeadDetector, type People } from './heads.ts';
import { kitchenJudge } from './kitchen-judge.ts';
import type { CameraView, LookJudge, TimedFrame } from './look-judge.ts';
import { type OpenEngine, openEngine } from './open-engine.ts';
import { openRodentJudge } from './rodent/rodent-judge.ts';

/**
 * Loads everything that looks are judged by: people's hats and masks, and rodents where the folder has a model for them (else
 * that kind is not among `kinds`). Throws ModelFileError.
 */
export async function openJudge(modelsFolder: string, open: OpenEngine = openEngine): Promise<LookJudge> {
  const heads = oncePerFrame(await openHeadDetector(join(modelsFolder, 'heads'), { open }));
  const attributes = await openHeadAttributes(join(modelsFolder, 'head-attributes'), open);
  const kitchen = kitchenJudge(heads, attributes);
  if (!existsSync(join(modelsFolder, 'rodent'))) return kitchen;
  return combineJudges([kitchen, await openRodentJudge(modelsFolder, heads, open)]);
}

/** Several judges as one: kinds and models of all, detections of all. Each judge answers for its own kinds. */
export function combineJudges(judges: readonly LookJudge[]): LookJudge {
  const moving = judges.filter((judge) => judge.judgeLook !== undefined);
  return {
    kinds: judges.flatMap((judge) => judge.kinds),
    motionKinds: judges.flatMap((judge) => judge.motionKinds ?? []),
    models: judges.flatMap((judge) => judge.models),
    modelsOf: (kind) =>
      judges.flatMap((judge) => (judge.kinds.includes(kind) ? (judge.modelsOf?.(kind) ?? judge.models) : [])),
    async judgeFrame(frame: RawFrame, kinds?: readonly ViolationKind[]): Promise<Detection[]> {
      const found: Detection[] = [];
      for (const judge of judges) found.push(...(await judge.judgeFrame(frame, kinds)));
      return found;
    },
    async judgeLook(frames: readonly TimedFrame[], view?: CameraView): Promise<FrameDetections[]> {
      const found: FrameDetections[] = frames.map(({ at }) => ({ at, detections: [] }));
      for (const judge of moving) {
        const moved = (await judge.judgeLook?.(frames, view)) ?? [];
        moved.forEach(({ detections }, i) => {
          found[i]?.detections.push(...detections);
        });
      }
      return found;
    },
    async close() {
      for (const judge of judges) await judge.close();
    },
  };
}

/** Two judges may ask for the people of one frame; the network answers once. */
function oncePerFrame(heads: HeadDetector): HeadDetector {
  const known = new WeakMap<RawFrame, Promise<People>>();
  return {
    model: heads.model,
    minHeadScore: heads.minHeadScore,
    minFaceScore: heads.minFaceScore,
    maskOf: heads.maskOf,
    detect(frame) {
      const before = known.get(frame);
      if (before !== undefined) return before;
      const found = heads.detect(frame);
      known.set(frame, found);
      return found;
    },
    close: () => heads.close(),
  };
}
