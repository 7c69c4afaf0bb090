import type { Logger } from 'pino';
import { keepDiskSample } from '../../services/db/disk-samples.ts';
import { endEdgeEvents } from '../../services/db/edge-retention.ts';
import { endNoticePhotos } from '../../services/db/notice-photos.ts';
import { forgetBeats } from '../../services/db/process-beats.ts';
import { REMOVABLE_LOGS, removeLogs } from '../../services/db/remove-logs.ts';
import { endVisitPhotos, forgetWaitingPhotos } from '../../services/db/visit-photos.ts';
import { FIXED_RETENTION } from '../../services/domain/retention.ts';
import type { DiskSpace } from '../../services/evidence/disk-space.ts';
import { planStep, type RetentionContext, removeStep, STEP } from './remove.ts';
import { sweepStep } from './sweep-orphans.ts';
import { sweepPublic } from './sweep-public.ts';
import { stampStep, type TimeStampContext } from './time-stamps.ts';

/** Milliseconds between rounds when nothing is left to do, and between two walks through the whole store. */
const EVERY_MS = 30_000;
const WALK_EVERY_MS = 86_400_000;
const PLAN_EVERY_MS = 3_600_000;
/** A photograph without a visit. */
const WAITING_MS = FIXED_RETENTION.upload * 3_600_000;
/** Rows of a log that one step removes. */
const LOG_STEP = 5_000;

type Stamps = Pick<TimeStampContext, 'url' | 'roots' | 'quietS'>;

/** Runs for as long as the process lives; each step is small, so that a stop waits for one at most. An outage is tried again. */
export function startRounds(
  context: RetentionContext & { log: Logger; disk: () => Promise<DiskSpace | null> },
  stamps: Stamps | undefined,
  everyMs = EVERY_MS,
): { close(): Promise<void> } {
  const { log } = context;
  const stopped = Promise.withResolvers<void>();
  let closed = false;
  let walkAt = 0;
  let planAt = 0;

  /** @returns whether there may be more to do at once */
  const round = async (): Promise<boolean> => {
    if (stamps !== undefined) {
      const { stamped, errors } = await stampStep({ ...context, ...stamps });
      if (stamped > 0) log.info({ stamped }, 'time stamps were given');
      if (errors.length > 0) log.warn({ count: errors.length, error: errors[0] }, 'no time stamp yet');
    }
    let more = false;
    if (performance.now() >= planAt) {
      await keepDiskSample(context.db, await context.disk(), context.now());
      await forgetBeats(context.db);
      const left = await sweepPublic(context);
      if (left.length > 0) log.info({ count: left.length }, 'redacted pictures without a row were removed');
      const waiting = new Date(context.now().getTime() - WAITING_MS);
      const forgotten = await forgetWaitingPhotos(context.db, waiting, STEP);
      const photos = await endVisitPhotos(context.db, context.now(), STEP);
      if (photos > 0) log.info({ photos }, "photographs of cadres' visits whose time was over");
      const notices = await endNoticePhotos(context.db, context.now(), STEP);
      if (notices > 0) log.info({ photos: notices }, 'photographs of notices whose time was over');
      const said = await endEdgeEvents(context.db, context.now(), STEP);
      if (said > 0) log.info({ events: said }, 'messages of boxes whose time was over');
      more ||= left.length >= STEP || forgotten === STEP;
      const planned = (await planStep(context)) + photos + notices + said;
      if (planned > 0) more = true;
      else planAt = performance.now() + PLAN_EVERY_MS;
      for (const item of REMOVABLE_LOGS) {
        const rows = await removeLogs(context.db, item, context.now(), LOG_STEP);
        if (rows > 0) log.info({ item, rows }, 'logs whose time was over were removed');
        more ||= rows > 0;
      }
    }
    if (performance.now() >= walkAt) {
      const { planned, finished } = await sweepStep(context);
      if (planned.length > 0) log.warn({ keys: planned }, 'objects without a row will be removed');
      if (finished) walkAt = performance.now() + WALK_EVERY_MS;
      more ||= !finished;
    }
    const removed = await removeStep(context);
    if (removed.length > 0) log.info({ count: removed.length, keys: removed }, 'objects were removed');
    return more || removed.length > 0;
  };
  const work = async (): Promise<void> => {
    while (!closed) {
      let more = false;
      try {
        more = await round();
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'retention trouble, will be tried again');
      }
      if (more) continue;
      const rest = Promise.withResolvers<void>();
      const timer = setTimeout(rest.resolve, everyMs);
      await Promise.race([rest.promise, stopped.promise]);
      clearTimeout(timer);
    }
  };
  const working = work();
  return {
    async close() {
      closed = true;
      stopped.resolve();
      await working;
    },
  };
}
