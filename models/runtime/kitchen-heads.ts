import { area, intersection, iou } from '../../services/domain/boxes.ts';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { Box, ViolationKind } from '../../services/domain/words.ts';
import type { FoundFace } from './found-faces.ts';
import type { Attribute, Face, HeadAttributeClassifier, HeadAttributes } from './head-attributes.ts';
import type { HeadDetector, People } from './heads.ts';

/** One head of a frame with everything that was asked of it. */
export interface KitchenHead {
  box: Box;
  /** How sure the detector is that it is a head, 0..1. */
  score: number;
  /** The face in it: as the detector saw it; where it sees none by itself, as the crop says. */
  face?: Face | FoundFace;
  /** Absent where hats were not asked for. */
  hat?: Attribute;
  /** The opinions of the detector and of the crop together. */
  mask: Attribute;
}

/** No face, no mask to be seen: what is said of a head that is turned away, without a crop. */
const NO_FACE: Attribute = { verdict: 'uncertain', worn: 0, missing: 0 };

/**
 * Judges the heads of a frame for the kinds asked. A detector that sees faces decides about masks where it is sure, and where it
 * sees no face at all; only the rest needs a crop. The answer about masks is the same whether hats are asked too or not.
 */
export async function judgeHeads(
  frame: RawFrame,
  people: Pick<People, 'heads' | 'faces'>,
  kinds: readonly ViolationKind[],
  detector: Pick<HeadDetector, 'maskOf'>,
  attributes: Pick<HeadAttributeClassifier, 'classify'>,
): Promise<KitchenHead[]> {
  const { heads } = people;
  const faces =
    people.faces &&
    facesOfHeads(
      heads.map(({ box }) => box),
      people.faces,
    );
  const ofFace = (face: FoundFace | undefined) => (face === undefined ? NO_FACE : detector.maskOf(face));
  const decided = heads.map((_, i) => (faces === undefined ? undefined : ofFace(faces[i])));
  const hats = kinds.includes('no_hat');
  const asked = heads.filter((_, i) => hats || decided[i] === undefined);
  const crops = await attributes.classify(
    frame,
    asked.map(({ box }) => box),
  );
  const cropOf = new Map(asked.map((head, i) => [head, crops[i]]));
  return heads.flatMap((head, i): KitchenHead[] => {
    const crop = cropOf.get(head);
    const mask = decided[i] ?? (crop && secondOpinion(crop, faces?.[i]));
    if (mask === undefined) return [];
    const hat = hats ? crop?.hat : undefined;
    const face = faces === undefined ? crop?.face : faces[i];
    return [
      { ...head, mask, ...(hat === undefined ? {} : { hat }), ...(face === undefined ? {} : { face }) },
    ];
  });
}

/** A face belongs to a head that holds so much of it … */
const LEAST_INSIDE = 0.6;
/** … and is not much larger than it: faces in the crowd behind do not count. */
const LEAST_IOU = 0.15;

/** For each head the face in it, every face once; surest faces choose first. */
export function facesOfHeads(heads: readonly Box[], faces: readonly FoundFace[]): (FoundFace | undefined)[] {
  const found: (FoundFace | undefined)[] = heads.map(() => undefined);
  for (const face of faces) {
    let best = -1;
    let bestFit = LEAST_IOU;
    heads.forEach((head, i) => {
      const fit = iou(head, face.box);
      if (found[i] !== undefined || fit < bestFit) return;
      if (area(intersection(head, face.box)) < LEAST_INSIDE * area(face.box)) return;
      best = i;
      bestFit = fit;
    });
    if (best >= 0) found[best] = face;
  }
  return found;
}

/**
 * The crop's verdict stands, unless the face that the detector saw leans clearly the other way: then nobody knows. The
 * probabilities are those of the opinions together: the mean of their log-odds, masked against bare, spread over what the crop
 * gives to the third class.
 */
function secondOpinion(crop: HeadAttributes, face: FoundFace | undefined): Attribute {
  if (face === undefined) return crop.mask;
  const { verdict, worn, missing } = crop.mask;
  const opinions = [oddsOf(face.bare, face.masked), oddsOf(missing, worn)];
  if (crop.face !== undefined) opinions.push(oddsOf(crop.face.bare, crop.face.masked));
  const bare = 1 / (1 + Math.exp(-opinions.reduce((sum, odds) => sum + odds, 0) / opinions.length));
  const against = (verdict === 'yes' && bare < 0.5) || (verdict === 'no' && bare > 0.5);
  return {
    verdict: against ? 'uncertain' : verdict,
    worn: (worn + missing) * (1 - bare),
    missing: (worn + missing) * bare,
  };
}

/** No opinion counts for more than this: log-odds of 0.9999. */
const SUREST_ODDS = 9.21;

/** Log-odds of the first against the second. */
function oddsOf(first: number, second: number): number {
  const odds = Math.log(first / second);
  return Number.isNaN(odds) ? 0 : Math.min(SUREST_ODDS, Math.max(-SUREST_ODDS, odds));
}
