import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../services/config/config.ts';
import { allowedFrom, isPublic } from '../../services/outbound/address.ts';
import { createOutbound, type OutboundError } from '../../services/outbound/request.ts';

let server: Server;
let port: number;
let answer: RequestListener = (_request, response) => void response.end('ok');
let asked = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const nobody = allowedFrom([]);
const here = allowedFrom(['127.0.0.0/8']);
const failure = async (sending: Promise<unknown>): Promise<OutboundError> =>
  await sending.then(
    () => Promise.reject(new Error('it was sent')),
    (error: OutboundError) => error,
  );

describe('the guard', () => {
  test.each(['8.8.8.8', '2400:3200::1', '::ffff:8.8.8.8'])('%s is public', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'nonsense',
  ])('%s is not public', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  test.each(['http://127.0.0.1', 'http://[::1]', 'http://0x7f.1', 'http://2130706433', 'http://localhost'])(
    '%s is refused before anything is sent',
    async (base) => {
      asked = 0;
      const error = await failure(createOutbound(nobody)({ url: `${base}:${port}/`, method: 'GET' }));
      expect([error.kind, asked]).toEqual(['refused', 0]);
      expect(error.message).toMatch(/is not a public address; MINGZAO_OUTBOUND_ALLOW may name it$/);
    },
  );

  test('a name that changes its answer after it was checked gains nothing', async () => {
    asked = 0;
    let lookups = 0;
    const client = createOutbound(nobody, (_name, _options, done) => {
      lookups += 1;
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    });
    const error = await failure(client({ url: `http://rebinding.example:${port}/`, method: 'GET' }));
    expect([error.kind, asked, lookups]).toEqual(['refused', 0, 1]);
  });

  test('one private address among several is enough to refuse', async () => {
    const client = createOutbound(nobody, (_name, _options, done) =>
      done(null, [
        { address: '8.8.8.8', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ]),
    );
    expect((await failure(client({ url: 'http://two.example/', method: 'GET' }))).message).toMatch(
      '10.0.0.1',
    );
  });

  test.each([['127.0.0.0/8'], ['localhost']])('what %s allows is sent', async (entry) => {
    const client = createOutbound(allowedFrom([entry]));
    const { status, body } = await client({ url: `http://localhost:${port}/`, method: 'GET' });
    expect([status, body.toString()]).toEqual([200, 'ok']);
  });

  test('only http and https', async () => {
    expect((await failure(createOutbound(here)({ url: 'file:///etc/passwd', method: 'GET' }))).kind).toBe(
      'refused',
    );
  });
});

describe('a receiver in bad shape', () => {
  const get = (limits = {}) =>
    failure(createOutbound(here)({ url: `http://127.0.0.1:${port}/?key=secret`, method: 'GET' }, limits));

  test('that redirects is not followed', async () => {
    answer = (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end();
    asked = 0;
    expect([(await get()).kind, asked]).toEqual(['redirected', 1]);
  });

  test('that says too much is cut off', async () => {
    answer = (_request, response) => void response.end('x'.repeat(2000));
    expect((await get({ maxBytes: 1000 })).kind).toBe('too_large');
  });

  test('that says nothing is left alone', async () => {
    answer = () => {};
    const error = await get({ withinMs: 50 });
    expect([error.kind, error.message]).toEqual(['timeout', 'no answer within 0.05 s']);
  });

  test('that hangs up is named without its address, which may hold a key', async () => {
    answer = (request) => void request.socket.destroy();
    const error = await get();
    expect([error.kind, error.message]).toEqual(['unreachable', 'cannot be reached: ECONNRESET']);
  });
});

test('MINGZAO_OUTBOUND_ALLOW takes hosts, addresses and networks, and names what is none', () => {
  expect(readConfig({ MINGZAO_OUTBOUND_ALLOW: 'sms.local, 10.0.0.0/8,::1' }).outboundAllow).toEqual([
    'sms.local',
    '10.0.0.0/8',
    '::1',
  ]);
  for (const wrong of ['10.0.0.0/33', 'a b', 'sms.local/8', ','])
    expect(() => readConfig({ MINGZAO_OUTBOUND_ALLOW: wrong })).toThrow('MINGZAO_OUTBOUND_ALLOW');
});
