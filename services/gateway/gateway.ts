import type { ServiceConfig } from '../config/config.ts';
import { createGatewayContext, type GatewayOverrides, type GatewayParts } from './context.ts';
import { fillGaps } from './looks/fill-gaps.ts';
import { createTicker, type Ticker } from './looks/ticker.ts';
import { connectToBroker } from './mqtt/client.ts';
import { createRouter } from './mqtt/router.ts';

/** Milliseconds for bursts to be closed when the process stops; the sweeper closes the rest. */
const CLOSE_BURSTS_MS = 1_500;

export interface Gateway {
  readonly parts: GatewayParts;
  readonly ticker: Ticker;
  /** Ends within a few seconds; what was not committed was not acknowledged. */
  stop(): Promise<void>;
}

/**
 * Starts the gateway process: reads the registry, fills the minutes nobody watched, then listens to MQTT.
 * Waits for the database as long as it takes, unless `stopping` fires.
 */
export async function startGateway(
  config: ServiceConfig,
  overrides: GatewayOverrides = {},
  options: { tick?: boolean } = {},
): Promise<Gateway> {
  const context = createGatewayContext(config, overrides);
  const { parts } = context;
  await parts.registry.loaded;
  const ticker = createTicker(parts, (entry) => (entry.record.source === 'mqtt' ? 'watch' : 'nobody'));
  await parts.trying(() => fillGaps(parts.db, parts.registry.cameras, parts.now()));
  const broker = connectToBroker({
    url: config.mqttUrl,
    username: config.mqttUsername,
    password: config.mqttPassword,
    clientId: `mingzao-gateway-${config.gatewayId}`,
    take: createRouter(parts),
    log: (line) => parts.log.warn(line),
  });
  if (options.tick ?? true) ticker.start();
  return {
    parts,
    ticker,
    async stop() {
      ticker.stop();
      await broker.close();
      const patience = setTimeout(() => context.abort(), CLOSE_BURSTS_MS);
      await closeBursts(parts);
      clearTimeout(patience);
      await context.close();
    },
  };
}

/** Looks that were begun are handed to the workers with what they have. */
async function closeBursts(parts: GatewayParts): Promise<void> {
  const open = [...parts.watches.all.values()].flatMap((watch) => watch.burst ?? []);
  await Promise.allSettled(open.map((burst) => parts.intake.finish(burst.lookId)));
}
