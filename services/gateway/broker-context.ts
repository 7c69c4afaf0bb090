import type { Logger } from 'pino';
import type { ServiceConfig } from '../config/config.ts';
import { createLogger } from '../config/logger.ts';
import { openDatabase } from '../db/database.ts';
import { type Broker, startBroker } from './broker/broker.ts';
import { openGatewayDirectory } from './broker/directory.ts';
import { createRefusalCounter } from './refusals/counter.ts';

export interface BrokerProcess {
  readonly broker: Broker;
  close(): Promise<void>;
}

/** Puts the embedded broker together. @throws Error when the port is taken */
export async function startBrokerProcess(
  config: ServiceConfig,
  overrides: { log?: Logger; now?: () => Date } = {},
): Promise<BrokerProcess> {
  const log = overrides.log ?? createLogger('broker', config.logLevel);
  const now = overrides.now ?? (() => new Date());
  const onError = (error: Error): void => log.warn({ err: error }, 'the database is not there');
  const database = openDatabase(config.databaseUrl, { max: 2, name: 'mingzao broker', onError });
  const refusals = createRefusalCounter(database.db, now, onError);
  let broker: Broker | undefined;
  const directory = openGatewayDirectory({ db: database.db, databaseUrl: config.databaseUrl, onError }, () =>
    broker?.recheck(),
  );
  const { mqttUsername: username, mqttPassword: password } = config;
  try {
    broker = await startBroker({
      host: config.host,
      port: config.mqttPort,
      service: username !== undefined && password !== undefined ? { username, password } : undefined,
      directory,
      refuse: refusals.count,
      log: (line) => log.info(line),
    });
  } catch (error) {
    await directory.close();
    await refusals.close();
    await database.close();
    throw error;
  }
  const started = broker;
  log.info({ port: started.port }, 'the broker listens');
  return {
    broker: started,
    async close() {
      await started.close();
      await directory.close();
      await refusals.close();
      await database.close();
    },
  };
}
