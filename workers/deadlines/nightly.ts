/** 历史核验: each night all hash chains of history are walked; what was altered is told. */
import type { Logger } from 'pino';
import { alone, checkHistory, firstTimeZone, lastHistoryCheck } from '../../services/db/history-checks.ts';
import { localTime } from '../../services/domain/hours.ts';
import { addDays } from '../../services/domain/period.ts';
import { instantOf } from '../../services/domain/zone-time.ts';
import type { RoundContext } from './rounds.ts';

/** When little else runs: MINGZAO_NIGHT_HOUR, in the zone of the first county. */
export interface Night {
  /** 0..23 */
  hour: number;
  timeZone: string;
}

/** The last time at or before `now` that a check should have begun. */
export function lastDue(now: Date, { hour, timeZone }: Night): Date {
  const { date } = localTime(now, timeZone);
  const today = instantOf(date, hour * 60, timeZone);
  return new Date(today <= now.getTime() ? today : instantOf(addDays(date, -1), hour * 60, timeZone));
}

/** Checks if none was done since it was due last. @returns whether it did */
export async function nightlyCheck(
  context: RoundContext,
  log: Pick<Logger, 'info' | 'error'>,
  hour: number,
): Promise<boolean> {
  const { db, now } = context;
  const night = { hour, timeZone: await firstTimeZone(db) };
  const due = async (): Promise<boolean> => {
    const last = await lastHistoryCheck(db);
    return last === null || last < lastDue(now(), night);
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
