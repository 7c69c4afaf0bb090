import type { Logger } from 'pino';
import type { ServiceConfig } from '../../services/config/config.ts';
import { createLogger } from '../../services/config/logger.ts';
import { openDatabase } from '../../services/db/database.ts';
import { escalateDue, missedTasks, type RoundContext } from './rounds.ts';

/** Milliseconds between rounds: how late an escalation may be. */
const EVERY_MS = 3_000;
/** Milliseconds between audits, and how late (seconds) something must be for the auditor to report it. */
const AUDIT_EVERY_MS = 60_000;
const AUDIT_GRACE_S = 60;

export interface Deadlines {
  close(): Promise<void>;
}

/** Puts the deadline worker together and starts it. Any number may run at once: rows in hand are skipped by the others. */
export function startDeadlines(
  config: Pick<ServiceConfig, 'databaseUrl' | 'logLevel'>,
  overrides: { log?: Logger; now?: () => Date; everyMs?: number } = {},
): Deadlines {
  const log = overrides.log ?? createLogger('deadlines', config.logLevel);
  const database = openDatabase(config.databaseUrl, {
    max: 2,
    name: 'mingzao deadlines',
    onError: (error) => log.warn({ error: error.message }, 'database connection lost'),
  });
  const context: RoundContext = { db: database.db, now: overrides.now ?? (() => new Date()) };
  const everyMs = overrides.everyMs ?? EVERY_MS;
  let closed = false;
  let wake: () => void = () => {};
  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      if (closed) return resolve();
      const timer = setTimeout(resolve, everyMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const round = async (audits: boolean): Promise<void> => {
    for (const task of await escalateDue(context))
      log.info({ task: task.number, step: task.step }, 'overdue: escalated');
    if (!audits) return;
    for (const task of await missedTasks(context, AUDIT_GRACE_S))
      log.error({ task: task.number, step: task.step, due: task.due }, 'overdue, and nobody was told');
  };
  const work = async (): Promise<void> => {
    let auditAt = 0;
    while (!closed) {
      const audits = performance.now() >= auditAt;
      if (audits) auditAt = performance.now() + AUDIT_EVERY_MS;
      try {
        await round(audits);
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'deadline trouble, will be tried again');
      }
      await rest();
    }
  };
  const working = work();
  return {
    async close() {
      closed = true;
      wake();
      await working;
      await database.close();
    },
  };
}
