/** The rates of the service beside an independent count in SQL. */
import { sql } from 'kysely';
import type pg from 'pg';
import type { Database } from '../../services/db/database.ts';
import { loadStatistics } from '../../services/db/statistics/statistics.ts';
import { countByTown, coverageByTown } from './independent.ts';

interface Span {
  from: string;
  to: string;
}
const SPANS: Span[] = [
  { from: '2025-01-01', to: '2025-12-31' },
  { from: '2025-04-01', to: '2025-06-30' },
  { from: '2025-10-03', to: '2025-11-17' },
];
/** Days whose coverage is counted letter by letter. */
const LETTERS: Span = { from: '2025-12-30', to: '2025-12-31' };
/** When it is asked: the year is over and all its recurrences are known. */
const NOW = new Date('2026-02-15T02:00:00Z');

/** One figure of one town, as both sides have it. */
interface Figure {
  name: string;
  service: string;
  independent: string;
}

export interface CheckResult {
  figures: number;
  /** Figures in which the sides differ. */
  different: number;
}

const over = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} % (${part}/${whole})`;

/** Compares every figure of every town, and says each span's in full. */
export async function checkCountyYear(
  db: Database,
  raw: pg.Pool,
  say: (line: string) => void,
): Promise<CheckResult> {
  const result: CheckResult = { figures: 0, different: 0 };
  const compare = (town: string, figures: Figure[], shown: boolean): void => {
    for (const { name, service, independent } of figures) {
      const same = service === independent;
      result.figures += 1;
      if (!same) result.different += 1;
      if (shown || !same)
        say(
          `  ${town.padEnd(10)} ${name.padEnd(15)} ${service.padEnd(22)} ${independent.padEnd(22)} ${same ? '=' : 'DIFFERS'}`,
        );
    }
  };
  for (const [index, span] of SPANS.entries()) {
    say(`\n${span.from} to ${span.to}     service                independent`);
    const figures = await figuresByTown(db, raw, span);
    for (const [town, list] of figures) compare(town, list, index === 0);
    say(`  ${figures.size} towns, ${[...figures.values()].flat().length} figures`);
  }
  say(`\n${LETTERS.from} to ${LETTERS.to}, minutes  service                independent (letter by letter)`);
  for (const [town, list] of await minutesByTown(db, raw)) compare(town, list, true);
  say(`\n${result.figures} figures compared, ${result.different} differ`);
  return result;
}

const statistics = async (db: Database, period: Span) =>
  await loadStatistics(db, {
    period,
    step: null,
    groupBy: 'town',
    regionPath: null,
    where: sql<boolean>`true`,
    zone: undefined,
    kind: undefined,
    class: undefined,
    model: undefined,
    now: NOW,
  });

/** Codes of towns by id: the service's keys. */
async function townCodes(raw: pg.Pool): Promise<Map<string, string>> {
  const { rows } = await raw.query<{ id: string; code: string }>(
    `select id, code from region where level = 'town'`,
  );
  return new Map(rows.map(({ id, code }) => [id, code]));
}

async function figuresByTown(db: Database, raw: pg.Pool, span: Span): Promise<Map<string, Figure[]>> {
  const codes = await townCodes(raw);
  const { items } = await statistics(db, span);
  const mine = new Map(items.map((item) => [codes.get(item.key), item]));
  const towns = new Map<string, Figure[]>();
  for (const other of await countByTown(raw, span.from, span.to, NOW)) {
    const item = mine.get(other.town);
    const n = (name: keyof NonNullable<typeof item>['counts']): number => item?.counts[name] ?? 0;
    const hours = (value: number | null): string => value?.toFixed(4) ?? '-';
    towns.set(other.town, [
      figure('confirmed', `${n('confirmed')}`, `${other.confirmed}`),
      figure('dismissed', `${n('dismissed')}`, `${other.dismissed}`),
      figure('rectification', over(n('rectified'), n('due')), over(other.rectified, other.due)),
      figure('on time', over(n('onTime'), n('due')), over(other.on_time, other.due)),
      figure('closed', `${n('closed')}`, `${other.closed}`),
      figure('recurrence', over(n('recurred'), n('watched')), over(other.recurred, other.watched)),
      figure(
        'median hours',
        hours(item?.medianHoursToClose ?? null),
        hours(other.median === null ? null : Number(other.median)),
      ),
    ]);
  }
  return towns;
}

async function minutesByTown(db: Database, raw: pg.Pool): Promise<Map<string, Figure[]>> {
  const codes = await townCodes(raw);
  const { items } = await statistics(db, LETTERS);
  const mine = new Map(items.map((item) => [codes.get(item.key), item.coverage.minutes]));
  const towns = new Map<string, Figure[]>();
  for (const other of await coverageByTown(raw, LETTERS.from, LETTERS.to)) {
    const minutes = mine.get(other.town);
    towns.set(other.town, [
      figure('observed', `${(minutes?.looked ?? 0) + (minutes?.unchanged ?? 0)}`, `${other.observed}`),
      figure('offline', `${minutes?.offline ?? 0}`, `${other.offline}`),
    ]);
  }
  return towns;
}

const figure = (name: string, service: string, independent: string): Figure => ({
  name,
  service,
  independent,
});
