/** Starts the API, stops it on SIGINT, SIGTERM, or when the starter is gone. */
import { randomUUID } from 'node:crypto';
import { readServiceConfig } from '../config/config.ts';
import { stopOnRequest } from '../config/lifecycle.ts';
import { migrate } from '../db/migrate.ts';
import { type Beating, startBeating } from '../db/process-beats.ts';
import { allowedFrom } from '../outbound/address.ts';
import { createSockets } from '../outbound/socket.ts';
import { buildApp } from './app.ts';
import { createContext } from './context.ts';
import { ensureFirstAdmin } from './first-admin.ts';
import { type PlatformLines, startPlatformLines } from './platform-line/lines.ts';

try {
  const config = readServiceConfig(process.env);
  const context = createContext(config);
  const app = await buildApp(context);
  let lines: PlatformLines | undefined;
  let beating: Beating | undefined;
  stopOnRequest(async () => {
    await lines?.close();
    await app.close();
    await beating?.close();
    await context.close();
  });
  await migrate(config.databaseUrl);
  await ensureFirstAdmin(context.db, {
    at: context.now(),
    password: config.adminPassword,
    print: (line) => process.stdout.write(`${line}\n`),
  });
  await context.signingKey();
  const open = createSockets(allowedFrom(config.outboundAllow));
  lines = startPlatformLines(context, { open, holder: randomUUID() });
  await app.listen({ host: config.host, port: config.port });
  beating = startBeating(context.db, 'api');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
