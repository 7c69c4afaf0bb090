import { END_OF_BLOCK } from './huffman-table.ts';
import { type JpegScan, readJpegScan } from './jpeg-scan.ts';

/** Luma of a picture at one eighth of its size: the mean of each block of 8×8 pixels, rows from the top. */
export interface EighthLuma {
  luma: Uint8Array;
  /** Bytes from row to row. */
  stride: number;
  /** Blocks that show something of the picture; those at the right and lower edge may reach over it. */
  width: number;
  height: number;
}

/**
 * The luma means that a baseline JPEG carries itself: the first coefficient of each block. The others are stepped over, not
 * decoded; the numbers are those of libjpeg's decoding at 1/8, in a third of its time.
 * Undefined: no complete baseline JPEG in YCbCr or grey with one scan; a real decoder must say what it is.
 */
export function eighthLumaOfJpeg(bytes: Uint8Array): EighthLuma | undefined {
  const scan = readJpegScan(bytes);
  const [first] = scan?.components ?? [];
  if (scan === undefined || first === undefined) return undefined;
  // A single component is not interleaved: its MCU is one block whatever its factors say (T.81 A.2.2).
  const [across, down] = scan.components.length === 1 ? [1, 1] : [first.across, first.down];
  const columns = Math.ceil(scan.width / (8 * across));
  const rows = Math.ceil(scan.height / (8 * down));
  const stride = columns * across;
  const luma = new Uint8Array(stride * rows * down);
  const mcu: Mcus = { across, down, columns, count: columns * rows, stride };
  let at = 0;
  for (let from = 0; from < mcu.count; ) {
    const until = scan.restart === 0 ? mcu.count : Math.min(mcu.count, from + scan.restart);
    const end = endOfSegment(scan.data, at);
    if (end === undefined) return undefined;
    const marker = scan.data[end + 1] ?? 0;
    if (until === mcu.count ? marker !== EOI : marker < RST0 || marker > RST7) return undefined;
    if (!readSegment(withoutStuffing(scan.data.subarray(at, end)), scan, mcu, luma, { from, until }))
      return undefined;
    at = end + 2;
    from = until;
  }
  return { luma, stride, width: Math.ceil(scan.width / 8), height: Math.ceil(scan.height / 8) };
}

const RST0 = 0xd0;
const RST7 = 0xd7;
const EOI = 0xd9;

interface Mcus {
  /** Luma blocks in one. */
  across: number;
  down: number;
  /** MCUs in a row, and altogether. */
  columns: number;
  count: number;
  /** Bytes of a row of the result. */
  stride: number;
}

/** Where the next marker stands: FF with something else than 00 behind it. */
function endOfSegment(data: Uint8Array, from: number): number | undefined {
  for (let at = data.indexOf(0xff, from); at >= 0 && at + 1 < data.length; at = data.indexOf(0xff, at + 1)) {
    if (data[at + 1] !== 0 && data[at + 1] !== 0xff) return at;
  }
  return undefined;
}

/** Bytes that a reader may look at behind the end: 64 codes of a block with 31 bits each, and one look more. */
const MARGIN = 256;

/** The data with FF instead of FF 00, and zeros behind. */
function withoutStuffing(segment: Uint8Array): { bytes: Uint8Array; bits: number } {
  const bytes = new Uint8Array(segment.length + MARGIN);
  let to = 0;
  let from = 0;
  for (let at = segment.indexOf(0xff); at >= 0; at = segment.indexOf(0xff, from)) {
    bytes.set(segment.subarray(from, at + 1), to);
    to += at + 1 - from;
    from = segment[at + 1] === 0 ? at + 2 : at + 1;
  }
  bytes.set(segment.subarray(from), to);
  return { bytes, bits: (to + segment.length - from) * 8 };
}

/** Reads the MCUs between two markers into `luma`; false: the data are broken or end early. */
function readSegment(
  { bytes, bits }: { bytes: Uint8Array; bits: number },
  { components }: JpegScan,
  mcu: Mcus,
  luma: Uint8Array,
  { from, until }: { from: number; until: number },
): boolean {
  const view = new DataView(bytes.buffer);
  const means = new Int32Array(components.length);
  let at = 0;
  for (let index = from; index < until; index += 1) {
    const top = Math.floor(index / mcu.columns) * mcu.down;
    const left = (index % mcu.columns) * mcu.across;
    for (let c = 0; c < components.length; c += 1) {
      const component = components[c];
      if (component === undefined) return false;
      const across = components.length === 1 ? 1 : component.across;
      const blocks = components.length === 1 ? 1 : across * component.down;
      const { dc, ac, quantum } = component;
      for (let block = 0; block < blocks; block += 1) {
        const code = dc.read(bitsAt(view, at));
        if (code === 0) return false;
        at += code >> 8;
        const size = code & 255;
        means[c] = (means[c] ?? 0) + valueAt(view, at, size);
        at += size;
        let place = 1;
        while (place < 64) {
          const step = ac.read(bitsAt(view, at));
          if (step === 0) return false;
          at += step >> 8;
          place += step & 255;
        }
        if (at > bits || (place > 64 && place < END_OF_BLOCK)) return false;
        if (c === 0) {
          const y = top + Math.floor(block / across);
          luma[y * mcu.stride + left + (block % across)] = levelOf((means[0] ?? 0) * quantum);
        }
      }
    }
  }
  return true;
}

/** The 16 bits from bit `at` on. */
function bitsAt(view: DataView, at: number): number {
  return (view.getInt32(at >> 3) << (at & 7)) >>> 16;
}

/** A value of `size` bits as T.81 F.2.2.1 extends it. */
function valueAt(view: DataView, at: number, size: number): number {
  if (size === 0) return 0;
  const raw = bitsAt(view, at) >> (16 - size);
  return raw < 1 << (size - 1) ? raw - (1 << size) + 1 : raw;
}

/** First coefficient, dequantised, as a level from 0 to 255. */
function levelOf(coefficient: number): number {
  return Math.max(0, Math.min(255, 128 + ((coefficient + 4) >> 3)));
}
