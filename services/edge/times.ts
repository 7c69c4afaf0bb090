import { localTime } from '../domain/hours.ts';
import { BadEdgeEvent } from './reading.ts';

/** Epochs of this century in seconds, milliseconds and microseconds do not overlap. */
const SECONDS_BELOW = 1e11;
const MILLISECONDS_BELOW = 1e14;

/** A number of seconds, milliseconds or microseconds since 1970, told apart by size; also as text. @throws BadEdgeEvent */
export function epochTime(value: unknown, field: string): Date {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0) {
    throw new BadEdgeEvent(
      field,
      `is ${JSON.stringify(value)}: should be seconds or milliseconds since 1970`,
    );
  }
  if (number < SECONDS_BELOW) return new Date(Math.round(number * 1000));
  if (number < MILLISECONDS_BELOW) return new Date(Math.round(number));
  return new Date(Math.round(number / 1000));
}

const WRITTEN =
  /^(\d{4})[-/]?(\d{2})[-/]?(\d{2})[T ]?(\d{2}):?(\d{2}):?(\d{2})(\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * A written time: ISO 8601 with an offset, or local time of `timeZone` (`2026-11-21 10:06:41`, `20261121100641`).
 * @throws BadEdgeEvent
 */
export function writtenTime(value: unknown, timeZone: string, field: string): Date {
  const match = typeof value === 'string' ? WRITTEN.exec(value.trim()) : null;
  if (match === null) {
    throw new BadEdgeEvent(
      field,
      `is ${JSON.stringify(value)}: should be a time like 2026-11-21T10:06:41+08:00`,
    );
  }
  const [, year, month, day, hour, minute, second, fraction = '', offset] = match;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}`;
  const utc = new Date(`${text}${offset === undefined ? 'Z' : withColon(offset)}`);
  if (Number.isNaN(utc.getTime())) {
    throw new BadEdgeEvent(field, `is ${JSON.stringify(value)}: there is no such time`);
  }
  if (offset !== undefined) return utc;
  // Twice: the first guess may lie on the other side of a change of daylight saving.
  const guess = new Date(utc.getTime() - offsetMs(utc, timeZone));
  return new Date(utc.getTime() - offsetMs(guess, timeZone));
}

function withColon(offset: string): string {
  return offset === 'Z' || offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`;
}

/** How far local time is ahead of UTC, in milliseconds. */
function offsetMs(at: Date, timeZone: string): number {
  const { date, minute } = localTime(at, timeZone);
  return Date.parse(`${date}T00:00:00Z`) + minute * 60_000 - Math.floor(at.getTime() / 60_000) * 60_000;
}
