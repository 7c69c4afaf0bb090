/** Starts the API, stops it on SIGINT, SIGTERM, or when the starter is gone. */
import { readServiceConfig } from '../config/config.ts';
import { stopOnRequest } from '../config/lifecycle.ts';
import { migrate } from '../db/migrate.ts';
import { buildApp } from './app.ts';
import { createContext } from './context.ts';
import { ensureFirstAdmin } from './first-admin.ts';

try {
  const config = readServiceConfig(process.env);
  const context = createContext(config);
  const app = await buildApp(context);
  stopOnRequest(async () => {
    await app.close();
    await context.close();
  });
  await migrate(config.databaseUrl);
  await ensureFirstAdmin(context.db, {
    at: context.now(),
    password: config.adminPassword,
    print: (line) => process.stdout.write(`${line}\n`),
  });
  await context.signingKey();
  await app.listen({ host: config.host, port: config.port });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
