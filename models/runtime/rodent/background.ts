import { type Exposure, SATURATED } from './exposure.ts';

/** Pictures whose median the background starts from. */
const SAMPLES = 11;
/** Grey levels that a background pixel follows the picture by, every REFRESH frames. */
const FOLLOW = 4;
const REFRESH = 6;
/** A difference below this many grey levels of the reference is noise, however quiet the picture. */
const MIN_THRESHOLD = 12;
/** … and below this many times the picture's own median difference. */
const NOISE_FACTOR = 6;

/** Byte of a signed difference that says "no difference". */
export const SAME = 128;

export interface ExposedPicture {
  luma: Uint8Array;
  exposure: Exposure;
}

/**
 * Running background in the reference's grey levels (it may exceed 255: what a brighter frame saturates, a darker one shows).
 * It starts as the median over the look, since a burst is too short to forget an animal that its first frame holds; then it
 * follows slowly. A pixel may have any level that it or one of its eight neighbours has, so that a camera that trembles by a
 * pixel moves no edges.
 */
export class Background {
  readonly #width: number;
  readonly #level: Int16Array;
  #low: Int16Array;
  #high: Int16Array;
  readonly #apart: Uint8Array;
  readonly #signed: Uint8Array;
  #frames = 0;

  constructor(pictures: readonly ExposedPicture[], width: number) {
    this.#width = width;
    this.#level = medianOf(pictures);
    this.#apart = new Uint8Array(this.#level.length);
    this.#signed = new Uint8Array(this.#level.length);
    this.#low = smallestAround(this.#level, width);
    this.#high = largestAround(this.#level, width);
  }

  /** Writes 1 where the picture differs, else 0. Returns the share 0..1 of unmasked pixels that differ. */
  difference({ luma, exposure }: ExposedPicture, mask: Uint8Array, changed: Uint8Array): number {
    const table = levels(exposure);
    const ceiling = table[SATURATED] ?? 255;
    const apart = this.#apart;
    const signed = this.#signed;
    const low = this.#low;
    const high = this.#high;
    const histogram = new Uint32Array(256);
    let looked = 0;
    for (let i = 0; i < luma.length; i += 1) {
      // Saturated says "at least the ceiling"; a background brighter than the ceiling would be saturated here too.
      const value = Math.min(table[luma[i] as number] as number, ceiling);
      const from = Math.min(low[i] as number, ceiling);
      const to = high[i] as number;
      const distance = Math.min(255, value < from ? from - value : value > to ? value - to : 0);
      apart[i] = distance;
      signed[i] = value < from ? Math.max(0, SAME - distance) : Math.min(255, SAME + distance);
      if (mask[i] === 1) continue;
      looked += 1;
      histogram[distance] = (histogram[distance] as number) + 1;
    }
    const noise = NOISE_FACTOR * quantile(histogram, looked / 2);
    const threshold = Math.max(MIN_THRESHOLD * Math.max(1, exposure.gain), noise);
    let differing = 0;
    for (let i = 0; i < luma.length; i += 1) {
      const here = (apart[i] as number) > threshold && mask[i] !== 1 ? 1 : 0;
      changed[i] = here;
      differing += here;
    }
    return looked === 0 ? 0 : differing / looked;
  }

  /** The last difference with its sign, a copy: SAME where nothing differs, less where the picture is darker. */
  signed(): Uint8Array {
    return this.#signed.slice();
  }

  /** Follows the picture where it can be told. */
  follow({ luma, exposure }: ExposedPicture): void {
    this.#frames += 1;
    if (this.#frames % REFRESH !== 0) return;
    const table = levels(exposure);
    const level = this.#level;
    for (let i = 0; i < luma.length; i += 1) {
      const here = luma[i] as number;
      if (here >= SATURATED) continue;
      const behind = (table[here] as number) - (level[i] as number);
      level[i] = (level[i] as number) + Math.max(-FOLLOW, Math.min(FOLLOW, behind));
    }
    this.#low = smallestAround(level, this.#width);
    this.#high = largestAround(level, this.#width);
  }
}

/** Median of up to SAMPLES pictures, pixel by pixel, without those that are saturated there. */
function medianOf(pictures: readonly ExposedPicture[]): Int16Array {
  const count = Math.min(SAMPLES, pictures.length);
  const chosen = Array.from({ length: count }, (_, k) =>
    pictures.at(Math.round((k * (pictures.length - 1)) / Math.max(1, count - 1))),
  ).filter((picture) => picture !== undefined);
  const tables = chosen.map(({ exposure }) => levels(exposure));
  const lumas = chosen.map(({ luma }) => luma);
  const brightest = Math.max(0, ...tables.map((table) => table[SATURATED] ?? 0));
  const level = new Int16Array(lumas[0]?.length ?? 0);
  const values = new Int16Array(count);
  for (let i = 0; i < level.length; i += 1) {
    let n = 0;
    for (let k = 0; k < lumas.length; k += 1) {
      const luma = (lumas[k] as Uint8Array)[i] as number;
      if (luma >= SATURATED) continue;
      const value = (tables[k] as Int16Array)[luma] as number;
      let at = n;
      while (at > 0 && (values[at - 1] as number) > value) {
        values[at] = values[at - 1] as number;
        at -= 1;
      }
      values[at] = value;
      n += 1;
    }
    // Saturated in most pictures: the place is brighter than any of them can tell.
    level[i] = n * 2 > count ? (values[n >> 1] as number) : brightest;
  }
  return level;
}

/** Reference level of each of 256 luma values. */
function levels({ gain, offset }: Exposure): Int16Array {
  return Int16Array.from({ length: 256 }, (_, luma) => Math.round(gain * luma + offset));
}

/** Largest of the nine levels around each pixel; edges count their own twice. */
function largestAround(level: Int16Array, width: number): Int16Array {
  const rows = new Int16Array(level.length);
  for (let start = 0; start < level.length; start += width) {
    const last = start + width - 1;
    for (let i = start; i <= last; i += 1) {
      const here = level[i] as number;
      const left = i > start ? (level[i - 1] as number) : here;
      const right = i < last ? (level[i + 1] as number) : here;
      const larger = Math.max(left, right);
      rows[i] = Math.max(here, larger);
    }
  }
  const out = new Int16Array(level.length);
  for (let i = 0; i < level.length; i += 1) {
    const here = rows[i] as number;
    const above = i >= width ? (rows[i - width] as number) : here;
    const below = i + width < level.length ? (rows[i + width] as number) : here;
    const larger = Math.max(above, below);
    out[i] = Math.max(here, larger);
  }
  return out;
}

/** Smallest of the nine levels around each pixel. */
function smallestAround(level: Int16Array, width: number): Int16Array {
  return largestAround(
    level.map((value) => -value),
    width,
  ).map((value) => -value);
}

/** Value that `rank` of the counted ones do not exceed. */
function quantile(histogram: Uint32Array, rank: number): number {
  let seen = 0;
  for (let value = 0; value < histogram.length; value += 1) {
    seen += histogram[value] ?? 0;
    if (seen >= rank) return value;
  }
  return 0;
}
