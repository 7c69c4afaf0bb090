import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { type Database, openDatabase } from '../../services/db/database.ts';
import type { StatisticsQuery } from '../../services/db/statistics/query.ts';
import { loadStatistics } from '../../services/db/statistics/statistics.ts';
import { COUNTY_YEAR } from '../county-year/seed.ts';
import { withCountyYear } from './own-county.ts';

const NOW = new Date('2026-02-15T02:00:00Z');
const YEAR = { from: '2025-01-01', to: '2025-12-31' };
const LAST_MONTH = { from: '2025-12-01', to: '2025-12-31' };

const everything: StatisticsQuery = {
  period: YEAR,
  step: null,
  groupBy: 'none',
  regionPath: null,
  where: sql<boolean>`true`,
  zone: undefined,
  kind: undefined,
  class: undefined,
  model: undefined,
  now: NOW,
};
const QUERIES: Record<string, Partial<StatisticsQuery>> = {
  year: {},
  'year by town': { groupBy: 'town' },
  'year by town and month': { groupBy: 'town', step: 'month' },
  'year by type and quarter': { groupBy: 'type', step: 'quarter' },
  'year by kind and month': { groupBy: 'kind', step: 'month' },
  'year by model': { groupBy: 'model' },
  'year by merchant': { groupBy: 'merchant' },
  'year by camera': { groupBy: 'camera' },
  'year, one town': { where: sql<boolean>`starts_with(region.path, 'huojia.town-3.')`, step: 'month' },
  'year by week': { step: 'week' },
  'quarter by day': { step: 'day', period: { from: '2025-10-01', to: '2025-12-31' } },
  'last month by town and day': { groupBy: 'town', step: 'day', period: LAST_MONTH },
  '10 May to 9 November by town': { groupBy: 'town', period: { from: '2025-05-10', to: '2025-11-09' } },
};

/**
 * `npm run -s bench -- statistics [--rounds N] [--letter-days N] [--database URL]`: milliseconds of each query over a made-up county
 * year, and, for the days whose letters are there, their ratio to counting the letters themselves.
 */
export async function benchStatistics(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '20' },
      'letter-days': { type: 'string', default: String(COUNTY_YEAR.letterDays) },
      database: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds);
  const options = { url: values.database, letterDays: Number(values['letter-days']), say };
  await withCountyYear(options, (url) => measureAll(url, rounds));
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function measureAll(url: string, rounds: number): Promise<void> {
  const { db, close } = openDatabase(url, { max: 4, name: 'mingzao bench' });
  try {
    say(`\n${'query'.padEnd(34)} rows   p50 ms   p95 ms`);
    for (const [name, query] of Object.entries(QUERIES)) {
      const asked = { ...everything, ...query };
      let rows = 0;
      const spent = await times(rounds, async () => {
        const { totals, items } = await loadStatistics(db, asked);
        rows = [totals, ...items].reduce((sum, one) => sum + 1 + one.series.length, 0);
      });
      say(`${name.padEnd(34)} ${String(rows).padStart(4)} ${ms(spent, 0.5)} ${ms(spent, 0.95)}`);
    }
    const summed = await times(rounds, () =>
      loadStatistics(db, { ...everything, period: LAST_MONTH, groupBy: 'town' }),
    );
    const plain = await times(Math.min(rounds, 5), () => countLetters(db));
    const ratio = at(plain, 0.5) / at(summed, 0.5);
    say(`\nDecember by town, all figures      ${ms(summed, 0.5)} ${ms(summed, 0.95)}`);
    say(
      `its coverage from the letters      ${ms(plain, 0.5)} ${ms(plain, 0.95)}   ${ratio.toFixed(0)} times as long`,
    );
  } finally {
    await close();
  }
}

/** What the summary spares: the same minutes by town, counted from the letters. */
async function countLetters(db: Database): Promise<void> {
  await sql`
    select town.id, sum(length(minutes) - length(translate(minutes, 'LU', ''))) as observed,
      sum(length(minutes) - length(translate(minutes, 'LUDFX', ''))) as online,
      sum(length(minutes) - length(translate(minutes, 'C', ''))) as closed
    from coverage
    join camera on camera.id = coverage.camera_id
    join merchant on merchant.id = camera.merchant_id
    join region on region.id = merchant.region_id
    join region as town on town.level = 'town' and starts_with(region.path, town.path || '.')
    where hour >= '2025-12-01T00:00:00+08:00' and hour < '2026-01-01T00:00:00+08:00'
    group by town.id
  `.execute(db);
}

async function times(rounds: number, run: () => Promise<unknown>): Promise<number[]> {
  await run();
  const spent: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await run();
    spent.push(performance.now() - began);
  }
  return spent.sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const ms = (sorted: readonly number[], share: number): string => at(sorted, share).toFixed(1).padStart(8);
