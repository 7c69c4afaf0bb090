/** Composition root of the API process: configuration → everything its routes are given. Tests override here. */
import { fileURLToPath } from 'node:url';
import type { ServiceConfig } from '../config/config.ts';
import { registerKey } from '../db/case-exports.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { whyKept } from '../db/object-references.ts';
import { createSealer, type Sealer } from '../db/seal.ts';
import { UNDO_MS } from '../domain/cases.ts';
import { openSigningKey, type SigningKey, signingKeyFile } from '../evidence/case/signing-key.ts';
import { guardStore } from '../evidence/guarded-store.ts';
import type { ObjectStore } from '../evidence/object-store.ts';
import { openObjectStore } from '../evidence/open.ts';
import { openLookQueue } from '../queue/look-queue.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { createFileSigner, type FileSigner } from './file-address.ts';
import { createLiveVideo, type LiveVideo } from './live-video.ts';
import { createLiveWalls, type LiveWalls } from './live-wall/wall.ts';
import { createLiveWindows, type LiveWindows } from './live-windows.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createSignInLimit, type SignInLimit } from './sign-in-limit.ts';

const POOL = 10;

type ApiConfig = Pick<
  ServiceConfig,
  | 'databaseUrl'
  | 'redisUrl'
  | 'objectStore'
  | 'secretKey'
  | 'publicUrl'
  | 'logLevel'
  | 'modelsDir'
  | 'dataDir'
  | 'evidenceKeyFile'
  | 'mqttUrl'
  | 'trustedProxies'
>;

export interface ApiContext {
  config: ApiConfig;
  log: Log;
  now: () => Date;
  db: Database;
  store: ObjectStore;
  sealer: Sealer;
  /** What case files are signed with; made, and its public half written down, at the first call. */
  signingKey(): Promise<SigningKey>;
  files: FileSigner;
  events: EventHub;
  liveVideo: LiveVideo;
  liveWalls: LiveWalls;
  liveWindows: LiveWindows;
  metrics: Metrics;
  signInLimit: SignInLimit;
  /** Milliseconds in which a verdict can be undone; the task of a confirmed finding is issued after them. */
  undoMs: number;
  /** Looks that wait and that are being judged. */
  queueDepth(): Promise<{ waiting: number; active: number }>;
  /** Folder of the built page; the page is served when it is there. */
  webRoot: string;
  /** Closes what was opened here, after the server. */
  close(): Promise<void>;
}

export type Overrides = Partial<
  Pick<ApiContext, 'log' | 'now' | 'store' | 'queueDepth' | 'webRoot' | 'undoMs'>
> & {
  /** Milliseconds between reads of events without a call. */
  eventPollMs?: number;
  heartbeatMs?: number;
  /** Milliseconds between two looks at whether a live video may go on. */
  liveCheckMs?: number;
};

export function createContext(config: ApiConfig, overrides: Overrides = {}): ApiContext {
  const log = overrides.log ?? createLog(config.logLevel);
  const now = overrides.now ?? (() => new Date());
  const database = openDatabase(config.databaseUrl, {
    max: POOL,
    name: 'mingzao api',
    onError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const queue = overrides.queueDepth === undefined ? lazyQueue(config, log) : undefined;
  const store =
    overrides.store ?? guardStore(openObjectStore(config.objectStore), (key) => whyKept(database.db, key));
  const metrics = createMetrics();
  const { db } = database;
  const live = {
    db,
    log,
    metrics,
    now,
    windows: createLiveWindows(metrics.liveVideos),
    secretKey: config.secretKey,
    checkMs: overrides.liveCheckMs ?? 20_000,
  };
  return {
    config,
    log,
    now,
    db,
    store,
    sealer: createSealer(config.secretKey),
    // Read each time: a key that was rotated is used from then on.
    async signingKey() {
      const key = await openSigningKey(signingKeyFile(config));
      await registerKey(database.db, key, now());
      return key;
    },
    files: createFileSigner(config.secretKey, now),
    events: createEventHub({
      db: database.db,
      databaseUrl: config.databaseUrl,
      log,
      now,
      pollMs: overrides.eventPollMs ?? 1000,
      heartbeatMs: overrides.heartbeatMs ?? 15_000,
    }),
    liveVideo: createLiveVideo(live),
    liveWalls: createLiveWalls(live),
    liveWindows: live.windows,
    metrics,
    signInLimit: createSignInLimit({ db: database.db, secretKey: config.secretKey, now }),
    undoMs: overrides.undoMs ?? UNDO_MS,
    queueDepth: overrides.queueDepth ?? (() => queue?.depth() ?? Promise.resolve({ waiting: 0, active: 0 })),
    webRoot: overrides.webRoot ?? fileURLToPath(new URL('../web/dist/', import.meta.url)),
    async close() {
      if (overrides.store === undefined) store.close();
      await queue?.close();
      await database.close();
    },
  };
}

/** The queue is opened at its first use: the OpenAPI document and tests need none. */
function lazyQueue(config: ApiConfig, log: Log) {
  let queue: ReturnType<typeof openLookQueue> | undefined;
  const open = () => {
    queue ??= openLookQueue(config, (error) => log.warn({ err: error }, 'queue connection lost'));
    return queue;
  };
  return { depth: () => open().depth(), close: async () => queue?.close() };
}
