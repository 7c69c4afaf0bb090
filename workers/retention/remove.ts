import type { Database } from '../../services/db/database.ts';
import { cancelRemoval, claimRemoval, finishRemoval, planRemovals } from '../../services/db/removals.ts';
import { ObjectMissing, type ObjectStore } from '../../services/evidence/object-store.ts';

export interface RetentionContext {
  db: Database;
  /** Without the guard: what is removed here was written down first. */
  store: ObjectStore;
  now: () => Date;
}

/** Objects of one step: a stop waits for one step at most. */
export const STEP = 100;
/** Longer than removing one object may take. */
const LEASE_S = 300;

/** Writes down what is over, one step. */
export async function planStep({ db, now }: RetentionContext): Promise<number> {
  return await planRemovals(db, now(), STEP);
}

/**
 * Removes what was written down, one step. Killed between any two statements, the next run goes on: the object is removed
 * again, which is no error, and the row is finished. @returns keys that were removed
 */
export async function removeStep(context: RetentionContext): Promise<string[]> {
  const { db, store, now } = context;
  const removed: string[] = [];
  for (let count = 0; count < STEP; count += 1) {
    const removal = await claimRemoval(db, now(), LEASE_S);
    if (removal === undefined) break;
    if (removal.kept && (await isThere(store, removal.key))) {
      await cancelRemoval(db, removal.id, now());
      continue;
    }
    if (!removal.kept) await store.remove(removal.key);
    await finishRemoval(db, removal.id, now());
    removed.push(removal.key);
  }
  return removed;
}

async function isThere(store: ObjectStore, key: string): Promise<boolean> {
  try {
    await store.get(key);
    return true;
  } catch (error) {
    if (error instanceof ObjectMissing) return false;
    throw error;
  }
}
