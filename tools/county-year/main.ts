/** `npm run -s seed:county-year -- --database URL`: fills an empty database with a made-up year of a county. */
import { Command } from 'commander';
import { openDatabase } from '../../services/db/database.ts';
import { migrate } from '../../services/db/migrate.ts';
import { COUNTY_YEAR, seedCountyYear } from './seed.ts';

const command = new Command('seed:county-year')
  .description(
    'Fills an empty database with a year of a county: 1,600 merchants, 2,600 cameras, 1,640 findings whose lives went through the real commands, and coverage.',
  )
  .requiredOption('--database <url>', 'PostgreSQL to fill; it must have no merchant yet')
  .option('--seed <number>', 'the same seed makes the same year', String(COUNTY_YEAR.seed))
  .option(
    '--letter-days <number>',
    'days at the end whose coverage is kept by the minute; 365 is 22.8 million rows',
    String(COUNTY_YEAR.letterDays),
  )
  .parse();
const {
  database: url,
  seed,
  letterDays,
} = command.opts<{ database: string; seed: string; letterDays: string }>();

try {
  await migrate(url);
  const { db, close } = openDatabase(url, { max: 2, name: 'mingzao county-year' });
  try {
    if ((await db.selectFrom('merchant').select('id').limit(1).executeTakeFirst()) !== undefined)
      throw new Error('there are merchants in this database already: nothing was changed');
    await seedCountyYear(db, { ...COUNTY_YEAR, seed: Number(seed), letterDays: Number(letterDays) }, (line) =>
      process.stdout.write(`${line}\n`),
    );
  } finally {
    await close();
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
