import type { Logger } from 'pino';
import type { Database } from '../../services/db/database.ts';
import { sumUpAllCoverage } from '../../services/db/statistics/roll-up.ts';

/** Milliseconds between rounds: how far the statistics may be behind what cameras saw. */
const EVERY_MS = 60_000;
/** Camera-days of one round at most, so that a long backlog does not keep the process from stopping. */
const MOST_A_ROUND = 20_000;

/** Sums up coverage that changed, round after round. Several processes may do so: one works, the others find nothing to do. */
export function startSummingUp(db: Database, log: Logger, everyMs = EVERY_MS): { close(): Promise<void> } {
  let working: Promise<void> | undefined;
  let closed = false;
  const work = async (): Promise<void> => {
    try {
      let left = MOST_A_ROUND;
      while (left > 0 && !closed) {
        const done = await sumUpAllCoverage(db, Math.min(left, 1000));
        if (done === 0) break;
        left -= done;
      }
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'coverage could not be summed up, will be tried again');
    }
    working = undefined;
  };
  const timer = setInterval(() => {
    working ??= work();
  }, everyMs);
  working = work();
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      await working;
    },
  };
}
