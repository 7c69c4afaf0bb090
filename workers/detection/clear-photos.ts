import type { Database } from '../../services/db/database.ts';
import { forgetLeftPhotos, unknownKeys } from '../../services/db/photo-leftovers.ts';
import { FIXED_RETENTION } from '../../services/domain/retention.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';

/** A photograph that became part of nothing in time is removed, and so is one that a crash left without its row. */
const KEPT_MS = FIXED_RETENTION.upload * 3_600_000;
const MOST_A_ROUND = 500;

/** @returns objects removed */
export async function clearPhotos({
  db,
  store,
  now,
}: {
  db: Database;
  store: ObjectStore;
  now: () => Date;
}): Promise<number> {
  const before = new Date(now().getTime() - KEPT_MS);
  const left = await forgetLeftPhotos(db, before, MOST_A_ROUND);
  const old: string[] = [];
  for await (const { key, at } of store.list('reports')) if (at < before) old.push(key);
  const gone = [...new Set([...left, ...(await unknownKeys(db, old))])];
  for (const key of gone) await store.remove(key);
  return gone.length;
}
