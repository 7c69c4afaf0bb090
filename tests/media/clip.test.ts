import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packMp4 } from '../../services/media/mp4.ts';
import { PacketRing } from '../../services/media/ring.ts';
import { openVideo } from '../../services/media/video-file.ts';
import { numberedPackets, numberOf, SMALL, testFolder, WIDE } from '../support/media.ts';

/** Times and numbers of the pictures in a file. */
async function picturesIn(bytes: Buffer): Promise<[number, number][]> {
  const file = join(testFolder(), 'clip.mp4');
  writeFileSync(file, bytes);
  const video = await openVideo(file);
  const seen: [number, number][] = [];
  for await (const { atMs, frame } of video.frames()) seen.push([atMs, numberOf(frame)]);
  return seen;
}

describe.each([
  ['h264', /^avc1\.[0-9a-f]{6}$/, 'avc1'],
  ['h265', /^hvc1\./, 'hvc1'],
] as const)('%s', (codec, codecString, sampleEntry) => {
  test('a clip of ±2 s around a moment starts with a keyframe, at 0, and shows every picture', async () => {
    const ring = new PacketRing({ maxMs: 60_000, maxBytes: 1e8 });
    for (const packet of await numberedPackets(56, { codec, gopFrames: 10, startMs: 50_000 }))
      ring.push(packet);
    const clip = await packMp4(ring.cut(51_500, 55_500));
    expect(clip.codecString).toMatch(codecString);
    expect(clip.bytes.includes(sampleEntry)).toBe(true);
    expect([clip.startMs, clip.durationMs, clip.leftOut]).toEqual([51_000, 4600, 0]);
    expect([clip.width, clip.height]).toEqual([320, 180]);
    const seen = await picturesIn(clip.bytes);
    expect(seen).toHaveLength(46);
    expect(seen[0]).toEqual([0, 10]);
    expect(seen.at(-1)).toEqual([4500, 55]);
  });
});

test('a cut over a change of resolution keeps the longer part', async () => {
  const before = await numberedPackets(10, { size: SMALL });
  const after = await numberedPackets(30, { size: WIDE, startMs: 1000 });
  const clip = await packMp4([
    ...before,
    ...after.map((packet) => ({ ...packet, pts: packet.pts + 90_000 })),
  ]);
  expect([clip.width, clip.height, clip.leftOut, clip.startMs]).toEqual([640, 360, 10, 1000]);
  expect(await picturesIn(clip.bytes)).toHaveLength(30);
});

test('pictures before the first keyframe are left out', async () => {
  const packets = await numberedPackets(30, { gopFrames: 10 });
  const clip = await packMp4(packets.slice(4));
  expect(clip.leftOut).toBe(6);
  expect((await picturesIn(clip.bytes))[0]).toEqual([0, 10]);
});

test('nothing to start with is an error', async () => {
  await expect(packMp4([])).rejects.toThrow(RangeError);
  await expect(packMp4((await numberedPackets(3)).slice(1))).rejects.toThrow('no keyframe');
});

test('two pictures of the same time do not break the file', async () => {
  const packets = await numberedPackets(20);
  const stuck = packets.map((packet, i) => (i === 10 ? { ...packet, pts: packets[9]?.pts ?? 0 } : packet));
  expect(await picturesIn((await packMp4(stuck)).bytes)).toHaveLength(20);
});
