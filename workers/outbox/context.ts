import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { ServiceConfig } from '../../services/config/config.ts';
import { createLogger } from '../../services/config/logger.ts';
import { openDatabase } from '../../services/db/database.ts';
import { listen } from '../../services/db/listen.ts';
import { createSealer } from '../../services/db/seal.ts';
import { msToNext, type RelayContext, relayDue } from './relay.ts';

/** Looked at least this often, should a NOTIFY be missed. */
const IDLE_MS = 15_000;
const AFTER_TROUBLE_MS = 1_000;

export interface OutboxRelay {
  close(): Promise<void>;
}

/** Puts the outbox relay together and starts it: woken by NOTIFY, by the next due time, and now and then. */
export function startOutbox(
  config: ServiceConfig,
  overrides: { log?: Logger; now?: () => Date } = {},
): OutboxRelay {
  const log = overrides.log ?? createLogger('outbox', config.logLevel);
  const database = openDatabase(config.databaseUrl, {
    max: 8,
    name: 'mingzao outbox',
    onError: (error) => log.warn({ error: error.message }, 'database connection lost'),
  });
  const context: RelayContext = {
    db: database.db,
    sealer: createSealer(config.secretKey),
    claimer: randomUUID(),
    now: overrides.now ?? (() => new Date()),
    random: Math.random,
  };
  let closed = false;
  let wake: () => void = () => {};
  let called = false;
  const listener = listen(config.databaseUrl, ['mingzao_outbox'], () => {
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

  const work = async (): Promise<void> => {
    while (!closed) {
      called = false;
      let wait = AFTER_TROUBLE_MS;
      try {
        const deliveries = await relayDue(context);
        const failed = deliveries.filter(({ ok }) => !ok);
        if (deliveries.length > 0)
          log.info({ sent: deliveries.length - failed.length, failed: failed.length }, 'relayed');
        wait = await msToNext(context, IDLE_MS);
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'outbox trouble, will be tried again');
      }
      await rest(wait);
    }
  };
  const working = work();
  return {
    async close() {
      closed = true;
      wake();
      await working;
      await listener.close();
      await database.close();
    },
  };
}
