import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Aedes, type AuthenticateError, type Client, type ConnectPacket } from 'aedes';
import { verifyGatewaySecret } from '../../db/gateway-secret.ts';
import type { GatewayRecord } from '../../db/registry.ts';
import { parseTopic } from '../../domain/topics.ts';
import type { RefusalReason } from '../refusals/reasons.ts';
import { createBacklog } from './backlog.ts';
import { LimitedConnection } from './connection.ts';
import {
  gatewayIdentity,
  type Identity,
  mayPublish,
  maySubscribe,
  reasonToLeave,
  takesFrames,
} from './identity.ts';

/** A look is at most 1 MiB; topic, packet identifier and the CBOR around the frames come on top. */
export const PACKET_LIMIT = 1024 * 1024 + 16 * 1024;

/** Return codes of CONNACK (OASIS MQTT 3.1.1 §3.2.2.3). */
const UNAVAILABLE = 3;
const BAD_PASSWORD = 4;
const NOT_AUTHORIZED = 5;

/** Milliseconds that a gateway waits for Mingzao at connecting; clients themselves wait 30 s or longer. */
const READY_WITHIN_MS = 20_000;
const NOT_READY = 'Mingzao is not ready yet';

/** Where a refused message goes: nobody may subscribe to it. aedes would end the connection instead, and with it all others. */
const NOWHERE = '$refused';

export interface BrokerOptions {
  host: string;
  port: number;
  /** Mingzao's own account; undefined: nobody may read. */
  service: { username: string; password: string } | undefined;
  directory: { readonly loaded: Promise<void>; byCode(code: string): GatewayRecord | undefined };
  refuse(gatewayId: string, reason: RefusalReason, detail: string): void;
  log(line: string): void;
}

export interface Broker {
  readonly port: number;
  readonly connections: number;
  readonly droppedFrames: number;
  /** Ends the connections of gateways that may not stay; to be called when the registry has changed. */
  recheck(): void;
  close(): Promise<void>;
}

/**
 * The embedded MQTT 3.1.1 broker. A gateway signs in with its code and secret, publishes below its own prefix and hears only
 * its own commands. What it may not publish is acknowledged, counted and goes nowhere.
 * @throws Error when the port is taken
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { directory, refuse, log } = options;
  const identities = new WeakMap<Client, Identity>();
  const connected = new Set<Client>();
  const backlog = createBacklog();
  const heard = Promise.withResolvers<void>();
  const ready = Promise.all([directory.loaded, heard.promise]).then(() => true);
  /** Sessions of ours that take frames: one that only speaks to gateways keeps nothing from being lost. */
  const taking = new Set<Client>();
  const isAck = (topic: string): boolean => parseTopic(topic)?.kind === 'ack';

  const broker = await Aedes.createBroker({
    maxClientsIdLength: 1024,
    queueLimit: 1000,
    preConnect(client, packet, done) {
      // Nobody can take over the session of another account by using its client id.
      packet.clientId = `${packet.username ?? ''}|${packet.clientId}`;
      checkWill(packet);
      done(null, client.conn.destroyed === false);
    },
    authenticate(client, username, password, done) {
      signIn(username ?? '', password?.toString('utf8') ?? '').then(
        (answer) => {
          if (typeof answer !== 'string') {
            identities.set(client, answer);
            return done(null, true);
          }
          log(`refused a connection as "${(username ?? '').slice(0, 64)}": ${answer}`);
          done(connackError(answer), null);
        },
        (error: Error) => done(connackError(error.message), null),
      );
    },
    authorizePublish(client, packet, done) {
      const identity = client === null ? undefined : identities.get(client);
      if (identity === undefined || !mayPublish(identity, packet.topic)) {
        if (identity?.kind === 'gateway') {
          refuse(identity.record.id, 'bad_topic', `may not publish to ${packet.topic.slice(0, 200)}`);
        }
        return done(nowhere(packet));
      }
      if (identity.kind === 'service') return done(null);
      // It is passed on as any other. Kept, it would count as of now at every subscribing, and fill the memory topic by topic.
      packet.retain = false;
      const isFrame = packet.topic.startsWith(`${identity.prefix}/frame`);
      const verdict = backlog.admit(isFrame ? 'frame' : 'other', packet.payload.length);
      if (verdict === 'refuse') return done(new Error('too much is waiting for Mingzao'));
      if (verdict === 'drop') return done(nowhere(packet));
      // Answers to commands are few and small, and may reach nobody: they are not counted.
      if (packet.qos > 0 && !isAck(packet.topic)) backlog.taken(packet.payload.length);
      done(null);
    },
    authorizeSubscribe(client, subscription, done) {
      const identity = identities.get(client);
      if (identity !== undefined && maySubscribe(identity, subscription.topic))
        return done(null, subscription);
      if (identity?.kind === 'gateway') {
        refuse(identity.record.id, 'bad_topic', `may not subscribe to ${subscription.topic.slice(0, 200)}`);
      }
      // SUBACK 0x80: failure, and the connection goes on.
      done(null, null);
    },
  });

  function checkWill(packet: ConnectPacket): void {
    const record = directory.byCode(packet.username ?? '');
    if (packet.will === undefined || record === undefined) return;
    if (mayPublish(gatewayIdentity(record), packet.will.topic)) return;
    refuse(record.id, 'bad_topic', `may not have a will for ${packet.will.topic.slice(0, 200)}`);
    delete packet.will;
  }

  async function signIn(username: string, password: string): Promise<Identity | string> {
    const { service } = options;
    if (service !== undefined && username === service.username) {
      return password === service.password ? { kind: 'service' } : 'wrong password';
    }
    // Before Mingzao has a session here, what a gateway sends would be acknowledged and reach nobody. Many clients never try
    // again after a refusal: hence they wait for the answer.
    const waited = sleep(READY_WITHIN_MS, false, { ref: false });
    if (!(await Promise.race([ready, waited]))) return NOT_READY;
    const record = directory.byCode(username);
    if (record === undefined) return 'no such gateway';
    if (!record.enabled) return 'the gateway is disabled';
    if (!(await verifyGatewaySecret(password, record.secretHash))) {
      refuse(record.id, 'bad_password', 'wrong password at connecting');
      return 'wrong password';
    }
    return gatewayIdentity(record);
  }

  broker.on('client', (client) => {
    connected.add(client);
  });
  broker.on('clientDisconnect', (client) => {
    connected.delete(client);
    taking.delete(client);
    backlog.serviceConnected(taking.size);
  });
  broker.on('subscribe', (subscriptions, client) => {
    if (identities.get(client)?.kind !== 'service') return;
    if (!subscriptions.some(({ topic }) => takesFrames(topic))) return;
    taking.add(client);
    backlog.serviceConnected(taking.size);
    heard.resolve();
  });
  broker.on('ack', (packet, client) => {
    if (packet?.cmd === 'publish' && !isAck(packet.topic) && identities.get(client)?.kind === 'service') {
      backlog.acknowledged(packet.payload.length);
    }
  });
  broker.on('clientError', (client, error) => log(`${client.id}: ${error.message}`));
  broker.on('connectionError', () => {});

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const connection = new LimitedConnection(socket, PACKET_LIMIT, (packet) => {
      const identity = identities.get(client);
      const detail = `${packet.bytes} bytes to ${packet.topic.slice(0, 200)}; ${PACKET_LIMIT} are allowed`;
      if (identity?.kind === 'gateway') refuse(identity.record.id, 'too_large', detail);
    });
    const client = broker.handle(connection);
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connected.size;
    },
    get droppedFrames() {
      return backlog.droppedFrames;
    },
    recheck() {
      for (const client of connected) {
        const identity = identities.get(client);
        if (identity?.kind !== 'gateway') continue;
        const reason = reasonToLeave(identity, directory.byCode(identity.record.code));
        if (reason === null) continue;
        log(`disconnected ${identity.record.code}: ${reason}`);
        client.close();
      }
    },
    async close() {
      server.close();
      await new Promise<void>((done) => broker.close(() => done()));
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Turns a message into one that reaches nobody and is kept nowhere. Its sender gets its PUBACK. */
function nowhere(packet: { topic: string; payload: string | Buffer; retain: boolean }): null {
  packet.topic = NOWHERE;
  packet.payload = Buffer.alloc(0);
  packet.retain = false;
  return null;
}

function connackError(answer: string): AuthenticateError {
  const returnCode =
    answer === NOT_READY ? UNAVAILABLE : answer === 'the gateway is disabled' ? NOT_AUTHORIZED : BAD_PASSWORD;
  return Object.assign(new Error(answer), { returnCode });
}
