/** Live fragments: what is cut from a camera's packets is what a player shows, in order and without a gap. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Fragmenter, type LiveFragment, streamShape } from '../../services/media/live/fragmenter.ts';
import { initSegment } from '../../services/media/live/init-segment.ts';
import type { MediaPacket } from '../../services/media/packet.ts';
import { openVideo } from '../../services/media/video-file.ts';
import { numberedPackets, numberOf, testFolder } from '../support/media.ts';

function cut(packets: readonly MediaPacket[]): LiveFragment[] {
  const [first] = packets;
  if (first === undefined) throw new Error('there are packets');
  const fragments: LiveFragment[] = [];
  const fragmenter = new Fragmenter(first, streamShape(packets), (fragment) => fragments.push(fragment));
  for (const packet of packets) fragmenter.push(packet);
  return fragments;
}

async function shown(packets: readonly MediaPacket[], fragments: readonly LiveFragment[]): Promise<number[]> {
  const [first] = packets;
  if (first === undefined) throw new Error('there are packets');
  const init = await initSegment(first.config);
  const path = join(testFolder(), 'live.mp4');
  writeFileSync(path, Buffer.concat([init.bytes, ...fragments.map(({ bytes }) => bytes)]));
  const video = await openVideo(path);
  const numbers: number[] = [];
  for await (const { frame } of video.frames()) numbers.push(numberOf(frame));
  await video.close();
  return numbers;
}

/** Times of the samples of a fragment, as a player reads them (ISO/IEC 14496-12, 8.8.8 and 8.8.12). */
function timesIn(fragment: Buffer): { dts: number; pts: number; duration: number }[] {
  const at = (type: string): number => fragment.indexOf(type, 0, 'latin1') + 4;
  let dts = Number(fragment.readBigUInt64BE(at('tfdt') + 4));
  const run = at('trun');
  return Array.from({ length: fragment.readUInt32BE(run + 4) }, (_, i) => {
    const entry = run + 12 + i * 16;
    const duration = fragment.readUInt32BE(entry);
    const sample = { dts, pts: dts + fragment.readInt32BE(entry + 12), duration };
    dts += duration;
    return sample;
  });
}

describe('fragments of a live stream', () => {
  test.each([
    ['as they are shown', [0, 1, 2, 3]],
    ['one picture back', [0, 2, 1, 3]],
    ['two pictures back', [0, 3, 1, 2]],
  ])('sent %s: decoding times rise without a gap, none is after its presentation', async (_, order) => {
    const [first] = await numberedPackets(1);
    if (first === undefined) throw new Error('there is a packet');
    const step = 3_600;
    const packets = Array.from({ length: 80 }, (_, i): MediaPacket => {
      const shownAt = Math.floor(i / 4) * 4 + (order[i % 4] ?? 0);
      return { ...first, key: i % 40 === 0, pts: shownAt * step, wallMs: shownAt * 40 };
    });
    // A viewer comes in the middle; what came before shows in which order the camera sends.
    const shape = streamShape(packets.slice(0, 40));
    const fragments: LiveFragment[] = [];
    const fragmenter = new Fragmenter(packets[40] ?? first, shape, (one) => fragments.push(one));
    for (const packet of packets.slice(40)) fragmenter.push(packet);
    const samples = fragments.flatMap(({ bytes }) => timesIn(bytes));
    // The last fragment is not full yet.
    expect(samples).toHaveLength(30);
    for (const [i, { dts, pts }] of samples.entries()) {
      expect(pts).toBeGreaterThanOrEqual(dts);
      expect(dts - (samples[i - 1]?.dts ?? dts - step)).toBe(step);
      expect(pts - (samples[0]?.pts ?? 0)).toBe((packets[40 + i]?.pts ?? 0) - (packets[40]?.pts ?? 0));
    }
  });

  test('a picture that is shown before the first keyframe is left out', async () => {
    const [first] = await numberedPackets(1);
    if (first === undefined) throw new Error('there is a packet');
    const fragments: LiveFragment[] = [];
    const fragmenter = new Fragmenter(first, { depth: 0, pictureTicks: 3_600 }, (one) => fragments.push(one));
    for (const [pts, key] of [
      [0, true],
      [-3_600, false],
      [3_600, false],
      [7_200, true],
    ] as const)
      fragmenter.push({ ...first, pts, key });
    expect(fragments).toHaveLength(1);
    expect(timesIn(fragments[0]?.bytes ?? Buffer.of())).toHaveLength(2);
  });

  test.each(['h264', 'h265'] as const)(
    '%s: each picture once, at most half a second each, keyframes first',
    async (codec) => {
      const packets = await numberedPackets(50, { codec, framesPerS: 10, gopFrames: 20, startMs: 1_000_000 });
      const fragments = cut(packets);
      expect(fragments.length).toBeGreaterThanOrEqual(10);
      expect(fragments.filter(({ key }) => key)).toHaveLength(3);
      const ends = fragments.map(({ endS }) => endS);
      for (const [i, end] of ends.entries()) expect(end - (ends[i - 1] ?? 1)).toBeLessThanOrEqual(0.501);
      // The newest picture is held back until the next one comes.
      expect(fragments.at(-1)?.wallMs).toBeLessThanOrEqual(1_000_000 + 4_900);
      expect(fragments.at(-1)?.wallMs).toBeGreaterThan(1_000_000 + 4_300);
      const numbers = await shown(packets, fragments);
      expect(numbers).toEqual(numbers.map((_, i) => i));
      expect(numbers.length).toBeGreaterThan(44);
      // A viewer that comes later begins at a keyframe.
      const later = fragments.slice(fragments.findLastIndex(({ key }) => key));
      expect((await shown(packets, later))[0]).toBe(40);
    },
  );
});
