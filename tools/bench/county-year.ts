import { parseArgs } from 'node:util';
import pg from 'pg';
import { openDatabase } from '../../services/db/database.ts';
import { checkCountyYear } from '../county-year/check.ts';
import { withCountyYear } from './own-county.ts';

/** Days of coverage by the minute at the end of the year: what is counted letter by letter. */
const LETTER_DAYS = 3;

/**
 * `npm run -s bench -- county-year [--database URL]`: a county's year at full size; every rate of every town beside an independent
 * count in SQL. Exit code 1 when one differs.
 */
export async function benchCountyYear(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { database: { type: 'string' } } });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  await withCountyYear({ url: values.database, letterDays: LETTER_DAYS, say }, async (url) => {
    const { db, close } = openDatabase(url, { max: 2, name: 'mingzao bench' });
    const raw = new pg.Pool({ connectionString: url, max: 1 });
    // Its connection may still be closing when the server stops.
    raw.on('error', () => {});
    try {
      const { different } = await checkCountyYear(db, raw, say);
      if (different > 0) process.exitCode = 1;
    } finally {
      await raw.end();
      await close();
    }
  });
}
