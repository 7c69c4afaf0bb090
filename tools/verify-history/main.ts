/** `npm run -s verify:history`: walks the hash chains of history and names what was altered. Fails when something was. */
import { Command } from 'commander';
import { readConfig } from '../../services/config/config.ts';
import { openDatabase } from '../../services/db/database.ts';
import { verifyHistory } from '../../services/db/verify-history.ts';

const command = new Command('verify:history')
  .description('Checks that no row of history was altered, removed or added behind the back of the service.')
  .option('--database <url>', 'PostgreSQL to check; default DATABASE_URL')
  .option('--json', 'the whole report as JSON')
  .parse();
const { database: given, json } = command.opts<{ database?: string; json?: true }>();

try {
  const url = given ?? readConfig(process.env).databaseUrl;
  if (url === undefined) throw new Error('DATABASE_URL must be set, or --database given');
  const database = openDatabase(url, { max: 1, name: 'mingzao verify-history' });
  const report = await verifyHistory(database.db).finally(() => database.close());
  const lines = report.faults.map(
    ({ entity, entityId, historyId, fault, detail }) =>
      `${fault}: ${entity} ${entityId}${historyId === null ? '' : `, history row ${historyId}`}: ${detail}`,
  );
  const summary = `${report.rows} rows in ${report.chains} chains: ${report.faults.length === 0 ? 'whole' : `${report.faults.length} faults`}`;
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : [...lines, summary].join('\n')}\n`);
  if (report.faults.length > 0) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
