import { publicKeysInUse } from '../../services/db/public-pictures.ts';
import { type RetentionContext, STEP } from './remove.ts';

/** Milliseconds: a redacted picture is put first, its row follows within seconds. */
const LEFT_AFTER_MS = 3_600_000;

/**
 * Redacted pictures for the public that a crash left without a row, one step. They are copies made for a minute: nothing is written
 * down of their going. @returns keys that were removed
 */
export async function sweepPublic({ db, store, now }: RetentionContext): Promise<string[]> {
  const before = new Date(now().getTime() - LEFT_AFTER_MS);
  const removed: string[] = [];
  let old: string[] = [];
  const settle = async (): Promise<void> => {
    const used = await publicKeysInUse(db, old);
    for (const key of old.filter((one) => !used.has(one))) {
      await store.remove(key);
      removed.push(key);
    }
    old = [];
  };
  for await (const { key, at } of store.list('public')) {
    if (at >= before) continue;
    old.push(key);
    if (old.length === STEP) await settle();
    if (removed.length >= STEP) break;
  }
  await settle();
  return removed;
}
