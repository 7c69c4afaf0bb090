import { describe, expect, test } from 'vitest';
import { burstTimes, withNearest } from '../../services/media/decode.ts';
import { decodeJpeg } from '../../services/media/jpeg.ts';
import { withKeyframe } from '../../services/media/keyframe.ts';
import { lumaOfFrame } from '../../services/media/luma.ts';
import type { MediaPacket } from '../../services/media/packet.ts';
import { numberedPackets, numberOf, WIDE } from '../support/media.ts';

function firstOf(packets: readonly MediaPacket[]): MediaPacket {
  const [first] = packets;
  if (first === undefined) throw new Error('no packet was encoded');
  return first;
}

describe.each(['h264', 'h265'] as const)('%s', (codec) => {
  test('a keyframe is decoded alone, to RGB, JPEG and luma of the same picture', async () => {
    const packets = await numberedPackets(3, { codec, size: WIDE, startMs: 5000, firstNumber: 30 });
    await withKeyframe(firstOf(packets), async (picture) => {
      expect([picture.width, picture.height, picture.atMs, picture.damaged]).toEqual([640, 360, 5000, false]);
      const raw = await picture.raw();
      const luma = await picture.luma();
      const jpeg = await decodeJpeg(await picture.jpeg());
      expect(numberOf(raw)).toBe(30);
      expect(numberOf(jpeg)).toBe(30);
      expect(luma).toHaveLength(64 * 36);
      const expected = lumaOfFrame(raw);
      const mean =
        luma.reduce((sum, value, i) => sum + Math.abs(value - (expected[i] ?? 0)), 0) / luma.length;
      expect(mean).toBeLessThan(2);
    });
  });

  test('a burst gives the five pictures nearest to its times, in order', async () => {
    const packets = await numberedPackets(56, { codec, startMs: 1000 });
    const times = burstTimes(1000, 6240, 5);
    const seen = await withNearest(packets, times, async (picture) => [
      picture.atMs,
      numberOf(await picture.raw()),
    ]);
    expect(seen).toEqual([
      [1000, 0],
      [2300, 13],
      [3600, 26],
      [4900, 39],
      [6200, 52],
    ]);
  });
});

test('with a tolerance near keyframes are taken', async () => {
  const packets = await numberedPackets(56, { gopFrames: 10 });
  const at = await withNearest(packets, [950, 2200, 3500], async ({ atMs }) => atMs, {
    keyframeToleranceMs: 300,
  });
  expect(at).toEqual([1000, 2000, 3500]);
});

test('one picture nearest to several times comes once', async () => {
  const packets = await numberedPackets(2);
  expect(await withNearest(packets, [0, 1, 2], async ({ atMs }) => atMs)).toEqual([0]);
});

test('a keyframe without its data is an error, not a crash', async () => {
  const first = firstOf(await numberedPackets(1));
  const broken = { ...first, data: first.data.slice(0, 30) };
  await expect(withKeyframe(broken, async () => 0)).rejects.toThrow('the keyframe cannot be decoded');
});

test('a damaged keyframe is marked or refused', async () => {
  const first = firstOf(await numberedPackets(1, { size: WIDE }));
  const data = first.data.slice();
  for (let i = Math.floor(data.length / 2); i < data.length; i += 7) data[i] = (data[i] ?? 0) ^ 0xff;
  const outcome = await withKeyframe({ ...first, data }, async ({ damaged }) => damaged).catch(
    () => 'refused',
  );
  expect([true, 'refused']).toContain(outcome);
});

test('a picture cannot leave its loan: everything native is freed', async () => {
  const packets = await numberedPackets(1, { size: { width: 1920, height: 1080 } });
  const first = firstOf(packets);
  const decodeMany = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) await withKeyframe(first, (picture) => picture.jpeg());
  };
  await decodeMany(20);
  const before = process.memoryUsage().rss;
  await decodeMany(200);
  // A leak of one 1080p frame each would be over 600 MB; what waits for the garbage collector is half of that at most.
  expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
}, 60_000);
