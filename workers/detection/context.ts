import type { Logger } from 'pino';
import type { LookJudge } from '../../models/runtime/look-judge.ts';
import { openJudge } from '../../models/runtime/open-judge.ts';
import type { ServiceConfig } from '../../services/config/config.ts';
import { createLogger } from '../../services/config/logger.ts';
import { openDatabase } from '../../services/db/database.ts';
import { listen } from '../../services/db/listen.ts';
import { whyKept } from '../../services/db/object-references.ts';
import { startBeating } from '../../services/db/process-beats.ts';
import { guardStore } from '../../services/evidence/guarded-store.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import { type LookQueue, openLookQueue, startLookWorker } from '../../services/queue/look-queue.ts';
import type { Judgement } from './judge-context.ts';
import { judgeLook } from './judge-look.ts';
import { createRegistryCache } from './registry-cache.ts';
import { serialJudge } from './serial-judge.ts';
import { startSweeping } from './sweep.ts';

/** Looks in hand at once: one computes, the others wait for disk or database. */
const CONCURRENCY = 3;

export interface Overrides {
  judge?: LookJudge;
  store?: ObjectStore;
  queue?: LookQueue;
  log?: Logger;
  now?: () => Date;
  /** Hears of every look that was judged. */
  onJudged?: (lookId: string, judgement: Judgement) => void;
}

export interface DetectionWorker {
  close(): Promise<void>;
}

/** Puts the detection worker together and starts it. @throws ModelFileError when a model is missing or altered */
export async function startDetection(
  config: ServiceConfig,
  overrides: Overrides = {},
): Promise<DetectionWorker> {
  const log = overrides.log ?? createLogger('detection', config.logLevel);
  const now = overrides.now ?? (() => new Date());
  const judge = serialJudge(overrides.judge ?? (await openJudge(config.modelsDir)));
  const store =
    overrides.store ?? guardStore(openObjectStore(config.objectStore), (key) => whyKept(database.db, key));
  const database = openDatabase(config.databaseUrl, {
    max: CONCURRENCY + 2,
    name: 'mingzao detection',
    onError: (error) => log.warn({ error: error.message }, 'database connection lost'),
  });
  const registry = createRegistryCache(database.db);
  const listener = listen(config.databaseUrl, ['mingzao_registry'], () => registry.clear());
  const connection = { redisUrl: config.redisUrl, databaseUrl: config.databaseUrl };
  const onError = (error: Error, lookId?: string): void =>
    log.warn({ error: error.message, lookId }, 'queue trouble, will be tried again');
  const queue = overrides.queue ?? openLookQueue(connection, onError);
  const context = { db: database.db, store, judge, registry, now };
  const worker = startLookWorker(
    connection,
    async (lookId, deaths) => {
      const judgement = await judgeLook(context, lookId, deaths);
      log.debug({ lookId, judgement }, 'look judged');
      overrides.onJudged?.(lookId, judgement);
    },
    { concurrency: CONCURRENCY, onError },
  );
  const sweeping = startSweeping({ db: database.db, store, queue, log, now });
  const beating = startBeating(database.db, 'detection', () => ({ models: judge.models }));
  log.info(
    { models: judge.models.map((model) => `${model.name} ${model.version}`) },
    'detection worker started',
  );
  return {
    async close() {
      sweeping.close();
      await worker.close();
      await Promise.all([queue.close(), listener.close(), judge.close(), beating.close()]);
      await database.close();
      store.close();
    },
  };
}
