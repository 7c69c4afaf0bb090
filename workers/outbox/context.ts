import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { ServiceConfig } from '../../services/config/config.ts';
import { createLogger } from '../../services/config/logger.ts';
import { nextCaseSource } from '../../services/db/case-lists.ts';
import { openDatabase } from '../../services/db/database.ts';
import { listen } from '../../services/db/listen.ts';
import { nextDue } from '../../services/db/outbox.ts';
import { startBeating } from '../../services/db/process-beats.ts';
import { createSealer } from '../../services/db/seal.ts';
import { allowedFrom } from '../../services/outbound/address.ts';
import { createPlatformBrokers } from '../../services/outbound/broker.ts';
import { createOutbound } from '../../services/outbound/request.ts';
import { createSockets } from '../../services/outbound/socket.ts';
import { createGatewayLine } from './messages/gateway-line.ts';
import { tellDue } from './messages/round.ts';
import type { MessageContext } from './messages/target.ts';
import { reconcileDue } from './reconcile/round.ts';
import { type Delivery, msUntil } from './relay.ts';
import { type EventContext, relayDue } from './webhooks/target.ts';

/** Looked at least this often, should a NOTIFY be missed. */
const IDLE_MS = 15_000;
const AFTER_TROUBLE_MS = 1_000;

export interface OutboxRelay {
  close(): Promise<void>;
}

/** Puts the relay together and starts it: events to platforms, messages to people. Woken by NOTIFY, by the next due time, and now and then. */
export function startOutbox(
  config: ServiceConfig,
  overrides: { log?: Logger; now?: () => Date } = {},
): OutboxRelay {
  const log = overrides.log ?? createLogger('outbox', config.logLevel);
  const database = openDatabase(config.databaseUrl, {
    max: 8,
    name: 'mingzao outbox',
    onError: (error) => log.warn({ error: error.message }, 'database connection lost'),
  });
  const allowed = allowedFrom(config.outboundAllow);
  const brokers = createPlatformBrokers(createSockets(allowed));
  const context: MessageContext & EventContext = {
    db: database.db,
    sealer: createSealer(config.secretKey),
    outbound: createOutbound(allowed),
    brokers,
    line: createGatewayLine({
      url: config.mqttUrl,
      username: config.mqttUsername,
      password: config.mqttPassword,
      log: (line) => log.warn(line),
    }),
    publicUrl: config.publicUrl,
    claimer: randomUUID(),
    now: overrides.now ?? (() => new Date()),
    random: Math.random,
  };
  // A loop each: a platform that answers slowly holds up nobody's alert.
  const works = [
    work(context, log, 'events to platforms', async () => ({
      deliveries: await relayDue(context),
      next: [await nextDue(context.db)],
    })),
    work(context, log, 'messages to people', () => tellDue(context)),
    work(context, log, 'lists of platforms', async () => ({
      deliveries: (await reconcileDue(context)).map(({ error }) => ({
        ok: error === undefined,
        status: null,
        error: error ?? '',
      })),
      next: [await nextCaseSource(context.db)],
    })),
  ];
  const listener = listen(config.databaseUrl, ['mingzao_outbox'], () => {
    for (const { call } of works) call();
  });
  const beating = startBeating(context.db, 'outbox');
  return {
    async close() {
      await Promise.all(works.map(({ stop }) => stop()));
      await listener.close();
      await context.line.close();
      await brokers.close();
      await beating.close();
      await database.close();
    },
  };
}

type Round = () => Promise<{ deliveries: Delivery[]; next: (Date | undefined)[] }>;

/** Does rounds until it is stopped: when called, when something falls due, and now and then. */
function work(
  { now }: Pick<MessageContext, 'now'>,
  log: Logger,
  what: string,
  round: Round,
): { call: () => void; stop: () => Promise<void> } {
  let closed = false;
  let called = false;
  let wake: () => void = () => {};
  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (called || closed) return resolve();
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const loop = async (): Promise<void> => {
    while (!closed) {
      called = false;
      let wait = AFTER_TROUBLE_MS;
      try {
        const { deliveries, next } = await round();
        const failed = deliveries.filter(({ ok }) => !ok);
        if (deliveries.length > 0)
          log.info({ sent: deliveries.length - failed.length, failed: failed.length }, `relayed ${what}`);
        wait = msUntil(next, now(), IDLE_MS);
      } catch (error) {
        log.warn({ error: (error as Error).message }, `trouble with ${what}, will be tried again`);
      }
      await rest(wait);
    }
  };
  const running = loop();
  return {
    call() {
      called = true;
      wake();
    },
    async stop() {
      closed = true;
      wake();
      await running;
    },
  };
}
