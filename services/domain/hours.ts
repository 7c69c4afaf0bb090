/** Weekdays as keys of opening hours. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Opening hours: for each weekday spans of local time `[from, to]` as HH:MM; `to` ≤ `from` runs past midnight. */
export type OpeningHours = Partial<Record<Weekday, [string, string][]>>;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Local weekday (0 = Monday), minute of the day and date (YYYY-MM-DD) in an IANA time zone. @throws RangeError for an unknown zone */
export function localTime(at: Date, timeZone: string): { weekday: number; minute: number; date: string } {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hourCycle: 'h23',
    });
    formatters.set(timeZone, formatter);
  }
  const part: Record<string, string> = {};
  for (const { type, value } of formatter.formatToParts(at)) part[type] = value;
  const weekday = WEEKDAYS.indexOf((part.weekday ?? '').toLowerCase() as Weekday);
  return {
    weekday,
    minute: Number(part.hour) * 60 + Number(part.minute),
    date: `${part.year}-${part.month}-${part.day}`,
  };
}

function minuteOf(text: string): number {
  const [hours, minutes] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** Whether the merchant is open. `null` hours mean always open. */
export function isOpen(hours: OpeningHours | null, timeZone: string, at: Date): boolean {
  if (hours === null) return true;
  const { weekday, minute } = localTime(at, timeZone);
  const today = hours[WEEKDAYS[weekday] ?? 'mon'] ?? [];
  const yesterday = hours[WEEKDAYS[(weekday + 6) % 7] ?? 'mon'] ?? [];
  return (
    today.some(([from, to]) => {
      const start = minuteOf(from);
      const end = minuteOf(to);
      return minute >= start && (end <= start || minute < end);
    }) ||
    yesterday.some(([from, to]) => {
      const end = minuteOf(to);
      return end <= minuteOf(from) && minute < end;
    })
  );
}
