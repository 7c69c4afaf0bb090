import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { floatOutput } from '../../models/runtime/engine.ts';
import { suppress } from '../../models/runtime/nms.ts';
import { openEngine } from '../../models/runtime/open-engine.ts';
import { clip } from '../../services/domain/boxes.ts';
import { planes } from './planes.ts';
import { type Seen, type Subject, WEAKEST } from './subject.ts';

/** Input in pixels; the picture is stretched onto it. */
const WIDTH = 640;
const HEIGHT = 480;
/** The peer's own settings (Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB, masked_face): confidence, overlap. */
const CONFIDENCE = 0.5;
const MAX_IOU = 0.3;
const MAX_BOXES = 200;

/** The second mask peer, RFB-640: scores [n, 3] of background, face, masked face, and corners [n, 4] in 0..1. */
export async function openRfb(weightsFile: string): Promise<Subject> {
  const bytes = await readFile(weightsFile);
  const engine = await openEngine('onnx', bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    models: [{ name: 'rfb', version: '640-masked_face-v2', sha256 }],
    boxes: 'face',
    async detect(frame) {
      const input = { data: planes(frame, WIDTH, HEIGHT, 127, 128), dims: [1, 3, HEIGHT, WIDTH] };
      const outputs = await engine.run({ input });
      const { data: scores } = floatOutput(outputs, 'scores', 3);
      const { data: corners } = floatOutput(outputs, 'boxes', 3);
      const candidates: (Seen & { score: number })[] = [];
      for (let i = 0; i < scores.length / 3; i += 1) {
        const missing = scores[i * 3 + 1] ?? 0;
        const worn = scores[i * 3 + 2] ?? 0;
        const score = Math.max(missing, worn);
        if (score < WEAKEST) continue;
        const at = (column: number) => corners[i * 4 + column] ?? 0;
        const verdict = missing > worn ? 'yes' : 'no';
        candidates.push({
          box: clip([at(0), at(1), at(2), at(3)]),
          score,
          found: score,
          worn,
          missing,
          verdict,
        });
      }
      const found = suppress(candidates, MAX_IOU, MAX_BOXES);
      return {
        shipped: found.filter((one) => one.found >= CONFIDENCE),
        weaker: async () => found.filter((one) => one.found < CONFIDENCE),
      };
    },
    rank: (one, wanted) => (wanted === 'head' ? one.found : one[wanted]),
    close: () => engine.close(),
  };
}
