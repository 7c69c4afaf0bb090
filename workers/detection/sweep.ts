import type { Logger } from 'pino';
import type { Database } from '../../services/db/database.ts';
import { forgetDecidedLooks, openLookIds, sweepLooks } from '../../services/db/looks.ts';
import { FIXED_RETENTION } from '../../services/domain/retention.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';
import type { LookQueue } from '../../services/queue/look-queue.ts';
import { clearPhotos } from './clear-photos.ts';
import { proposeChanges } from './propose-changes.ts';

/** Seconds after which a look that stands still is moved on (services/db/looks.ts). */
const STILL = { gatheringS: 30, burstS: 40, queuedS: 15 } as const;
const SWEEP_EVERY_MS = 5_000;
const CLEAR_EVERY_MS = 3_600_000;
const PROPOSE_EVERY_MS = 3_600_000;
/** Spooled objects older than this whose look is decided were left by a crash. */
const SPOOL_KEPT_H = 1;

export interface SweepContext {
  db: Database;
  store: ObjectStore;
  queue: LookQueue;
  log: Logger;
  now: () => Date;
}

/** Queues again whatever waits without a job: after a crash, a lost Redis, an exhausted retry. @returns looks queued */
export async function sweep({ db, queue, now }: SweepContext): Promise<number> {
  const waiting = await sweepLooks(db, now(), STILL);
  for (const id of waiting) await queue.add(id);
  return waiting.length;
}

/** Removes what nobody needs any more: old outcomes, and spooled bytes of looks that are decided. @returns objects removed */
export async function clearLeftovers({ db, store, now }: SweepContext): Promise<number> {
  const hoursAgo = (hours: number): Date => new Date(now().getTime() - hours * 3_600_000);
  await forgetDecidedLooks(db, hoursAgo(FIXED_RETENTION.look));
  const old: { key: string; lookId: string }[] = [];
  for await (const { key, at } of store.list('spool')) {
    if (at < hoursAgo(SPOOL_KEPT_H)) old.push({ key, lookId: key.split('/')[1] ?? '' });
  }
  const open = await openLookIds(
    db,
    old.map(({ lookId }) => lookId),
  );
  const left = old.filter(({ lookId }) => !open.has(lookId));
  for (const { key } of left) await store.remove(key);
  return left.length;
}

/** Runs them for as long as the process lives; an outage is logged and tried again. */
export function startSweeping(context: SweepContext): { close(): void } {
  const every = (ms: number, what: string, work: () => Promise<number>): NodeJS.Timeout => {
    let running = false;
    return setInterval(() => {
      if (running) return;
      running = true;
      work()
        .then(
          (count) => count > 0 && context.log.info({ count }, what),
          (error: Error) => context.log.warn({ error: error.message }, `${what} failed, will be tried again`),
        )
        .finally(() => {
          running = false;
        });
    }, ms);
  };
  const timers = [
    every(SWEEP_EVERY_MS, 'looks that stood still were queued again', () => sweep(context)),
    every(CLEAR_EVERY_MS, 'leftovers were cleared', () => clearLeftovers(context)),
    every(CLEAR_EVERY_MS, 'photos that belong to nothing were cleared', () => clearPhotos(context)),
    every(PROPOSE_EVERY_MS, 'changes of rules were proposed', () => proposeChanges(context)),
  ];
  return { close: () => timers.forEach(clearInterval) };
}
