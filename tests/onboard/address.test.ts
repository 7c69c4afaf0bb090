/** An RTSP address in parts: what is pasted is taken apart, what is typed is put together, whatever signs the password has. */
import { expect, test } from 'vitest';
import {
  type AddressParts,
  NO_ADDRESS,
  nextHost,
  nextNumbered,
  partsOf,
  rtspUrl,
} from '../../services/web/src/features/onboard/rtsp-address.ts';

const typed = (parts: Partial<AddressParts>): AddressParts => ({ ...NO_ADDRESS, ...parts });

test.each([
  [
    'rtsp://192.168.1.20/Streaming/Channels/101',
    { host: '192.168.1.20', port: '554', path: '/Streaming/Channels/101' },
  ],
  [
    'rtsp://admin:a%40b@camera:8554/x?y=1&z=2',
    { host: 'camera', port: '8554', user: 'admin', password: 'a@b', path: '/x?y=1&z=2' },
  ],
  ['rtsp://admin:p@ss@10.0.0.1/1', { host: '10.0.0.1', user: 'admin', password: 'p@ss', path: '/1' }],
  ['rtsp://admin:100%@10.0.0.1/1', { user: 'admin', password: '100%' }],
  ['rtsps://10.0.0.1', { secure: true, port: '322', path: '/' }],
])('%s', (text, parts) => {
  expect(partsOf(text)).toMatchObject(parts);
});

test('what is no RTSP address is taken as a host', () => {
  expect(partsOf('192.168.1.20')).toBeUndefined();
  expect(partsOf('http://192.168.1.20/')).toBeUndefined();
});

test('a password is encoded, so that every reader of the address reads the same', () => {
  const url = rtspUrl(
    typed({ host: '10.0.0.1', user: 'admin', password: 'p@ss:wörd/1', path: 'live' }),
    'live',
  );
  expect(url).toBe('rtsp://admin:p%40ss%3Aw%C3%B6rd%2F1@10.0.0.1/live');
  expect(partsOf(url)).toMatchObject({
    host: '10.0.0.1',
    user: 'admin',
    password: 'p@ss:wörd/1',
    path: '/live',
  });
  expect(rtspUrl(typed({ host: '10.0.0.1', port: '8554', path: '/live' }), '/live')).toBe(
    'rtsp://10.0.0.1:8554/live',
  );
});

test('the next camera has the next address, name and code', () => {
  expect([nextHost('192.168.1.20'), nextHost('192.168.1.254'), nextHost('camera')]).toEqual([
    '192.168.1.21',
    '192.168.1.254',
    'camera',
  ]);
  expect(['灶台1号', 'cam-09', 'stove', ''].map(nextNumbered)).toEqual(['灶台2号', 'cam-10', 'stove-2', '']);
});
