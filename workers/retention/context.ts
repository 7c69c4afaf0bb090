import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { ServiceConfig } from '../../services/config/config.ts';
import { createLogger } from '../../services/config/logger.ts';
import { openDatabase } from '../../services/db/database.ts';
import { startBeating } from '../../services/db/process-beats.ts';
import { diskOf } from '../../services/evidence/disk-space.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import { splitCertificates } from '../../services/evidence/time-stamp/certificates.ts';
import { startRounds } from './rounds.ts';

export interface Retention {
  close(): Promise<void>;
}

type RetentionConfig = Pick<
  ServiceConfig,
  'databaseUrl' | 'objectStore' | 'logLevel' | 'timeStampUrl' | 'timeStampRootsFile'
>;

/** Seconds that a chain must have been quiet before its end is stamped. */
const QUIET_S = 60;

/** Puts the process together that removes what is over, sweeps up orphans and asks for time stamps. Any number may run at once. */
export async function startRetention(
  config: RetentionConfig,
  overrides: { log?: Logger; now?: () => Date; everyMs?: number; quietS?: number } = {},
): Promise<Retention> {
  const log = overrides.log ?? createLogger('retention', config.logLevel);
  const roots =
    config.timeStampRootsFile === undefined
      ? []
      : splitCertificates(await readFile(config.timeStampRootsFile, 'utf8'));
  const database = openDatabase(config.databaseUrl, {
    max: 2,
    name: 'mingzao retention',
    onError: (error) => log.warn({ error: error.message }, 'database connection lost'),
  });
  const store = openObjectStore(config.objectStore);
  const context = {
    db: database.db,
    store,
    disk: () => diskOf(config.objectStore),
    now: overrides.now ?? (() => new Date()),
    log,
  };
  const url = config.timeStampUrl;
  const stamps = url === undefined ? undefined : { url, roots, quietS: overrides.quietS ?? QUIET_S };
  const rounds = startRounds(context, stamps, overrides.everyMs);
  const beating = startBeating(database.db, 'retention');
  return {
    async close() {
      await rounds.close();
      await beating.close();
      store.close();
      await database.close();
    },
  };
}
