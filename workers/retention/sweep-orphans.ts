import { referenced } from '../../services/db/object-references.ts';
import { forgetOrphans, noteOrphans, type Orphan } from '../../services/db/orphans.ts';
import { plan } from '../../services/db/removals.ts';
import { readCursor, writeCursor } from '../../services/db/retention-cursor.ts';
import { KEPT_PREFIXES } from '../../services/evidence/guarded-store.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import { ObjectMissing } from '../../services/evidence/object-store.ts';
import { type RetentionContext, STEP } from './remove.ts';

/** Milliseconds: an object without a row may be one whose row is just being written. */
const ORPHAN_AFTER_MS = 86_400_000;
const CURSOR = 'orphans';

/**
 * Looks at one step of the store, where the last one ended, also when that was another process. What has been without a row for a
 * day, and was seen so a day ago, is written down for removal with its hash. @returns whether the whole store was walked
 */
export async function sweepStep(
  context: RetentionContext,
): Promise<{ planned: string[]; finished: boolean }> {
  const { db, now } = context;
  const after = await readCursor(db, CURSOR);
  const young = new Date(now().getTime() - ORPHAN_AFTER_MS);
  const keys: string[] = [];
  let seen = 0;
  let last: string | undefined;
  for await (const { key, at } of objectsAfter(context, after)) {
    last = key;
    if (at <= young) keys.push(key);
    seen += 1;
    if (seen === STEP) break;
  }
  const needed = await referenced(db, keys);
  await forgetOrphans(db, [...needed]);
  const orphans = await noteOrphans(
    db,
    keys.filter((key) => !needed.has(key)),
    now(),
  );
  const planned: string[] = [];
  for (const orphan of orphans)
    if (orphan.firstSeen <= young && (await planOrphan(context, orphan))) planned.push(orphan.key);
  const finished = seen < STEP;
  await writeCursor(db, CURSOR, finished ? null : (last ?? null));
  return { planned, finished };
}

async function planOrphan({ db, store, now }: RetentionContext, { key }: Orphan): Promise<boolean> {
  const bytes = await store.get(key).catch((error: unknown) => {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  });
  await forgetOrphans(db, [key]);
  if (bytes === undefined) return false;
  const due = { key, sha256: sha256(bytes), bytes: bytes.length, policy: {}, why: 'orphan' as const };
  return await plan(db, due, now());
}

/** All objects that rows need, prefix by prefix. */
async function* objectsAfter({ store }: RetentionContext, after: string | undefined) {
  const at = after?.split('/')[0];
  const from = KEPT_PREFIXES.findLastIndex((prefix) => prefix === at);
  for (const [index, prefix] of KEPT_PREFIXES.entries()) {
    if (index < from) continue;
    yield* store.list(prefix, index === from ? after : undefined);
  }
}
