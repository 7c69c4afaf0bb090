import type { Language } from '../i18n/i18n.ts';

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

const relative = new Map<Language, Intl.RelativeTimeFormat>();
const absolute = new Map<string, Intl.DateTimeFormat>();

function relativeFormat(language: Language): Intl.RelativeTimeFormat {
  const known = relative.get(language);
  if (known !== undefined) return known;
  const made = new Intl.RelativeTimeFormat(language, { numeric: 'always', style: 'narrow' });
  relative.set(language, made);
  return made;
}

function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = absolute.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(language, { hourCycle: 'h23', ...options });
  absolute.set(key, made);
  return made;
}

/** `5分钟前`; undefined for less than a minute (and for clocks that run ahead of ours). */
export function age(atMs: number, nowMs: number, language: Language): string | undefined {
  const seconds = (nowMs - atMs) / 1000;
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return relativeFormat(language).format(-Math.floor(seconds / size), unit);
  }
  return undefined;
}

/** Local date and time to the second, with the zone: for hovering. */
export function fullTime(at: string | number, language: Language): string {
  return dateFormat(language, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(at));
}

/** Local month, day, hour and minute. */
export function shortTime(at: string | number, language: Language): string {
  return dateFormat(language, {
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(at));
}

/** As a document writes it: 2026年11月29日 12:00. */
export function documentTime(at: string | number, language: Language): string {
  return dateFormat(language, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(at));
}

/** Local time of day to the second. */
export function clockTime(at: string | number, language: Language): string {
  return dateFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(at));
}

/** A span in its two largest units, as a key of the texts and its numbers. */
export function span(ms: number): {
  key: 'time.daysHours' | 'time.hoursMinutes' | 'time.minutesSeconds';
  values: Record<string, number>;
} {
  const s = Math.floor(Math.abs(ms) / 1000);
  const d = Math.floor(s / 86_400);
  const h = Math.floor((s % 86_400) / 3600);
  const m = Math.floor((s % 3600) / 60);
  if (d > 0) return { key: 'time.daysHours', values: { d, h } };
  if (h > 0) return { key: 'time.hoursMinutes', values: { h, m } };
  return { key: 'time.minutesSeconds', values: { m, s: s % 60 } };
}
