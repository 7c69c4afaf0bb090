import type { Box } from '../../../services/domain/words.ts';
import type { CameraView, TimedFrame } from '../look-judge.ts';
import { Background, type ExposedPicture } from './background.ts';
import { findBlobs } from './blobs.ts';
import { fitExposure } from './exposure.ts';
import { type GreyPicture, greyPicture, pixelMask } from './grey.ts';
import { limitsFor, movesLikeAnAnimal, scaleOf } from './limits.ts';
import { Tracker } from './tracks.ts';

/** A larger share of the picture than this changes only when a light goes on, the camera is moved or somebody stands before it. */
const MAX_CHANGED = 0.6;
/** A heap that covers more of the picture is a door, a person or light; a rat on the shelf that a camera stands on fills a third. */
const MAX_AREA = 0.4;
/** Mean colour difference, 0..255, below which a picture is infrared: cameras switch at dusk and when a lamp goes on. */
const GREY_BELOW = 3;
/** Pixels of a blob per squared smallest side: an animal fills a good part of its box. */
const MIN_FILL = 0.3;

/** Something that moved through a look as an animal does. Boxes in 0..1 of the frame. */
export interface MovingThing {
  places: { frame: number; box: Box }[];
}

/** What moved in a look, and how many frames could be compared (lights were steady). */
export interface Motion {
  things: MovingThing[];
  usable: number;
  /** By frame: how far each pixel is from the background (SAME: not at all), in the small picture that motion was looked for in. */
  differences: ReadonlyMap<number, DifferencePicture>;
}

export interface DifferencePicture {
  /** One byte a pixel, rows from the top. */
  signed: Uint8Array;
  width: number;
  height: number;
}

/** Finds what moves in a look's frames (in time order, one camera). Frames of another size than the first one are left out. */
export function findMotion(frames: readonly TimedFrame[], view: CameraView = {}): Motion {
  const pictures = comparable(frames);
  const [first] = pictures;
  if (first === undefined) return { things: [], usable: 0, differences: new Map() };
  const { width, height } = first.picture;
  const mask = pixelMask(view.timestampAreas ?? [], width, height);
  const exposed = exposeAlike(pictures, width, mask);
  if (exposed.length < 3) return { things: [], usable: exposed.length, differences: new Map() };
  const background = new Background(exposed, width);
  const limits = limitsFor(scaleOf(view.metreLine, width, height), width);
  const tracker = new Tracker(limits, width);
  const changed = new Uint8Array(width * height);
  const minArea = Math.max(6, MIN_FILL * limits.minSide * limits.minSide);
  const differences = new Map<number, DifferencePicture>();
  let usable = 0;
  for (const seen of exposed) {
    const share = background.difference(seen, mask, changed);
    if (share > MAX_CHANGED) continue;
    usable += 1;
    differences.set(seen.frame, { signed: background.signed(), width, height });
    const blobs = findBlobs(changed, width, height, minArea);
    tracker.add(
      seen.frame,
      seen.atMs,
      blobs.filter((blob) => blob.area <= MAX_AREA * width * height),
    );
    background.follow(seen);
  }
  const things = tracker.tracks
    .filter((track) => movesLikeAnAnimal(track, limits, usable))
    .map((track) => ({
      places: track.points.map(({ frame, blob }) => ({
        frame,
        box: [blob.left / width, blob.top / height, blob.right / width, blob.bottom / height] as const,
      })),
    }));
  return { things, usable, differences };
}

interface Seen {
  frame: number;
  atMs: number;
  picture: GreyPicture;
}

/** Frames of one size and one mode: colour or infrared, whichever most are in. */
function comparable(frames: readonly TimedFrame[]): Seen[] {
  const seen = frames.map(({ at, frame }, i) => ({
    frame: i,
    atMs: at.getTime(),
    picture: greyPicture(frame),
  }));
  const [first] = seen;
  if (first === undefined) return [];
  const alike = seen.filter(
    ({ picture }) => picture.width === first.picture.width && picture.height === first.picture.height,
  );
  const grey = alike.filter(({ picture }) => picture.colour < GREY_BELOW);
  const coloured = alike.filter(({ picture }) => picture.colour >= GREY_BELOW);
  return grey.length > coloured.length ? grey : coloured;
}

/** Brings all pictures to the exposure of the one in the middle by brightness; those that cannot be compared are left out. */
function exposeAlike(pictures: readonly Seen[], width: number, mask: Uint8Array): (Seen & ExposedPicture)[] {
  const byLevel = pictures.toSorted((a, b) => meanOf(a.picture.luma) - meanOf(b.picture.luma));
  const reference = byLevel[byLevel.length >> 1];
  if (reference === undefined) return [];
  return pictures.flatMap((seen) => {
    const { luma } = seen.picture;
    const exposure = fitExposure(luma, reference.picture.luma, width, mask);
    return exposure === undefined ? [] : [{ ...seen, luma, exposure }];
  });
}

function meanOf(luma: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < luma.length; i += 7) sum += luma[i] ?? 0;
  return sum;
}
