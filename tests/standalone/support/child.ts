/**
 * Stands in for each child of standalone: lives until told to stop; as `api` it answers /readyz once the database
 * does. STUBBORN=<name>: that child ignores SIGTERM. STUCK=<name>: that child's main thread hangs for ever.
 */
import { createServer } from 'node:http';
import { basename } from 'node:path';
import pg from 'pg';
import { readServiceConfig } from '../../../services/config/config.ts';
import { stopOnRequest } from '../../../services/config/lifecycle.ts';

const config = readServiceConfig(process.env);
const name = process.env.CHILD_NAME ?? basename(import.meta.filename);
const keepAlive = setInterval(() => undefined, 60_000);

if (name === 'api') {
  const server = createServer(async (_request, response) => {
    const client = new pg.Client({ connectionString: config.databaseUrl, connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    const works = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    response.writeHead(works ? 200 : 503).end();
  });
  server.listen(config.port, config.host);
}

if (process.env.STUBBORN === name) process.on('SIGTERM', () => console.log('not yet'));
else {
  stopOnRequest(async (reason) => {
    console.log(`stopping: ${reason}`);
    clearInterval(keepAlive);
  });
}
console.log(
  `up pid=${process.pid} mqtt=${config.mqttUrl} threads=${process.env.UV_THREADPOOL_SIZE ?? 'default'}`,
);
if (process.env.STUCK === name) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
