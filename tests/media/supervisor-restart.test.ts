import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { encodeVideo } from '../../services/media/encode.ts';
import { PacketRing } from '../../services/media/ring.ts';
import { type LinkState, RtspSupervisor } from '../../services/media/rtsp/supervisor.ts';
import { Events } from '../support/events.ts';
import { numberedPictures, SMALL, testFolder } from '../support/media.ts';
import { testRtspServer } from '../support/rtsp-server.ts';

test('a server that is killed and comes back: offline, then online again, and the ring goes on', async () => {
  const file = join(testFolder(), 'camera.mp4');
  await encodeVideo(file, numberedPictures(20, SMALL), { framesPerS: 10, gopS: 1, seconds: 60 });
  const first = await testRtspServer({ mounts: { '/kitchen': file } });
  const ring = new PacketRing({ maxMs: 60_000, maxBytes: 1e8 });
  const states = new Events<LinkState>();
  const packets = new Events<number>();
  const supervisor = new RtspSupervisor({
    random: () => 0,
    onPacket: (_, packet) => {
      ring.push(packet);
      packets.push(packet.wallMs);
    },
    onState: (_, state) => states.push(state),
  });
  onTestFinished(() => supervisor.close());
  supervisor.add({ id: 'kitchen', url: first.url('/kitchen') });
  await packets.until(({ length }) => length >= 3);
  await first.stop();
  await states.until((seen) => seen.some(({ state }) => state === 'offline'));
  const before = packets.seen.length;
  const held = ring.packetCount;
  await testRtspServer({ port: first.port, mounts: { '/kitchen': file } });
  await packets.until(({ length }) => length >= before + 3);
  const words = states.seen.map(({ state }) => state);
  expect(words.slice(0, 3)).toEqual(['connecting', 'online', 'offline']);
  expect(words.at(-1)).toBe('online');
  const down = states.seen.find((state) => state.state === 'offline');
  expect(down).toMatchObject({ cause: 'ended' });
  expect(ring.packetCount).toBe(held + packets.seen.length - before);
  expect([...packets.seen]).toEqual([...packets.seen].sort((a, b) => a - b));
  expect(ring.latestKeyframe()?.wallMs).toBeGreaterThanOrEqual(packets.seen[before] ?? 0);
});
