import { localTime } from '../domain/hours.ts';
import { said } from '../domain/said.ts';
import { invalid } from './problem.ts';

/** @throws Problem when the time zone is not one */
export function checkTimeZone(timeZone: string | undefined): void {
  if (timeZone === undefined) return;
  try {
    localTime(new Date(0), timeZone);
  } catch {
    throw invalid({
      field: 'timeZone',
      ...said('not_a_time_zone', { timeZone: JSON.stringify(timeZone) }),
    });
  }
}
