import type { ServiceConfig } from '../config/config.ts';
import { startBeating } from '../db/process-beats.ts';
import { createGatewayContext, type GatewayOverrides, type GatewayParts } from './context.ts';
import { unlessStopped } from './keep-trying.ts';
import { fillGaps } from './looks/fill-gaps.ts';
import { createTicker, type Ticker } from './looks/ticker.ts';
import { type BrokerClient, connectToBroker } from './mqtt/client.ts';
import { createRouter } from './mqtt/router.ts';
import { startProbes } from './probes/probes.ts';
import { type RtspSide, startRtsp } from './rtsp/rtsp.ts';

/** Milliseconds for what is in hand when the process stops; the rest is not acknowledged, or left to the sweeper. */
const PATIENCE_MS = 1_500;

export interface Gateway {
  readonly parts: GatewayParts;
  readonly ticker: Ticker;
  readonly rtsp: RtspSide;
  readonly broker: Pick<BrokerClient, 'connected' | 'ready' | 'settled'>;
  /** Ends within a few seconds; what was not committed was not acknowledged. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** False: tests let time pass by themselves. */
  tick?: boolean;
  env?: NodeJS.ProcessEnv;
  /** Gives up waiting for the database. */
  signal?: AbortSignal;
}

/**
 * Starts the gateway process: reads the registry, fills the minutes nobody watched, then listens to MQTT.
 * Waits for the database as long as it takes.
 * @throws Stopped when `signal` fires before
 */
export async function startGateway(
  config: ServiceConfig,
  overrides: GatewayOverrides = {},
  options: StartOptions = {},
): Promise<Gateway> {
  const context = createGatewayContext(config, overrides);
  const { parts } = context;
  const stop = (): void => context.abort();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    await unlessStopped(parts.registry.loaded, parts.stopping);
  } catch (error) {
    await context.close();
    throw error;
  }
  const rtsp = await startRtsp(parts, options.env ?? process.env);
  const probes = startProbes(parts);
  const ticker = createTicker(parts, rtsp.concernOf);
  await parts.trying(() => fillGaps(parts.db, parts.registry.cameras, parts.now()));
  const broker = connectToBroker({
    url: config.mqttUrl,
    username: config.mqttUsername,
    password: config.mqttPassword,
    clientId: `mingzao-gateway-${config.gatewayId}`,
    shared: config.mqttShared === '1',
    take: createRouter(parts),
    onReady: () => parts.log.info('listening to the broker'),
    log: (line) => parts.log.warn(line),
  });
  const beating = startBeating(parts.db, 'gateway', () => ({ broker: broker.connected }));
  if (options.tick ?? true) ticker.start();
  options.signal?.removeEventListener('abort', stop);
  return {
    parts,
    ticker,
    rtsp,
    broker,
    async stop() {
      ticker.stop();
      const patience = setTimeout(() => context.abort(), PATIENCE_MS);
      await Promise.all([broker.close(), rtsp.stop(), probes.close(), beating.close()]);
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
