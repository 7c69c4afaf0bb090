import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { floatOutput } from '../../models/runtime/engine.ts';
import { suppress } from '../../models/runtime/nms.ts';
import { openEngine } from '../../models/runtime/open-engine.ts';
import { clip } from '../../services/domain/boxes.ts';
import type { Box } from '../../services/domain/words.ts';
import { planes } from './planes.ts';
import { type Seen, type Subject, WEAKEST } from './subject.ts';

/** Side of the input in pixels; the picture is stretched onto it. */
const SIZE = 360;
/** The peer's own settings (AIZOOTech/FaceMaskDetection, pytorch_infer.py): confidence, overlap, SSD variances, anchors. */
const CONFIDENCE = 0.5;
const MAX_IOU = 0.4;
const VARIANCE = [0.1, 0.2] as const;
const GRIDS = [45, 23, 12, 6, 4];
const ANCHOR_SIZES = [
  [0.04, 0.056],
  [0.08, 0.11],
  [0.16, 0.22],
  [0.32, 0.45],
  [0.64, 0.72],
];
const ANCHOR_RATIOS = [1, 0.62, 0.42];
const MAX_BOXES = 200;

/** An anchor as middle and size, in 0..1 of the input. */
type Anchor = readonly [cx: number, cy: number, width: number, height: number];

/** The mask peer, AIZOO's SSD with 11,000 anchors, as its authors run it. Throws when the weights do not fit. */
export async function openAizoo(weightsFile: string): Promise<Subject> {
  const bytes = await readFile(weightsFile);
  const engine = await openEngine('onnx', bytes);
  const anchors = allAnchors();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    models: [{ name: 'aizoo', version: '360', sha256 }],
    boxes: 'face',
    async detect(frame) {
      const outputs = await engine.run({
        input: { data: planes(frame, SIZE, SIZE, 0, 255), dims: [1, 3, SIZE, SIZE] },
      });
      const { data: places } = floatOutput(outputs, 'loc', 3);
      const { data: classes } = floatOutput(outputs, 'cls', 3);
      const candidates = anchors.flatMap((anchor, i) => {
        const worn = classes[i * 2] ?? 0;
        const missing = classes[i * 2 + 1] ?? 0;
        const score = Math.max(worn, missing);
        return score < WEAKEST ? [] : [{ score, worn, missing, box: placed(anchor, places, i * 4) }];
      });
      const found = suppress(candidates, MAX_IOU, MAX_BOXES).map(
        ({ box, score, worn, missing }): Seen => ({
          box,
          found: score,
          worn,
          missing,
          verdict: missing > worn ? 'yes' : 'no',
        }),
      );
      return {
        shipped: found.filter((one) => one.found >= CONFIDENCE),
        weaker: async () => found.filter((one) => one.found < CONFIDENCE),
      };
    },
    rank: (one, wanted) => (wanted === 'head' ? one.found : one[wanted]),
    close: () => engine.close(),
  };
}

function allAnchors(): Anchor[] {
  return GRIDS.flatMap((cells, level) => {
    const [small = 0, large = 0] = ANCHOR_SIZES[level] ?? [];
    const shapes = [small, large].map((side) => [side, side] as const);
    for (const ratio of ANCHOR_RATIOS.slice(1)) {
      shapes.push([small * Math.sqrt(ratio), small / Math.sqrt(ratio)]);
    }
    return Array.from({ length: cells * cells }, (_, cell) => {
      const cx = ((cell % cells) + 0.5) / cells;
      const cy = (Math.floor(cell / cells) + 0.5) / cells;
      return shapes.map(([width, height]): Anchor => [cx, cy, width, height]);
    }).flat();
  });
}

function placed([cx, cy, width, height]: Anchor, places: Float32Array, i: number): Box {
  const x = cx + (places[i] ?? 0) * VARIANCE[0] * width;
  const y = cy + (places[i + 1] ?? 0) * VARIANCE[0] * height;
  const halfWidth = (Math.exp((places[i + 2] ?? 0) * VARIANCE[1]) * width) / 2;
  const halfHeight = (Math.exp((places[i + 3] ?? 0) * VARIANCE[1]) * height) / 2;
  return clip([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight]);
}
