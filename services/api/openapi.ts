/** Writes services/api/openapi.json from the routes; with --check only compares, and fails when it is out of date. */
import { readFile, writeFile } from 'node:fs/promises';
import { pino } from 'pino';
import { buildApp } from './app.ts';
import { createContext } from './context.ts';

const FILE = new URL('./openapi.json', import.meta.url);

/** The document as it is committed. Needs no database: nothing connects before it is asked. */
export async function makeDocument(): Promise<string> {
  const context = createContext(
    {
      databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
      redisUrl: undefined,
      objectStore: { kind: 'file', path: 'none' },
      secretKey: Buffer.alloc(32),
      publicUrl: 'http://127.0.0.1:8080',
      logLevel: 'silent',
      modelsDir: 'none',
      dataDir: 'none',
      evidenceKeyFile: undefined,
      mqttUrl: 'mqtt://127.0.0.1:1883',
      trustedProxies: [],
    },
    { log: pino({ level: 'silent' }), queueDepth: async () => ({ waiting: 0, active: 0 }), webRoot: 'none' },
  );
  const app = await buildApp(context);
  await app.ready();
  const document = `${JSON.stringify(app.swagger(), null, 2)}\n`;
  await app.close();
  await context.close();
  return document;
}

if (import.meta.main) {
  const document = await makeDocument();
  if (!process.argv.includes('--check')) {
    await writeFile(FILE, document);
  } else if ((await readFile(FILE, 'utf8').catch(() => '')) !== document) {
    process.stderr.write('services/api/openapi.json is out of date: run node services/api/openapi.ts\n');
    process.exitCode = 1;
  }
}
