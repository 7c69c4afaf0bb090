import { localTime } from '../domain/hours.ts';
import { invalid } from './problem.ts';

/** @throws Problem when the time zone is not one */
export function checkTimeZone(timeZone: string | undefined): void {
  if (timeZone === undefined) return;
  try {
    localTime(new Date(0), timeZone);
  } catch {
    throw invalid({
      field: 'timeZone',
      message: `${JSON.stringify(timeZone)} is not right: should be an IANA time zone like Asia/Shanghai`,
    });
  }
}
