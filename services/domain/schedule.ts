import { createHash } from 'node:crypto';

/** Frames of a burst and the seconds they span: what "3 of 5 frames over ≥ 5 s" needs, with a margin. */
export const BURST_FRAMES = 5;
export const BURST_SPAN_S = 6;

/** A burst for what only motion shows (rodents): denser, since an animal crosses a kitchen in seconds. */
export const MOTION_BURST_FRAMES = 8;
export const MOTION_BURST_SPAN_S = 4;

/** Bounds of a camera's look interval. Coverage is kept by the minute, hence at least one look a minute. */
export const LOOK_INTERVAL_S = { min: 5, max: 60, start: 30 } as const;

/**
 * Looks of one camera fall due at fixed points: k × interval + phase. The phase comes from the camera's id, so that thousands
 * of cameras spread evenly over the interval and keep their place after a restart (jitter without randomness).
 */
export function phaseMs(cameraId: string, intervalS: number): number {
  const head = createHash('sha256').update(cameraId).digest().readUInt32BE(0);
  return Math.floor((head / 2 ** 32) * intervalS * 1000);
}

/** Number of the interval that `at` falls into: a look is due when it is greater than that of the last look. */
export function lookSlot(cameraId: string, intervalS: number, at: Date): number {
  return Math.floor((at.getTime() - phaseMs(cameraId, intervalS)) / (intervalS * 1000));
}

/** Milliseconds from `at` to the next due point, in (0, interval]. */
export function msToNextLook(cameraId: string, intervalS: number, at: Date): number {
  const next = (lookSlot(cameraId, intervalS, at) + 1) * intervalS * 1000 + phaseMs(cameraId, intervalS);
  return next - at.getTime();
}

/** Offsets in ms of a burst's frames from its first: evenly over the span. */
export function burstOffsetsMs(frames = BURST_FRAMES, spanS = BURST_SPAN_S): number[] {
  return Array.from({ length: frames }, (_, i) => Math.round((i * spanS * 1000) / Math.max(1, frames - 1)));
}
