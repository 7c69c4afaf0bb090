/** Standalone with stand-ins for its children, and one prepare step that counts the starts in the database. */
import { join } from 'node:path';
import pg from 'pg';
import { childrenOf } from '../../../services/standalone/children.ts';
import { runStandalone } from '../../../services/standalone/run.ts';
import type { ChildSpec } from '../../../services/standalone/supervisor.ts';

const entry = join(import.meta.dirname, 'child.ts');
const standIn = (spec: ChildSpec): ChildSpec => ({
  ...spec,
  entry,
  env: { ...spec.env, CHILD_NAME: spec.name },
});

await runStandalone(process.env, {
  children: (repoDir, config, env) => {
    const { broker, services } = childrenOf(repoDir, config, env);
    return { broker: broker.map(standIn), services: services.map(standIn) };
  },
  prepare: [
    {
      name: 'count the starts',
      async run({ databaseUrl, out }) {
        const client = new pg.Client({ connectionString: databaseUrl });
        await client.connect();
        await client.query('create table if not exists start_count (at timestamptz default now())');
        await client.query('insert into start_count default values');
        const { rows } = await client.query('select count(*)::int as n from start_count');
        await client.end();
        out(`start number ${rows[0].n}`);
      },
    },
  ],
});
