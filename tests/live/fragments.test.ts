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

describe('fragments of a live stream', () => {
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
