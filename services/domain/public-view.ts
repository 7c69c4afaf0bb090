/** What the public sees of a kitchen (domain.md, "Duties": low resolution, short-lived address, faces blurred, no playback). Pure. */
import { inArea } from './areas.ts';
import type { Area, Box, CameraState } from './words.ts';

/** A picture is shown this long after it was taken: nobody follows a person by it. Milliseconds. */
export const DELAY_MS = 60_000;
/** An older one is not shown as if it were of now. Milliseconds. */
export const OLDEST_MS = 10 * 60_000;
/** Pictures are made while somebody looks, and so long after. Milliseconds. */
export const WANTED_MS = 5 * 60_000;
/** Milliseconds between pictures of a camera. */
export const EVERY_MS = 30_000;
/** Longest side of what leaves, in pixels. */
export const PUBLIC_LONG_SIDE_PX = 480;

/** The honest state of a kitchen's camera. `preparing`: somebody must look before a picture is made. */
export type PublicState = 'shown' | 'preparing' | 'closed' | 'offline' | 'withheld';

/** Why a round made no redacted picture of a camera: `moved` when it looks elsewhere than approved. */
export type Withheld = 'no_picture' | 'not_redacted' | 'unreadable' | 'moved';

/** Why a picture that there is must not be shown; null: nothing speaks against one. */
export function withheldBecause(why: Withheld | null): 'not_redacted' | 'moved' | null {
  return why === 'not_redacted' || why === 'moved' ? why : null;
}

/** @param picture when the redacted picture was taken; null: there is none that may be shown */
export function publicState(
  camera: { state: CameraState; open: boolean },
  picture: { takenAt: Date } | null,
  withheld: boolean,
  now: Date,
): PublicState {
  if (!camera.open || camera.state === 'closed') return 'closed';
  if (camera.state === 'offline' || camera.state === 'frozen') return 'offline';
  if (picture !== null && now.getTime() - picture.takenAt.getTime() <= OLDEST_MS) return 'shown';
  return withheld ? 'withheld' : 'preparing';
}

/** Heads are made unrecognisable with this much around them: share of their longer side. */
const MARGIN = 0.35;

/** What is made unrecognisable for one head or face. */
export function hidden(box: Box): Box {
  const margin = MARGIN * Math.max(box[2] - box[0], box[3] - box[1]);
  return [
    Math.max(0, box[0] - margin),
    Math.max(0, box[1] - margin),
    Math.min(1, box[2] + margin),
    Math.min(1, box[3] + margin),
  ];
}

/**
 * Whether a second look found somebody whom the redaction does not cover. Then the picture must not leave: fail closed.
 * @param second heads and faces that another look finds
 * @param covered areas that are unrecognisable
 */
export function isExposed(second: readonly Box[], covered: readonly Area[]): boolean {
  return second.some((box) => {
    const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] as const;
    return !covered.some((area) => inArea(area, middle));
  });
}
