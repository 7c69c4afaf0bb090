import { describe, expect, test } from 'vitest';
import type { MediaPacket, StreamConfig } from '../../services/media/packet.ts';
import { PacketRing } from '../../services/media/ring.ts';

const CONFIG: StreamConfig = { codec: 'h264', width: 320, height: 180, parameterSets: new Uint8Array() };

/** Ten pictures a second, a keyframe every second, 1000 bytes each. */
function packet(index: number, bytes = 1000): MediaPacket {
  const key = index % 10 === 0;
  return { config: CONFIG, data: new Uint8Array(bytes), key, pts: index * 9000, wallMs: index * 100 };
}

function filled(count: number, limits = { maxMs: 5000, maxBytes: 1e9 }): PacketRing {
  const ring = new PacketRing(limits);
  for (let i = 0; i < count; i += 1) ring.push(packet(i));
  return ring;
}

describe('packet ring', () => {
  test('keeps whole groups of pictures that reach back far enough, and no more', () => {
    const ring = filled(1000);
    expect(ring.spanMs).toBeGreaterThanOrEqual(5000);
    expect(ring.spanMs).toBeLessThan(6000);
    expect(ring.packetCount).toBeLessThanOrEqual(60);
    expect(ring.cut(0, Number.MAX_SAFE_INTEGER)[0]?.key).toBe(true);
  });

  test('is bounded by bytes when pictures are large', () => {
    const ring = filled(1000, { maxMs: 60_000, maxBytes: 25_000 });
    expect(ring.bytes).toBeLessThanOrEqual(25_000);
    expect(ring.latestKeyframe()?.wallMs).toBe(99_000);
  });

  test('a group larger than the ring is cut short, counted, and the next one is whole again', () => {
    const ring = new PacketRing({ maxMs: 5000, maxBytes: 5500 });
    for (let i = 0; i < 9; i += 1) ring.push(packet(i));
    expect(ring.packetCount).toBe(5);
    expect(ring.dropped).toBe(4);
    ring.push(packet(10));
    ring.push(packet(11));
    expect(ring.bytes).toBeLessThanOrEqual(5500);
    expect(ring.cut(1000, 1100).map(({ wallMs }) => wallMs)).toEqual([1000, 1100]);
  });

  test('a keyframe larger than the ring is dropped, not kept', () => {
    const ring = new PacketRing({ maxMs: 5000, maxBytes: 500 });
    ring.push(packet(0));
    expect(ring.bytes).toBe(0);
    expect(ring.latestKeyframe()).toBeNull();
  });

  test('takes nothing before the first keyframe', () => {
    const ring = new PacketRing({ maxMs: 5000, maxBytes: 1e9 });
    ring.push(packet(3));
    expect(ring.packetCount).toBe(0);
  });

  test('a cut starts with the keyframe at or before its start and ends at its end', () => {
    const cut = filled(50).cut(1550, 3210);
    expect(cut[0]?.key).toBe(true);
    expect(cut[0]?.wallMs).toBe(1000);
    expect(cut.at(-1)?.wallMs).toBe(3200);
  });

  test('a cut that reaches back too far starts with the oldest keyframe held', () => {
    expect(filled(1000).cut(0, 1e9)[0]?.wallMs).toBe(94_000);
  });

  test('a cut of a time that is not held is empty', () => {
    expect(filled(50).cut(90_000, 95_000)).toEqual([]);
    expect(filled(1000).cut(0, 1000)).toEqual([]);
  });

  test('a cut over a gap between two sessions leaves out the group that ended before it', () => {
    const ring = filled(15, { maxMs: 600_000, maxBytes: 1e9 });
    ring.push(packet(300));
    ring.push(packet(301));
    expect(ring.cut(20_000, 40_000).map(({ wallMs }) => wallMs)).toEqual([30_000, 30_100]);
  });
});
