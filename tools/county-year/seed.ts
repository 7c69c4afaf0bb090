/** A county's year: registry, findings and tasks through the real commands, coverage. The same for the same seed but for its ids. */
import type { Database } from '../../services/db/database.ts';
import { seedCoverage } from './coverage.ts';
import { liveYear } from './life.ts';
import { createRandom } from './random.ts';
import { type County, seedCounty } from './registry.ts';

export interface CountyYear {
  seed: number;
  merchants: number;
  cameras: number;
  findings: number;
  /** First day (local) of the year. */
  from: string;
  /** Day after the last. */
  to: string;
  /** Days at the end of which every hour has its letters; those before have their sums alone. */
  letterDays: number;
  timeZone: string;
}

export const COUNTY_YEAR: CountyYear = {
  seed: 1,
  merchants: 1600,
  cameras: 2600,
  findings: 1640,
  from: '2025-01-01',
  to: '2026-01-01',
  letterDays: 31,
  timeZone: 'Asia/Shanghai',
};

const DAY_MS = 86_400_000;

export async function seedCountyYear(
  db: Database,
  size: CountyYear,
  say: (line: string) => void = () => {},
): Promise<County> {
  const random = createRandom(size.seed);
  // China has one time zone; the others of tests are close enough for a year that ends.
  const from = new Date(`${size.from}T00:00:00+08:00`);
  const to = new Date(`${size.to}T00:00:00+08:00`);
  const county = await seedCounty(db, random, size, new Date(from.getTime() - 30 * DAY_MS), size.timeZone);
  say(`${size.merchants} merchants, ${county.cameras.length} cameras`);
  const lived = await liveYear({ db, random, county, from, to, findings: size.findings });
  say(`${lived.findings} findings, ${lived.tasks} tasks, ${lived.commands} commands`);
  const lettersFrom = new Date(Date.parse(size.to) - size.letterDays * DAY_MS).toISOString().slice(0, 10);
  await seedCoverage(db, size.seed, { from: size.from, to: size.to, lettersFrom });
  say(`coverage: letters from ${lettersFrom} on, sums of days before`);
  return county;
}
