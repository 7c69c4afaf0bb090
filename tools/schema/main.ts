/**
 * `node tools/schema/main.ts [--check] [DATABASE_URL]`: writes services/db/schema.txt, the schema that the migrations make, as
 * text. With --check it compares instead and fails when they differ, so that a change of schema is seen in review.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../services/db/migrate.ts';
import { startPostgres } from '../../services/standalone/postgres.ts';
import { describeSchema } from './describe.ts';

const FILE = new URL('../../services/db/schema.txt', import.meta.url);

async function freshSchema(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-schema-'));
  const server = await startPostgres({ dataDir: join(folder, 'postgres'), port: 0, log: () => {} });
  try {
    await migrate(server.url);
    return await describeSchema(server.url);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const text = await freshSchema();
if (process.argv.includes('--check')) {
  const committed = await readFile(FILE, 'utf8').catch(() => '');
  if (committed !== text) {
    const theirs = new Set(committed.split('\n'));
    const changed = text.split('\n').filter((line) => !theirs.has(line));
    process.stderr.write(
      `services/db/schema.txt is not what the migrations make; run: npm run schema\n${changed.slice(0, 20).join('\n')}\n`,
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(FILE, text);
}
