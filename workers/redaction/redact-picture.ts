import { hidden, isExposed, PUBLIC_LONG_SIDE_PX } from '../../services/domain/public-view.ts';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { Area, Box } from '../../services/domain/words.ts';
import { cropped, mirrored, redact, smallJpeg } from '../../services/media/redact.ts';

/** Finds heads and faces, hatted or not, from any side: boxes in 0..1. */
export type FindPeople = (frame: RawFrame) => Promise<readonly Box[]>;

export interface Redactor {
  /** The first look, eager: whatever might be a head is hidden. */
  find: FindPeople;
  /** The second look, at what would leave. */
  check: FindPeople;
}

/**
 * Parts that the second look sees larger than the first: a head that was too small for the whole picture is twice as large here. They
 * overlap, so that nobody stands on a seam.
 */
const CLOSE_UPS: readonly Box[] = [
  [0, 0, 0.6, 0.6],
  [0.4, 0, 1, 0.6],
  [0, 0.4, 0.6, 1],
  [0.4, 0.4, 1, 1],
];

/**
 * A picture as the public may see it, or undefined when the second look finds a head or face that the first one left: no redaction,
 * no picture. The first look sees the picture as it is and mirrored; the second sees what was redacted, whole and in close-ups.
 */
export async function redactPicture(
  frame: RawFrame,
  masks: readonly Area[],
  redactor: Redactor,
): Promise<Buffer | undefined> {
  const found = [
    ...(await redactor.find(frame)),
    ...(await redactor.find(mirrored(frame))).map(([x1, y1, x2, y2]): Box => [1 - x2, y1, 1 - x1, y2]),
  ];
  const covered = found.map(hidden);
  const redacted = redact(frame, covered, masks);
  const left = [...(await redactor.check(redacted))];
  for (const part of CLOSE_UPS) {
    const boxes = await redactor.check(cropped(redacted, part));
    left.push(...boxes.map((box) => outOf(part, box)));
  }
  if (isExposed(left, [...covered, ...masks])) return undefined;
  return await smallJpeg(redacted, PUBLIC_LONG_SIDE_PX);
}

/** A box of a part as a box of the whole. */
function outOf(part: Box, box: Box): Box {
  const [w, h] = [part[2] - part[0], part[3] - part[1]];
  return [part[0] + box[0] * w, part[1] + box[1] * h, part[0] + box[2] * w, part[1] + box[3] * h];
}
