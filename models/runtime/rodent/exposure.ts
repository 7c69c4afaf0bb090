/** At or above this a pixel says only "at least so bright"; at or below BLACK only "at most". */
export const SATURATED = 248;
const BLACK = 6;
/** Sampled every so many pixels a side. */
const STRIDE = 6;
const MIN_SAMPLES = 40;
const GAIN = { min: 0.4, max: 2.5 } as const;
/** Share of the samples that must fit within so many grey levels: else the light itself has changed. */
const MIN_FITTING = 0.5;
const FITTING = 14;

/** Share of the samples that is saturated (or black) in both pictures, from which on the rest is too little to fit to. */
const MIN_CLIPPED = 0.85;

/** How one picture's brightness is brought to another's: reference ≈ gain × luma + offset. */
export interface Exposure {
  gain: number;
  offset: number;
}

/**
 * Fits a picture's exposure to a reference: three rounds of least squares, each without the pixels that fit badly, so that an
 * animal does not count. Pixels that are black or saturated in either say nothing. `undefined` when too few are left, or too
 * few fit: then the light has changed.
 */
export function fitExposure(
  luma: Uint8Array,
  reference: Uint8Array,
  width: number,
  mask: Uint8Array,
): Exposure | undefined {
  const from: number[] = [];
  const to: number[] = [];
  let looked = 0;
  let clipped = 0;
  for (let y = 0; y * width < luma.length; y += STRIDE) {
    for (let x = 0; x < width; x += STRIDE) {
      const i = y * width + x;
      const a = luma[i] ?? 0;
      const b = reference[i] ?? 0;
      if (mask[i] === 1) continue;
      looked += 1;
      if ((a >= SATURATED && b >= SATURATED) || (a <= BLACK && b <= BLACK)) clipped += 1;
      if (a <= BLACK || b <= BLACK || a >= SATURATED || b >= SATURATED) continue;
      from.push(a);
      to.push(b);
    }
  }
  if (clipped >= MIN_CLIPPED * looked && looked >= MIN_SAMPLES) return { gain: 1, offset: 0 };
  if (from.length < MIN_SAMPLES) return undefined;
  let fitted: Exposure = { gain: 1, offset: 0 };
  let limit = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round += 1) {
    fitted = leastSquares(from, to, fitted, limit);
    limit = Math.max(4, 2.5 * medianError(from, to, fitted));
  }
  const { gain, offset } = fitted;
  const fitting = from.filter((a, k) => Math.abs(gain * a + offset - (to[k] ?? 0)) <= FITTING).length;
  return fitting >= MIN_FITTING * from.length ? fitted : undefined;
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

/** Median of what the fit is wrong by, in whole grey levels. */
function medianError(from: readonly number[], to: readonly number[], { gain, offset }: Exposure): number {
  const histogram = new Uint32Array(256);
  from.forEach((a, k) => {
    const error = Math.min(255, Math.round(Math.abs(gain * a + offset - (to[k] ?? 0))));
    histogram[error] = (histogram[error] ?? 0) + 1;
  });
  let seen = 0;
  for (let error = 0; error < histogram.length; error += 1) {
    seen += histogram[error] ?? 0;
    if (seen * 2 >= from.length) return error;
  }
  return 0;
}
