/** 抽查: a month that is over is not left without one looked at. */
import type { Logger } from 'pino';
import { firstTimeZone } from '../../services/db/history-checks.ts';
import { drawForMonth, type Month } from '../../services/db/sample-month.ts';
import { localTime } from '../../services/domain/hours.ts';
import { addDays, startOf } from '../../services/domain/period.ts';
import { instantOf } from '../../services/domain/zone-time.ts';
import type { RoundContext } from './rounds.ts';

/** The month before the one that `now` lies in. */
export function monthBefore(now: Date, timeZone: string): Month {
  const begun = startOf('month', localTime(now, timeZone).date);
  const start = startOf('month', addDays(begun, -1));
  const at = (date: string): Date => new Date(instantOf(date, 0, timeZone));
  return { name: start.slice(0, 7), from: at(start), to: at(begun) };
}

/** Asked again and again: what was drawn is not drawn twice. @returns ids of the tasks */
export async function monthlySample({ db, now }: RoundContext, log: Pick<Logger, 'info'>): Promise<string[]> {
  const month = monthBefore(now(), await firstTimeZone(db));
  const drawn = await drawForMonth(db, month, now());
  for (const task of drawn) log.info({ task, month: month.name }, 'drawn for a month that had drawn none');
  return drawn;
}
