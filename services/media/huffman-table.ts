/** Bits that are looked up at once; the few longer codes are searched. */
const FAST_BITS = 10;
const LONGEST_CODE = 16;

/** A Huffman table of a baseline JPEG (ITU-T T.81 annex C) that answers with a number made of each code beforehand. */
export class HuffmanTable {
  readonly #fast = new Uint16Array(1 << FAST_BITS);
  readonly #firstCode = new Int32Array(LONGEST_CODE + 1);
  readonly #firstIndex = new Int32Array(LONGEST_CODE + 1);
  readonly #counts: Uint8Array;
  /** Answers in the order of the symbols. */
  readonly #answers: Uint16Array;

  /**
   * @param counts how many codes of each length from 1 to 16
   * @param symbols their symbols, shortest first
   * @param answer what is said of a code of that length and symbol, 1 to 65535
   */
  constructor(
    counts: Uint8Array,
    symbols: Uint8Array,
    answer: (codeLength: number, symbol: number) => number,
  ) {
    this.#counts = Uint8Array.from(counts);
    this.#answers = new Uint16Array(symbols.length);
    let code = 0;
    let index = 0;
    for (let length = 1; length <= LONGEST_CODE; length += 1) {
      this.#firstCode[length] = code;
      this.#firstIndex[length] = index;
      for (let i = 0; i < (counts[length - 1] ?? 0); i += 1, code += 1, index += 1) {
        const said = answer(length, symbols[index] ?? 0);
        this.#answers[index] = said;
        if (length > FAST_BITS) continue;
        const low = code << (FAST_BITS - length);
        this.#fast.fill(said, low, low + (1 << (FAST_BITS - length)));
      }
      code <<= 1;
    }
  }

  /** @param next the next 16 bits of the scan; returns the answer of the code that they begin with, 0: none does. */
  read(next: number): number {
    return this.#fast[next >> (LONGEST_CODE - FAST_BITS)] || this.#search(next);
  }

  #search(next: number): number {
    for (let length = FAST_BITS + 1; length <= LONGEST_CODE; length += 1) {
      const at = (next >> (LONGEST_CODE - length)) - (this.#firstCode[length] ?? 0);
      if (at >= 0 && at < (this.#counts[length - 1] ?? 0)) {
        return this.#answers[(this.#firstIndex[length] ?? 0) + at] ?? 0;
      }
    }
    return 0;
  }
}

/** Answer for a first coefficient: length of the code × 256 + bits of its value, 0 to 15. */
export function firstAnswer(codeLength: number, symbol: number): number {
  return (codeLength << 8) | (symbol & 15);
}

/** Steps that end a block: beyond any sum of real ones. */
export const END_OF_BLOCK = 128;

/** Answer for another coefficient: bits of code and value together × 256 + how many coefficients it covers, or END_OF_BLOCK. */
export function otherAnswer(codeLength: number, symbol: number): number {
  const [zeros, bits] = [symbol >> 4, symbol & 15];
  return ((codeLength + bits) << 8) | (bits === 0 && zeros < 15 ? END_OF_BLOCK : zeros + 1);
}
