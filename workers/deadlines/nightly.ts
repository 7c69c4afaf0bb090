/** 历史核验: each night all hash chains of history are walked; what was altered is told. */
import type { Logger } from 'pino';
import { alone, checkHistory, lastHistoryCheck } from '../../services/db/history-checks.ts';
import { localTime } from '../../services/domain/hours.ts';
import { instantOf } from '../../services/domain/zone-time.ts';
import type { RoundContext } from './rounds.ts';

/** When little else runs, local time. */
const AT_MINUTE = 3 * 60;
const TIME_ZONE = 'Asia/Shanghai';
const DAY_MS = 86_400_000;

/** The last time at or before `now` that a check should have begun. */
export function lastDue(now: Date): Date {
  const today = instantOf(localTime(now, TIME_ZONE).date, AT_MINUTE, TIME_ZONE);
  return new Date(today <= now.getTime() ? today : today - DAY_MS);
}

/** Checks if none was done since it was due last. @returns whether it did */
export async function nightlyCheck(
  context: RoundContext,
  log: Pick<Logger, 'info' | 'error'>,
): Promise<boolean> {
  const { db, now } = context;
  const due = async (): Promise<boolean> => {
    const last = await lastHistoryCheck(db);
    return last === null || last < lastDue(now());
  };
  if (!(await due())) return false;
  let done = false;
  await alone(db, async () => {
    // Another process may just have finished.
    if (!(await due())) return;
    const { rows, chains, faults } = await checkHistory(db, now);
    done = true;
    if (faults.length === 0) log.info({ rows, chains }, 'history checked: whole');
    for (const fault of faults.slice(0, 20)) log.error({ ...fault }, 'history was altered');
  });
  return done;
}
