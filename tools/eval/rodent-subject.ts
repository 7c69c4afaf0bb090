import { join } from 'node:path';
import { openRodentClassifier } from '../../models/runtime/rodent/classifier.ts';
import type { Subject } from './subject.ts';

/** The classifier of rodent crops by itself, on given boxes. In service its answers are averaged over a track. */
export async function openRodent(modelsFolder: string): Promise<Subject> {
  const classifier = await openRodentClassifier(join(modelsFolder, 'rodent'));
  const { yes, uncertain } = classifier.thresholds;
  return {
    models: [classifier.model],
    boxes: 'head',
    detect: async () => ({ shipped: [], weaker: async () => [] }),
    async classify(frame, boxes) {
      const scores = await classifier.classify(boxes.map((box) => ({ frame, box })));
      return boxes.map((box, i) => {
        const score = scores[i] ?? 0;
        const verdict = score >= yes ? 'yes' : score >= uncertain ? 'uncertain' : 'no';
        return { box, found: 1, missing: score, worn: 1 - score, verdict };
      });
    },
    rank: (one) => one.missing,
    close: () => classifier.close(),
  };
}
