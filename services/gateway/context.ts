import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ServiceConfig } from '../config/config.ts';
import { createLogger } from '../config/logger.ts';
import { type Database, openDatabase } from '../db/database.ts';
import type { ObjectStore } from '../evidence/object-store.ts';
import { openObjectStore } from '../evidence/open.ts';
import { type LookQueue, openLookQueue } from '../queue/look-queue.ts';
import { createGateways, type Gateways } from './gateways.ts';
import { type CameraHealth, createCameraHealth } from './health/camera-health.ts';
import { createDeviceClocks, type DeviceClocks } from './health/device-clocks.ts';
import { createFaultBook, type FaultBook } from './health/fault-book.ts';
import { keepTrying } from './keep-trying.ts';
import { type CoverageMarker, createCoverageMarker } from './looks/coverage-marker.ts';
import { createLookIntake, type LookIntake } from './looks/intake.ts';
import { createLanes, type Lanes } from './looks/lanes.ts';
import { createLastPictures, type LastPictures } from './looks/last-pictures.ts';
import { createWatches, type Watches } from './looks/watches.ts';
import { createRefusalCounter, type RefusalCounter } from './refusals/counter.ts';
import { openRegistry, type Registry } from './registry/registry.ts';

/** Everything that the gateway's parts share. Made once, passed everywhere. */
export interface GatewayParts {
  config: ServiceConfig;
  db: Database;
  store: ObjectStore;
  queue: LookQueue;
  registry: Registry;
  gateways: Gateways;
  watches: Watches;
  lanes: Lanes;
  intake: LookIntake;
  coverage: CoverageMarker;
  faults: FaultBook;
  health: CameraHealth;
  clocks: DeviceClocks;
  pictures: LastPictures;
  refusals: RefusalCounter;
  log: Logger;
  now(): Date;
  /** Outages are counted and logged sparingly, work goes on by itself. */
  onError(error: Error): void;
  /** Fires when the process stops: what waits for an outage to end gives up, unanswered. */
  stopping: AbortSignal;
  /** Does the work until it succeeds. @throws Stopped, Refusal */
  trying<T>(work: () => Promise<T>): Promise<T>;
}

/** What tests replace. */
export type GatewayOverrides = Partial<Pick<GatewayParts, 'store' | 'queue' | 'log' | 'now'>>;

export interface GatewayContext {
  parts: GatewayParts;
  /** Everything that waits gives up; nothing of it is acknowledged. */
  abort(): void;
  close(): Promise<void>;
}

export function createGatewayContext(
  config: ServiceConfig,
  overrides: GatewayOverrides = {},
): GatewayContext {
  const log = overrides.log ?? createLogger('gateway', config.logLevel);
  const now = overrides.now ?? (() => new Date());
  const onError = quietly((error, times) => log.warn({ err: error, times }, 'not done, trying again'));
  const stop = new AbortController();
  const database = openDatabase(config.databaseUrl, { max: 12, name: 'mingzao gateway', onError });
  const { db } = database;
  const store = overrides.store ?? openObjectStore(config.objectStore);
  const queue =
    overrides.queue ?? openLookQueue({ redisUrl: config.redisUrl, databaseUrl: config.databaseUrl }, onError);
  const registry = openRegistry({ db, databaseUrl: config.databaseUrl, onError });
  const refusals = createRefusalCounter(db, now, onError);
  const pictures = createLastPictures(db, store, now, onError);
  const faults = createFaultBook(db, now, onError);
  const health = createCameraHealth(db, faults, onError);
  const clocks = createDeviceClocks(faults);
  registry.onChange(() => {
    for (const part of [faults, health, clocks]) part.keepOnly((id) => registry.cameras.has(id));
  });
  const parts: GatewayParts = {
    config,
    db,
    store,
    queue,
    registry,
    refusals,
    pictures,
    faults,
    health,
    clocks,
    log,
    now,
    onError,
    gateways: createGateways(db, now, onError),
    watches: createWatches(registry),
    lanes: createLanes(),
    intake: createLookIntake({ db, store, queue, now, signal: stop.signal, onError }),
    coverage: createCoverageMarker(db, stop.signal, onError),
    stopping: stop.signal,
    trying: (work) => keepTrying(work, stop.signal, onError),
  };
  return {
    parts,
    abort: () => stop.abort(),
    async close() {
      stop.abort();
      await registry.close();
      const last = Promise.all([refusals.close(), pictures.close()]);
      await Promise.race([last, sleep(CLOSE_MS, undefined, { ref: false })]);
      await Promise.race([queue.close(), sleep(CLOSE_MS, undefined, { ref: false })]);
      store.close();
      // A query that hangs would hold this up; the server ends it when the process is gone.
      await Promise.race([database.close(), sleep(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

/** Milliseconds that a connection has to close in good order. */
const CLOSE_MS = 500;
/** Milliseconds in which equal errors are said once. */
const QUIET_MS = 5_000;

/** Says an error at once, and its repetitions as a number. */
function quietly(say: (error: Error, times: number) => void): (error: Error) => void {
  const heard = new Map<string, { times: number; saidAt: number }>();
  return (error) => {
    const key = `${error.name} ${error.message}`.slice(0, 200);
    const entry = heard.get(key) ?? { times: 0, saidAt: Number.NEGATIVE_INFINITY };
    entry.times += 1;
    if (performance.now() - entry.saidAt >= QUIET_MS) {
      say(error, entry.times);
      entry.saidAt = performance.now();
      entry.times = 0;
    }
    if (heard.size > 100) heard.clear();
    heard.set(key, entry);
  };
}
