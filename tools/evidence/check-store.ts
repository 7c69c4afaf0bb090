import type { Database } from '../../services/db/database.ts';
import { neededObjects, referenced } from '../../services/db/object-references.ts';
import { KEPT_PREFIXES } from '../../services/evidence/guarded-store.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';

/** What differs between what rows need and what the store has. */
export interface StoreFault {
  /** `orphan`: no row needs it; retention removes it after a day. `removed`: it should be gone and is there. */
  fault: 'missing' | 'size' | 'altered' | 'removed' | 'orphan';
  key: string;
  detail: string;
}

export interface StoreReport {
  objects: number;
  needed: number;
  faults: StoreFault[];
}

const BATCH = 1000;

/** Both ways: every row's object is there, every object has a row. @param bytes also read each and compare its SHA-256 */
export async function checkStore(db: Database, store: ObjectStore, bytes: boolean): Promise<StoreReport> {
  const there = new Map<string, number>();
  for (const prefix of KEPT_PREFIXES)
    for await (const object of store.list(prefix)) there.set(object.key, object.bytes);
  const report: StoreReport = { objects: there.size, needed: 0, faults: [] };
  for (let after = ''; ; ) {
    const batch = await neededObjects(db, after, BATCH);
    for (const object of batch) {
      report.needed += 1;
      const fault = await faultOf(object, there, bytes ? store : undefined);
      if (fault !== undefined) report.faults.push({ key: object.key, ...fault });
    }
    const last = batch.at(-1)?.key;
    if (last === undefined || batch.length < BATCH) break;
    after = last;
  }
  const keys = [...there.keys()];
  for (let from = 0; from < keys.length; from += BATCH) {
    const some = keys.slice(from, from + BATCH);
    const needed = await referenced(db, some);
    for (const key of some)
      if (!needed.has(key)) report.faults.push({ fault: 'orphan', key, detail: 'no row needs it' });
  }
  return report;
}

async function faultOf(
  object: Awaited<ReturnType<typeof neededObjects>>[number],
  there: ReadonlyMap<string, number>,
  store: ObjectStore | undefined,
): Promise<Omit<StoreFault, 'key'> | undefined> {
  const what = `${object.source} ${object.itemId}`;
  const size = there.get(object.key);
  if (size === undefined)
    return object.removedAt === null ? { fault: 'missing', detail: `${what} needs it` } : undefined;
  if (object.removedAt !== null)
    return { fault: 'removed', detail: `was removed ${object.removedAt.toISOString()}, and is there` };
  if (object.bytes !== null && object.bytes !== size)
    return { fault: 'size', detail: `${what}: ${size} bytes instead of ${object.bytes}` };
  if (store === undefined || object.sha256 === null) return undefined;
  return sha256(await store.get(object.key)) === object.sha256
    ? undefined
    : { fault: 'altered', detail: `${what}: other bytes than were received` };
}
