import { withNearest } from '../../media/decode.ts';
import type { GatewayParts } from '../context.ts';
import type { Frame } from '../looks/intake.ts';
import { frameOf } from '../rtsp/due-look.ts';
import type { Pulls } from '../rtsp/pulls.ts';

/** Pictures that may wait for their turn: a group of pictures is decoded for each. */
const MOST_WAITING = 8;
/** What is asked for lies at most so far from the picture that is given, milliseconds. */
const NEAR_MS = 1_000;

/** The picture that a camera sent at a moment, in full; undefined when it is not held any more, or too many ask. */
export type PictureAt = (cameraId: string, atMs: number) => Promise<Frame | undefined>;

/** Pictures out of the rings, one after the other. */
export function createPictureAt(parts: Pick<GatewayParts, 'log'>, pulls: Pulls): PictureAt {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const decode = async (cameraId: string, atMs: number): Promise<Frame | undefined> => {
    const packets = pulls.all.get(cameraId)?.ring.cut(atMs, atMs + NEAR_MS) ?? [];
    try {
      const [frame] = await withNearest(packets, [atMs], frameOf);
      return frame !== undefined && Math.abs(frame.at.getTime() - atMs) <= NEAR_MS ? frame : undefined;
    } catch (error) {
      parts.log.info({ err: error, cameraId }, 'a picture could not be decoded');
      return undefined;
    }
  };
  return async (cameraId, atMs) => {
    if (waiting >= MOST_WAITING) return undefined;
    waiting += 1;
    const mine = last.then(() => decode(cameraId, atMs));
    last = mine;
    try {
      return await mine;
    } finally {
      waiting -= 1;
    }
  };
}
