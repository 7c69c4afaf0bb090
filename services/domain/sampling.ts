/**
 * Which closed class-3 tasks people look at. The row of a county's closed tasks is cut into blocks of ⌊1 ÷ share⌋; the seed draws
 * one of each block. So the share is kept in every full block, nobody can tell beforehand which, and who has seed and number
 * can repeat the draw. A month whose blocks were not full and drew none draws one at its end (`pickOne`). Pure.
 */
import { createHash } from 'node:crypto';

/** @param no place in the row, from 0 @param share 0.1..1 */
export function isDrawn(seed: string, no: number, share: number): boolean {
  const size = blockSize(share);
  const block = Math.floor(no / size);
  return no % size === drawn(seed, block, size);
}

export function blockSize(share: number): number {
  // A share like 0.1 is a little more than a tenth in binary.
  return Math.max(1, Math.floor(1 / share + 1e-9));
}

function drawn(seed: string, block: number, size: number): number {
  const digest = createHash('sha256').update(`${seed}|${block}`).digest();
  // 48 bits: the bias of the remainder is below 10⁻¹².
  return digest.readUIntBE(0, 6) % size;
}

/** A number 0..1 that a key always gets: for shares of single things. */
export function shareOf(seed: string, key: string): number {
  return createHash('sha256').update(`${seed}|${key}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

/**
 * The one that a period is not left without, where its blocks were not full and drew none: the smallest number of all, known only when
 * the period is over, so that nobody can tell beforehand. Repeatable with seed, period and the tasks' numbers.
 */
export function pickOne(seed: string, period: string, keys: readonly string[]): string | undefined {
  const [first] = keys
    .map((key) => ({ key, share: shareOf(`${seed}|${period}`, key) }))
    .sort((a, b) => a.share - b.share);
  return first?.key;
}
