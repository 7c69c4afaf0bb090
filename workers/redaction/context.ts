import { join } from 'node:path';
import type { Logger } from 'pino';
import { openHeadDetector } from '../../models/runtime/heads.ts';
import type { ServiceConfig } from '../../services/config/config.ts';
import { createLogger } from '../../services/config/logger.ts';
import { openDatabase } from '../../services/db/database.ts';
import { startBeating } from '../../services/db/process-beats.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import type { FindPeople, Redactor } from './redact-picture.ts';
import { type RedactionContext, redactWanted } from './round.ts';

/** Milliseconds between rounds. */
const EVERY_MS = 5_000;
/** What scores so much might be a head: hiding a pot too many costs nothing. */
const EAGER_SCORE = 0.12;

export interface RedactionWorker {
  close(): Promise<void>;
}

/** What the second look takes for a face: below that, model.yml keeps scores for ranking alone. */
const SEEN_FACE = 0.35;

/** Our own detector, eager at the first look, at the second as sure as it is for findings. */
export async function openRedactor(modelsDir: string): Promise<Redactor & { close(): Promise<void> }> {
  const detector = await openHeadDetector(join(modelsDir, 'heads'), {
    minHeadScore: EAGER_SCORE,
    minFaceScore: EAGER_SCORE,
  });
  const finder =
    (headScore: number, faceScore: number): FindPeople =>
    async (frame) => {
      const { heads, faces = [] } = await detector.detect(frame);
      return [
        ...heads.filter(({ score }) => score >= headScore),
        ...faces.filter(({ score }) => score >= faceScore),
      ].map(({ box }) => box);
    };
  return {
    find: finder(EAGER_SCORE, EAGER_SCORE),
    check: finder(detector.minHeadScore, SEEN_FACE),
    close: () => detector.close(),
  };
}

/** Puts the worker together that makes pictures for the public and starts it. Any number may run at once. */
export async function startRedaction(
  config: ServiceConfig,
  overrides: { log?: Logger; now?: () => Date; everyMs?: number } = {},
): Promise<RedactionWorker> {
  const log = overrides.log ?? createLogger('redaction', config.logLevel);
  const redactor = await openRedactor(config.modelsDir);
  const database = openDatabase(config.databaseUrl, {
    max: 2,
    name: 'mingzao redaction',
    onError: (error) => log.warn({ error: error.message }, 'database connection lost'),
  });
  const store = openObjectStore(config.objectStore);
  const now = overrides.now ?? (() => new Date());
  const context: RedactionContext = { db: database.db, store, redactor, now };
  let closed = false;
  let wake: () => void = () => {};
  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      if (closed) return resolve();
      const timer = setTimeout(resolve, overrides.everyMs ?? EVERY_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const work = async (): Promise<void> => {
    while (!closed) {
      try {
        const made = await redactWanted(context);
        if (made.length > 0) log.debug({ made: made.length }, 'pictures for the public');
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'redaction trouble, will be tried again');
      }
      await rest();
    }
  };
  const working = work();
  const beating = startBeating(context.db, 'redaction');
  return {
    async close() {
      closed = true;
      wake();
      await working;
      await redactor.close();
      await beating.close();
      await database.close();
      store.close();
    },
  };
}
