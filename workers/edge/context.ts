import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { ServiceConfig } from '../../services/config/config.ts';
import { createLogger } from '../../services/config/logger.ts';
import { openDatabase } from '../../services/db/database.ts';
import { syncEdgeFaults } from '../../services/db/edge-faults.ts';
import { claimEdgeEvents, nextEdgeEventDue } from '../../services/db/edge-work.ts';
import { listen } from '../../services/db/listen.ts';
import { startBeating } from '../../services/db/process-beats.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import { allowedFrom } from '../../services/outbound/address.ts';
import { createOutbound } from '../../services/outbound/request.ts';
import { type LookQueue, openLookQueue } from '../../services/queue/look-queue.ts';
import { type Advance, advance, type EdgeContext } from './advance.ts';

/** Looked at least this often, should a NOTIFY be missed. */
const IDLE_MS = 15_000;
const AFTER_TROUBLE_MS = 1_000;
const BATCH = 10;
/** Longer than a picture may take. */
const LEASE_S = 60;

export interface EdgeOverrides {
  log?: Logger;
  now?: () => Date;
  store?: ObjectStore;
  queue?: LookQueue;
  /** Hears of every event that was brought on. */
  onAdvanced?: (eventId: string, advance: Advance) => void;
}

export interface EdgeWorker {
  close(): Promise<void>;
}

/** Puts the worker for edge boxes together and starts it: woken by NOTIFY, by the next due time, and now and then. */
export function startEdge(config: ServiceConfig, overrides: EdgeOverrides = {}): EdgeWorker {
  const log = overrides.log ?? createLogger('edge', config.logLevel);
  const onError = (error: Error): void => log.warn({ error: error.message }, 'trouble, will be tried again');
  const database = openDatabase(config.databaseUrl, { max: 4, name: 'mingzao edge', onError });
  const store = overrides.store ?? openObjectStore(config.objectStore);
  const connection = { redisUrl: config.redisUrl, databaseUrl: config.databaseUrl };
  const queue = overrides.queue ?? openLookQueue(connection, onError);
  const context: EdgeContext = {
    db: database.db,
    store,
    queue,
    outbound: createOutbound(allowedFrom(config.outboundAllow)),
    now: overrides.now ?? (() => new Date()),
  };
  const claimer = randomUUID();
  let closed = false;
  let called = false;
  let wake: () => void = () => {};
  const listener = listen(config.databaseUrl, ['mingzao_edge'], () => {
    called = true;
    wake();
  });
  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (called || closed) return resolve();
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const round = async (): Promise<number> => {
    for (;;) {
      const limits = { count: BATCH, leaseS: LEASE_S };
      const events = await claimEdgeEvents(context.db, claimer, context.now(), limits);
      const done = await Promise.allSettled(
        events.map(async (event) => {
          const result = await advance(context, event);
          log.debug({ event: event.id, kind: event.kind, result }, 'edge event');
          overrides.onAdvanced?.(event.id, result);
        }),
      );
      for (const one of done) if (one.status === 'rejected') onError(one.reason as Error);
      if (events.length < BATCH) break;
    }
    const changed = await syncEdgeFaults(context.db, context.now());
    if (changed.opened + changed.closed > 0) log.info(changed, 'device tickets of edge boxes');
    const due = await nextEdgeEventDue(context.db);
    if (due === undefined) return IDLE_MS;
    return Math.max(50, Math.min(IDLE_MS, due.getTime() - context.now().getTime()));
  };
  const work = async (): Promise<void> => {
    while (!closed) {
      called = false;
      let wait = AFTER_TROUBLE_MS;
      try {
        wait = await round();
      } catch (error) {
        onError(error as Error);
      }
      await rest(wait);
    }
  };
  const working = work();
  const beating = startBeating(context.db, 'edge');
  return {
    async close() {
      closed = true;
      wake();
      await working;
      await Promise.all([listener.close(), queue.close(), beating.close()]);
      await database.close();
      store.close();
    },
  };
}
