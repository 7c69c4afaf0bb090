import { describe, expect, test } from 'vitest';
import { annexBOf, nalUnits, parameterSetsOf } from '../../services/media/nal.ts';
import { streamConfig } from '../../services/media/stream-config.ts';
import { numberedPackets } from '../support/media.ts';

describe.each(['h264', 'h265'] as const)('%s', (codec) => {
  test.each([
    [320, 180],
    [704, 576],
    [1280, 720],
    [1920, 1080],
  ])('the size %d×%d is read from the parameter sets of a keyframe', async (width, height) => {
    const [first] = await numberedPackets(1, { codec, size: { width, height } });
    expect([first?.config.width, first?.config.height]).toEqual([width, height]);
  });

  test('broken parameter sets give size 0, no error', () => {
    const start = codec === 'h264' ? [0x67, 0x64] : [0x42, 0x01];
    const config = streamConfig(codec, annexBOf([Uint8Array.from([...start, 0xff])]));
    expect([config.width, config.height]).toEqual([0, 0]);
    expect(streamConfig(codec, new Uint8Array()).width).toBe(0);
  });
});

test('NAL units are split at three- and four-byte start codes', () => {
  const bytes = Uint8Array.from([0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 0, 1, 0x65, 3]);
  expect([...nalUnits(bytes)].map((unit) => [...unit])).toEqual([
    [0x67, 1],
    [0x68, 2],
    [0x65, 3],
  ]);
});

test('an access unit without SPS has no parameter sets, even with a PPS', () => {
  const pps = Uint8Array.from([0x68, 2, 0x80]);
  const slice = Uint8Array.from([0x65, 3, 0x80]);
  expect(parameterSetsOf('h264', annexBOf([pps, slice]))).toBeNull();
  expect(parameterSetsOf('h264', annexBOf([Uint8Array.from([0x67, 9]), pps, slice]))).toEqual(
    annexBOf([Uint8Array.from([0x67, 9]), pps]),
  );
});
