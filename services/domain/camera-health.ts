import { EDGE, edgeEnergy, matchEdges } from './edge-match.ts';
import { GATE_SIZE } from './gate.ts';
import { isOpen, localTime, type OpeningHours } from './hours.ts';
import { brightnessOf, type PictureProfile, TILES } from './picture-profile.ts';

/** What a picture says of its camera. Faults of the picture only: that it does not come, or stands still, is told by time. */
export const PICTURE_FAULTS = ['black', 'covered', 'blurred', 'moved'] as const;
export type PictureFault = (typeof PICTURE_FAULTS)[number];

/** Measured values behind a judgement: they go onto the ticket. */
export type HealthValues = Record<string, number>;

export interface HealthJudgement {
  verdict: 'ok' | PictureFault;
  values: HealthValues;
}

/** A picture is black when hardly anything in it is brighter than this (of 255)… */
const BLACK_P98 = 45;
/** …and it is as dark as this on the whole: a lamp in a dark room is seen, a sensor's noise is not. */
const BLACK_MEAN = 28;
/** Contrast (standard deviation of the thumbnail) of a picture that shows nothing. */
const FLAT_CONTRAST = 9;
/** Detail (mean square Laplacian above the picture's own noise) from which on a tile has texture. */
const TEXTURE = 25;
/** A tile has lost its texture when less than this share of the reference's detail is left. */
const LOST = 0.15;
/** Tiles that must have lost it: a person or a pot in front of the lens hides less for long. */
const COVERED_SHARE = 0.55;
const BLURRED_SHARE = 0.75;
/** A blurred picture still shows the same coarse light and dark as the reference (correlation -1..1). */
const SAME_STRUCTURE = 0.6;
/** …and its edges have less fine detail for their strength than this share of the reference's: light does not change that. */
const BLURRED_FOCUS = 0.35;
/** Edges that are still in their places are not behind a cover. */
const COVERED_MATCH = 0.5;
/** From this coarse likeness on a picture that has its texture shows the same view: nothing more to compare. */
const SAME_VIEW = 0.9;
/** Moved: fewer of the reference's edges than this are where they were, while the picture has edges. */
const MOVED_SHARE = 0.2;
const MOVED_EDGES = 0.12;
/** Fewer tiles with texture than this in the reference cannot be compared. */
const FEWEST_TILES = 8;

/** The picture that others are compared with. Only an `approved` one says where the camera should look. */
export interface Reference {
  profile: PictureProfile;
  approved: boolean;
}

/** Whether a picture is black, from its thumbnail alone: for every look, at no cost. */
export function isBlack(thumbnail: Uint8Array): boolean {
  const { mean, p98 } = brightnessOf(thumbnail);
  return p98 < BLACK_P98 && mean < BLACK_MEAN;
}

/**
 * Judges a picture that is not black, against the camera's reference where there is one. Pure; about 1 ms when all is well.
 * A single judgement means little (steam, a van in front of the window): fault-streak.ts asks for persistence.
 */
export function judgeHealth(picture: PictureProfile, reference: Reference | undefined): HealthJudgement {
  const { mean, p98, contrast } = brightnessOf(picture.thumbnail);
  const values: HealthValues = { mean: round(mean), contrast: round(contrast) };
  if (p98 < BLACK_P98 && mean < BLACK_MEAN) return { verdict: 'black', values };
  const detail = aboveNoise(picture.detail);
  const textured = share(detail, (one) => one > TEXTURE);
  values.textured = round(textured);
  if (reference === undefined) return { verdict: alone(contrast, textured), values };

  const theirs = aboveNoise(reference.profile.detail);
  const compared = [...theirs.keys()].filter((tile) => (theirs[tile] ?? 0) > TEXTURE);
  if (compared.length < FEWEST_TILES) return { verdict: alone(contrast, textured), values };
  const gain = gainOf(contrast, brightnessOf(reference.profile.thumbnail).contrast);
  const lostTiles = compared.filter((tile) => (detail[tile] ?? 0) < LOST * gain * (theirs[tile] ?? 0));
  const lost = lostTiles.length / compared.length;
  const structure = correlation(picture.thumbnail, reference.profile.thumbnail);
  values.lost = round(lost);
  values.structure = round(structure);
  if (lost < COVERED_SHARE && structure >= SAME_VIEW) return { verdict: 'ok', values };
  if (lost >= BLURRED_SHARE && structure >= SAME_STRUCTURE) {
    const focus = focusOf(picture, detail, reference.profile, theirs);
    if (focus !== undefined) values.focus = round(focus);
    if (focus === undefined || focus < BLURRED_FOCUS) return { verdict: 'blurred', values };
  }
  const { share: match, edges } = matchEdges(picture.small, reference.profile.small);
  if (match !== undefined) values.match = round(match);
  values.edges = round(edges);
  const elsewhere = match !== undefined && match < MOVED_SHARE && edges >= MOVED_EDGES;
  const inPlace = match !== undefined && match >= COVERED_MATCH;
  // A view that has edges of its own, in other places, is another view, even if it has less detail than the reference.
  if (lost >= COVERED_SHARE && !inPlace && !(elsewhere && textured >= 0.25)) {
    return { verdict: 'covered', values };
  }
  if (elsewhere && reference.approved) return { verdict: 'moved', values };
  return { verdict: 'ok', values };
}

/**
 * Whether a picture that is to be approved shows another view than the one approved before; false where none was. Of a good picture a
 * judgement that it is covered says the same as that it moved: the old texture is gone.
 */
export function isOtherView(picture: PictureProfile, before: Reference | undefined): boolean {
  if (before?.approved !== true) return false;
  const { verdict } = judgeHealth(picture, before);
  return verdict === 'moved' || verdict === 'covered';
}

/** Whether a picture is good enough to compare others with by itself: it has texture in many places. */
export function fitAsReference(picture: PictureProfile): boolean {
  return share(aboveNoise(picture.detail), (one) => one > TEXTURE) >= 0.2;
}

/** Hours of day (local) when somebody is in a kitchen of which no opening hours are written. */
const DAYLIGHT = { from: 8 * 60, to: 20 * 60 };

/** Whether a dark picture would be a fault: the merchant is open, or, when no hours are written, it is day. */
export function shouldBeLit(hours: OpeningHours | null, timeZone: string, at: Date): boolean {
  if (hours !== null) return isOpen(hours, timeZone, at);
  const { minute } = localTime(at, timeZone);
  return minute >= DAYLIGHT.from && minute < DAYLIGHT.to;
}

/**
 * Fine detail for the strength of the edges, against the reference's: median over the tiles where both show edges. A lamp that
 * is dimmed takes from both alike, a lens out of focus from the detail. Undefined where too few tiles show edges.
 */
function focusOf(
  picture: PictureProfile,
  detail: Float32Array,
  reference: PictureProfile,
  theirs: Float32Array,
): number | undefined {
  const mine = edgeEnergy(picture.small);
  const other = edgeEnergy(reference.small);
  const ratios: number[] = [];
  for (let tile = 0; tile < TILES; tile += 1) {
    const [a, b] = [mine[tile] ?? 0, other[tile] ?? 0];
    const detailThere = theirs[tile] ?? 0;
    if (a > EDGE && b > EDGE && detailThere > TEXTURE)
      ratios.push((detail[tile] ?? 0) / a / (detailThere / b));
  }
  ratios.sort((a, b) => a - b);
  return ratios.length < FEWEST_TILES ? undefined : ratios[ratios.length >> 1];
}

/** Without anything to compare with, only a picture that shows nothing at all is a fault. */
function alone(contrast: number, textured: number): 'ok' | 'covered' {
  return contrast < FLAT_CONTRAST && textured < 0.03 ? 'covered' : 'ok';
}

/** Detail of each tile less that of the flattest tenth: a sensor's noise lies on all tiles alike and is no texture. */
function aboveNoise(detail: Float32Array): Float32Array {
  const noise = [...detail].sort((a, b) => a - b)[Math.floor(TILES / 10)] ?? 0;
  return detail.map((one) => Math.max(0, one - noise));
}

/** Detail scales with the square of the light: dimmer lamps lose no texture. Bounded, since a cover changes contrast too. */
function gainOf(contrast: number, reference: number): number {
  return Math.min(2, Math.max(0.1, (contrast / Math.max(1, reference)) ** 2));
}

function share(values: Float32Array, is: (value: number) => boolean): number {
  return values.filter(is).length / values.length;
}

function correlation(a: Uint8Array, b: Uint8Array): number {
  let [sa, sb, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let i = 0; i < GATE_SIZE; i += 1) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    sa += x;
    sb += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  const va = aa - (sa * sa) / GATE_SIZE;
  const vb = bb - (sb * sb) / GATE_SIZE;
  return va > 0 && vb > 0 ? (ab - (sa * sb) / GATE_SIZE) / Math.sqrt(va * vb) : 0;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
