/** Sessions at brokers of platforms: what was published leaves nothing behind, and the end of a connection fails what waits. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { Aedes, type AuthorizePublishHandler } from 'aedes';
import { MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { allowedFrom } from '../../services/outbound/address.ts';
import { type BrokerAddress, createPlatformBrokers } from '../../services/outbound/broker.ts';
import { createSockets } from '../../services/outbound/socket.ts';

const WITHIN_MS = 20_000;

let broker: Aedes;
let server: Server;
let address: BrokerAddress;
let authorize: AuthorizePublishHandler;
const brokers = createPlatformBrokers(createSockets(allowedFrom(['127.0.0.0/8'])));

beforeEach(async () => {
  authorize = (_client, _packet, done) => done(null);
  broker = await Aedes.createBroker({
    authorizePublish: (client, packet, done) => authorize(client, packet, done),
  });
  server = createServer(broker.handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  address = { url: `mqtt://127.0.0.1:${port}`, username: undefined, password: undefined };
});
afterEach(async () => {
  vi.restoreAllMocks();
  await brokers.close();
  await new Promise<void>((done) => broker.close(done));
  server.close();
});

const publish = (n: number) => brokers.publish(address, 'bureau/event', `event ${n}`, WITHIN_MS);
const some = (count: number) => Promise.all(Array.from({ length: count }, (_, n) => publish(n)));

test('what was published is not held by the session, one after the other or many at once', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on('warning', warn);
  const publishing = vi.spyOn(MqttClient.prototype, 'publish');
  await publish(0);
  const [client] = publishing.mock.contexts as MqttClient[];
  const before = client?.listenerCount('close');
  for (let n = 1; n <= 30; n += 1) await publish(n);
  await some(30);
  expect(new Set(publishing.mock.contexts)).toEqual(new Set([client]));
  expect(client?.listenerCount('close')).toBe(before);
  // Warnings are told in a later turn.
  await new Promise(setImmediate);
  process.off('warning', warn);
  expect(warnings).toEqual([]);
});

test('when the broker closes the connection, all that waits fails at once, and the next is published anew', async () => {
  await publish(0);
  const ends: (() => void)[] = [];
  authorize = (client) => {
    ends.push(() => client?.close());
    if (ends.length === 3) for (const end of ends) end();
  };
  const waiting = await Promise.allSettled([publish(1), publish(2), publish(3)]);
  expect(waiting.map((one) => one.status === 'rejected' && (one.reason as Error).message)).toEqual(
    Array.from({ length: 3 }, () => 'the broker closed the connection'),
  );
  authorize = (_client, _packet, done) => done(null);
  await publish(4);
});
