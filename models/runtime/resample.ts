/**
 * One axis of a resampling: for each of `count` target pixels `taps` source indexes and weights (sum 1). Index −1 means
 * outside the picture: the padding colour.
 */
export interface Axis {
  count: number;
  taps: number;
  index: Int32Array;
  weight: Float32Array;
}

/**
 * Two taps a pixel, whatever the scale: bilinear up to a reduction by 2, and beyond that two points a quarter of the
 * pixel's footprint to each side of its middle. Cheap enough for whole frames.
 */
export function fastAxis(count: number, length: number): Axis {
  const axis = emptyAxis(count, 2);
  const scale = length / count;
  for (let i = 0; i < count; i += 1) {
    const middle = (i + 0.5) * scale - 0.5;
    const [first, second, weight] =
      scale > 2
        ? [Math.round(middle - scale / 4), Math.round(middle + scale / 4), 0.5]
        : [Math.floor(middle), Math.floor(middle) + 1, middle - Math.floor(middle)];
    axis.index[i * 2] = clamp(first, length);
    axis.index[i * 2 + 1] = clamp(second, length);
    axis.weight[i * 2] = 1 - weight;
    axis.weight[i * 2 + 1] = weight;
  }
  return axis;
}

/**
 * The span `start … start + span` (whole pixels, may reach outside) of a line of `length` pixels onto `count` target
 * pixels. Reducing averages by area, enlarging is bilinear: the same as the training crops (OpenCV INTER_AREA, INTER_LINEAR).
 */
export function cropAxis(count: number, start: number, span: number, length: number): Axis {
  const axis = span > count ? areaAxis(count, span) : linearAxis(count, span);
  for (let i = 0; i < axis.index.length; i += 1) {
    const source = start + (axis.index[i] ?? 0);
    axis.index[i] = source < 0 || source >= length ? -1 : source;
  }
  return axis;
}

/** Reductions beyond this factor average this many spread points a side instead of every pixel: a close-up must stay cheap. */
const MAX_AREA_POINTS = 4;

function areaAxis(count: number, span: number): Axis {
  const scale = span / count;
  if (scale > MAX_AREA_POINTS) return spreadAxis(count, span);
  const taps = Math.ceil(scale) + 1;
  const axis = emptyAxis(count, taps);
  for (let i = 0; i < count; i += 1) {
    const from = i * scale;
    const to = from + scale;
    for (let t = 0; t < taps; t += 1) {
      const pixel = Math.floor(from) + t;
      const covered = Math.max(0, Math.min(to, pixel + 1) - Math.max(from, pixel));
      axis.index[i * taps + t] = Math.min(pixel, span - 1);
      axis.weight[i * taps + t] = covered / scale;
    }
  }
  return axis;
}

function spreadAxis(count: number, span: number): Axis {
  const axis = emptyAxis(count, MAX_AREA_POINTS);
  axis.weight.fill(1 / MAX_AREA_POINTS);
  for (let i = 0; i < axis.index.length; i += 1) {
    axis.index[i] = Math.floor(((i + 0.5) * span) / axis.index.length);
  }
  return axis;
}

function linearAxis(count: number, span: number): Axis {
  const axis = emptyAxis(count, 2);
  const scale = span / count;
  for (let i = 0; i < count; i += 1) {
    const middle = (i + 0.5) * scale - 0.5;
    const first = Math.floor(middle);
    axis.index[i * 2] = clamp(first, span);
    axis.index[i * 2 + 1] = clamp(first + 1, span);
    axis.weight[i * 2] = 1 - (middle - first);
    axis.weight[i * 2 + 1] = middle - first;
  }
  return axis;
}

function emptyAxis(count: number, taps: number): Axis {
  return { count, taps, index: new Int32Array(count * taps), weight: new Float32Array(count * taps) };
}

function clamp(index: number, length: number): number {
  return Math.min(length - 1, Math.max(0, index));
}
