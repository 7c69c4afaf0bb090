/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** 0 ≤ x < 1 */
  next(): number;
  /** Whole number, from ≤ n < to. */
  whole(from: number, to: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** By weights. */
  weighted<T>(list: readonly (readonly [T, number])[]): T;
  /** Log-normal: half of the numbers lie below the median; `spread` 1 puts one in six above 2.7 times it. */
  around(median: number, spread: number): number;
}

/** sfc32 (Chris Doty-Humphrey, PractRand): small, fast, good enough for made-up counties. */
export function createRandom(seed: number): Random {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, seed | 0, 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i += 1) next();
  const at = <T>(list: readonly T[], index: number): T => {
    const one = list[index];
    if (one === undefined) throw new RangeError('an empty list has nothing to pick');
    return one;
  };
  return {
    next,
    whole: (from, to) => from + Math.floor(next() * (to - from)),
    chance: (share) => next() < share,
    pick: (list) => at(list, Math.floor(next() * list.length)),
    weighted(list) {
      const whole = list.reduce((sum, [, weight]) => sum + weight, 0);
      let left = next() * whole;
      const index = list.findIndex(([, weight]) => {
        left -= weight;
        return left < 0;
      });
      return at(list, index === -1 ? list.length - 1 : index)[0];
    },
    around(median, spread) {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp(spread * normal);
    },
  };
}
