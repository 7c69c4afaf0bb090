/** At or above this a pixel says only "at least so bright"; at or below BLACK only "at most". */
export const SATURATED = 248;
const BLACK = 6;
/** Sampled every so many pixels a side. */
const STRIDE = 4;
const MIN_SAMPLES = 40;
const GAIN = { min: 0.25, max: 4 } as const;

/** How one picture's brightness is brought to another's: reference ≈ gain × luma + offset. */
export interface Exposure {
  gain: number;
  offset: number;
}

/**
 * Fits a picture's exposure to a reference: three rounds of least squares, each without the pixels that fit badly, so that an
 * animal does not count. Pixels that are black or saturated in either say nothing. `undefined` when too few are left.
 */
export function fitExposure(
  luma: Uint8Array,
  reference: Uint8Array,
  width: number,
  mask: Uint8Array,
): Exposure | undefined {
  const from: number[] = [];
  const to: number[] = [];
  for (let y = 0; y * width < luma.length; y += STRIDE) {
    for (let x = 0; x < width; x += STRIDE) {
      const i = y * width + x;
      const a = luma[i] ?? 0;
      const b = reference[i] ?? 0;
      if (mask[i] === 1 || a <= BLACK || b <= BLACK || a >= SATURATED || b >= SATURATED) continue;
      from.push(a);
      to.push(b);
    }
  }
  if (from.length < MIN_SAMPLES) return undefined;
  let fitted: Exposure = { gain: 1, offset: 0 };
  let limit = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round += 1) {
    fitted = leastSquares(from, to, fitted, limit);
    const errors = from.map((a, k) => Math.abs(fitted.gain * a + fitted.offset - (to[k] ?? 0)));
    limit = Math.max(4, 2.5 * median(errors));
  }
  return fitted;
}

function leastSquares(
  from: readonly number[],
  to: readonly number[],
  before: Exposure,
  limit: number,
): Exposure {
  let [n, sa, sb, saa, sab] = [0, 0, 0, 0, 0];
  from.forEach((a, k) => {
    const b = to[k] ?? 0;
    if (Math.abs(before.gain * a + before.offset - b) > limit) return;
    n += 1;
    sa += a;
    sb += b;
    saa += a * a;
    sab += a * b;
  });
  const spread = saa - (sa * sa) / Math.max(1, n);
  if (n < 2) return before;
  const flat = spread < n; // an even picture has no gain, only a level
  const gain = flat ? 1 : Math.min(GAIN.max, Math.max(GAIN.min, (sab - (sa * sb) / n) / spread));
  return { gain, offset: (sb - gain * sa) / n };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
