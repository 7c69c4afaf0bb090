import { firstAnswer, HuffmanTable, otherAnswer } from './huffman-table.ts';

/** One colour of a baseline JPEG: what a reader of its scan must know. */
export interface JpegComponent {
  /** Blocks of it in an MCU, across and down. */
  across: number;
  down: number;
  /** Quantisation step of the first coefficient. */
  quantum: number;
  /** Answers as firstAnswer. */
  dc: HuffmanTable;
  /** Answers as otherAnswer. */
  ac: HuffmanTable;
}

/** The only scan of a baseline JPEG. */
export interface JpegScan {
  /** Luma first. One: grey. */
  components: readonly JpegComponent[];
  /** Pixels. */
  width: number;
  height: number;
  /** MCUs between two restart markers; 0: there are none. */
  restart: number;
  /** Its entropy-coded data, from the first byte to the end of the file. */
  data: Uint8Array;
}

// Markers of ITU-T T.81, table B.1. C0 and C1 are Huffman-coded and sequential; C2 to CF without C4 are not, or not alone.
const SOF_BASELINE = 0xc0;
const SOF_EXTENDED = 0xc1;
const DHT = 0xc4;
const LAST_SOF = 0xcf;
const SOS = 0xda;
const DQT = 0xdb;
const DRI = 0xdd;
const APP14 = 0xee;

interface Tables {
  /** First quantisation step by number of the table. */
  quanta: Map<number, number>;
  /** By class and number as in the file: 0x00 to 0x03 for first coefficients, 0x10 to 0x13 for the others. */
  huffman: Map<number, HuffmanTable>;
}

/** Reads the headers up to the scan. Undefined: not 8 bits in YCbCr or grey, not one Huffman-coded sequential scan, or broken. */
export function readJpegScan(bytes: Uint8Array): JpegScan | undefined {
  const tables: Tables = { quanta: new Map(), huffman: new Map() };
  let frame: Uint8Array | undefined;
  let restart = 0;
  let offset = 2;
  while (offset + 4 <= bytes.length && bytes[offset] === 0xff) {
    const marker = bytes[offset + 1] ?? 0;
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    const end = offset + 2 + wordAt(bytes, offset + 2);
    if (end < offset + 4 || end > bytes.length) return undefined;
    const body = bytes.subarray(offset + 4, end);
    if (marker === DQT) readQuanta(body, tables.quanta);
    else if (marker === DHT) readHuffman(body, tables.huffman);
    else if (marker === DRI) restart = wordAt(body, 0);
    else if (marker === APP14 && !isYcbcr(body)) return undefined;
    else if (marker === SOF_BASELINE || marker === SOF_EXTENDED) frame = body;
    else if (marker > SOF_EXTENDED && marker <= LAST_SOF) return undefined;
    else if (marker === SOS) {
      return frame && scanOf(frame, body, tables, { restart, data: bytes.subarray(end) });
    }
    offset = end;
  }
  return undefined;
}

const wordAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);

/** Adobe's marker (Technical Note 5116) says in its last byte what the colours are; 1 is YCbCr. */
function isYcbcr(app14: Uint8Array): boolean {
  return app14.length !== 12 || app14[11] === 1;
}

function readQuanta(body: Uint8Array, quanta: Map<number, number>): void {
  for (let at = 0; at < body.length; ) {
    const head = body[at] ?? 0;
    const wide = head >> 4 > 0;
    quanta.set(head & 15, wide ? wordAt(body, at + 1) : (body[at + 1] ?? 0));
    at += 1 + (wide ? 128 : 64);
  }
}

function readHuffman(body: Uint8Array, huffman: Map<number, HuffmanTable>): void {
  for (let at = 0; at + 17 <= body.length; ) {
    const counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const place = body[at] ?? 0;
    huffman.set(place, huffmanTable(place >> 4, counts, body.subarray(at + 17, at + 17 + total)));
    at += 17 + total;
  }
}

/** Cameras send the same tables with every picture. */
const known = new Map<string, HuffmanTable>();
const MOST_KNOWN = 64;

/** @param kind 0: of first coefficients, 1: of the others */
function huffmanTable(kind: number, counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const key = `${kind}${Buffer.from(counts).toString('latin1')}${Buffer.from(symbols).toString('latin1')}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MOST_KNOWN) known.clear();
  const table = new HuffmanTable(counts, symbols, kind === 0 ? firstAnswer : otherAnswer);
  known.set(key, table);
  return table;
}

/** Names of components that say RGB where no marker says anything (libjpeg's rule). */
const RED = 0x52;

function scanOf(
  frame: Uint8Array,
  scan: Uint8Array,
  { quanta, huffman }: Tables,
  rest: Pick<JpegScan, 'restart' | 'data'>,
): JpegScan | undefined {
  const count = frame[5] ?? 0;
  const [height, width] = [wordAt(frame, 1), wordAt(frame, 3)];
  if (frame[0] !== 8 || (count !== 1 && count !== 3) || scan[0] !== count || frame[6] === RED)
    return undefined;
  const components: JpegComponent[] = [];
  for (let i = 0; i < count; i += 1) {
    const [id, factors, quantiser] = frame.subarray(6 + 3 * i, 9 + 3 * i);
    const [scanned, coders] = scan.subarray(1 + 2 * i, 3 + 2 * i);
    const quantum = quanta.get(quantiser ?? 0);
    const dc = huffman.get((coders ?? 0) >> 4);
    const ac = huffman.get(0x10 | ((coders ?? 0) & 15));
    if (id !== scanned || quantum === undefined || dc === undefined || ac === undefined) return undefined;
    components.push({ across: (factors ?? 0) >> 4, down: (factors ?? 0) & 15, quantum, dc, ac });
  }
  const [luma] = components;
  const fair = components.every(
    ({ across, down }) =>
      across >= 1 && down >= 1 && across <= (luma?.across ?? 0) && down <= (luma?.down ?? 0),
  );
  if (!fair || (luma?.across ?? 0) > 4 || (luma?.down ?? 0) > 4) return undefined;
  return { components, width, height, ...rest };
}
