import type { Camera } from '../api/camera-types.ts';

/** A picture older than this many look intervals, but at least this many seconds, is not what goes on now. */
const STALE_LOOKS = 3;
const STALE_MIN_S = 120;

/** Whether a camera's picture of this age must not pass for the present: it is old, or the camera does not deliver. */
export function isStale(
  { status, lookIntervalS }: Pick<Camera, 'status' | 'lookIntervalS'>,
  ageS: number,
): boolean {
  return status.state !== 'online' || ageS > Math.max(STALE_MIN_S, STALE_LOOKS * lookIntervalS);
}
