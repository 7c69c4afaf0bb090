/** Milliseconds of a minute of coverage. */
export const MINUTE_MS = 60_000;

export function later(a: Date, b: Date): Date {
  return a.getTime() > b.getTime() ? a : b;
}

export function earlier(a: Date, b: Date): Date {
  return a.getTime() < b.getTime() ? a : b;
}
