import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { encodeVideo } from '../../services/media/encode.ts';
import { withKeyframe } from '../../services/media/keyframe.ts';
import { packMp4 } from '../../services/media/mp4.ts';
import type { MediaPacket } from '../../services/media/packet.ts';
import { PacketRing } from '../../services/media/ring.ts';
import type { RtspError } from '../../services/media/rtsp/error.ts';
import {
  openRtspSession,
  type RtspSession,
  type RtspSessionOptions,
} from '../../services/media/rtsp/session.ts';
import { openVideo } from '../../services/media/video-file.ts';
import { Events } from '../support/events.ts';
import { numberedPictures, numberOf, SMALL, testFolder, WIDE } from '../support/media.ts';
import { testRtspServer } from '../support/rtsp-server.ts';

const PASSWORD = 'p@:/%ss#1';

async function openForTest(options: RtspSessionOptions): Promise<RtspSession> {
  const session = await openRtspSession(options);
  onTestFinished(() => session.close());
  return session;
}

/** A session whose packets are collected. */
async function collecting(url: string): Promise<{ session: RtspSession; packets: Events<MediaPacket> }> {
  const packets = new Events<MediaPacket>();
  return { packets, session: await openForTest({ url, onPacket: packets.push }) };
}

async function failure(opening: Promise<RtspSession>): Promise<Pick<RtspError, 'kind' | 'message'>> {
  const error = await opening.then(
    () => null,
    (reason: RtspError) => reason,
  );
  if (error === null) throw new Error('the session opened');
  return { kind: error.kind, message: error.message };
}

describe('RTSP session over GStreamer', () => {
  test.each(['h264', 'h265'] as const)(
    '%s: packets from a keyframe on, in the pace of the camera',
    async (codec) => {
      const file = join(testFolder(), 'camera.mp4');
      await encodeVideo(file, numberedPictures(30, SMALL), { framesPerS: 25, gopS: 0.4, codec });
      const server = await testRtspServer({ mounts: { '/kitchen': file } });
      const { session, packets } = await collecting(server.url('/kitchen'));
      const seen = await packets.until(({ length }) => length >= 15);
      const [first] = seen;
      if (first === undefined) throw new Error('no packet');
      expect(session.codec).toBe(codec);
      expect(first.key).toBe(true);
      expect(first.config).toMatchObject({ codec, width: 320, height: 180 });
      expect(seen[10]?.key).toBe(true);
      expect(seen[10]?.config).toBe(first.config);
      expect((seen[10]?.pts ?? 0) - first.pts).toBe(36_000);
      expect((seen[10]?.wallMs ?? 0) - first.wallMs).toBeGreaterThan(250);
      expect(Math.abs((seen.at(-1)?.wallMs ?? 0) - Date.now())).toBeLessThan(2000);
      expect(await withKeyframe(first, async (picture) => numberOf(await picture.raw()))).toBe(0);
      expect((await session.closed)?.kind).toBe('ended');
      expect(session.stats).toMatchObject({ keyframes: 3, corruptPackets: 0, configChanges: 0 });
    },
  );

  test('a clip cut from the ring of a running camera plays from its keyframe', async () => {
    const file = join(testFolder(), 'camera.mp4');
    await encodeVideo(file, numberedPictures(50, SMALL), { framesPerS: 25, gopS: 0.4 });
    const server = await testRtspServer({ mounts: { '/kitchen': file } });
    const { packets } = await collecting(server.url('/kitchen'));
    const seen = await packets.until(({ length }) => length >= 40);
    const ring = new PacketRing({ maxMs: 60_000, maxBytes: 1e8 });
    for (const packet of seen) ring.push(packet);
    // A cut begins with the keyframe that its first moment needs. The moments are those at which the pictures came.
    const [fromMs, toMs] = [seen[15]?.wallMs ?? 0, seen[34]?.wallMs ?? 0];
    const clip = await packMp4(ring.cut(fromMs, toMs));
    const path = join(testFolder(), 'clip.mp4');
    writeFileSync(path, clip.bytes);
    const video = await openVideo(path);
    const numbers: number[] = [];
    for await (const { frame } of video.frames()) numbers.push(numberOf(frame));
    // What came in the very millisecond of the last one may follow it.
    expect(numbers.slice(0, 25)).toEqual(Array.from({ length: 25 }, (_, i) => 10 + i));
    expect(Math.abs(clip.durationMs - numbers.length * 40)).toBeLessThan(60);
  });

  test('a user and password with reserved characters are accepted', async () => {
    const file = join(testFolder(), 'camera.mp4');
    await encodeVideo(file, numberedPictures(10, SMALL), { framesPerS: 10 });
    const server = await testRtspServer({ mounts: { '/kitchen': file }, user: 'admin', password: PASSWORD });
    const { packets } = await collecting(server.url('/kitchen'));
    expect((await packets.until(({ length }) => length > 0))[0]?.key).toBe(true);
  });

  test('401 and 404 are told apart, and no message holds the password', async () => {
    const file = join(testFolder(), 'camera.mp4');
    await encodeVideo(file, numberedPictures(10, SMALL), { framesPerS: 10 });
    const closed = await testRtspServer({ mounts: { '/kitchen': file }, user: 'admin', password: PASSWORD });
    const open = await testRtspServer({ mounts: { '/kitchen': file } });
    const onPacket = (): void => {};
    const wrong = `rtsp://admin:${encodeURIComponent('s3cret-wrong')}@127.0.0.1:${closed.port}/kitchen`;
    const unauthorized = await failure(openForTest({ url: wrong, onPacket }));
    expect(unauthorized.kind).toBe('unauthorized');
    expect(unauthorized.message).not.toMatch(/s3cret|admin/);
    const none = await failure(openForTest({ url: `rtsp://127.0.0.1:${closed.port}/kitchen`, onPacket }));
    expect(none.kind).toBe('unauthorized');
    const notFound = await failure(openForTest({ url: open.url('/elsewhere'), onPacket }));
    expect(notFound.kind).toBe('not_found');
    expect(notFound.message).toContain('/elsewhere');
  });

  test('a camera that changes its resolution goes on: counted, and decodable before and after', async () => {
    const file = join(testFolder(), 'camera.mp4');
    const pictures = [...numberedPictures(10, SMALL), ...numberedPictures(20, WIDE)];
    await encodeVideo(file, pictures, { framesPerS: 25, gopS: 0.4 });
    const server = await testRtspServer({ mounts: { '/kitchen': file } });
    const { session, packets } = await collecting(server.url('/kitchen'));
    expect((await session.closed)?.kind).toBe('ended');
    const keys = packets.seen.filter(({ key }) => key);
    const sizes = await Promise.all(
      keys.map((key) => withKeyframe(key, async ({ width, height }) => [width, height])),
    );
    expect(sizes).toEqual([
      [320, 180],
      [640, 360],
      [640, 360],
    ]);
    expect(keys.map(({ config }) => config.width)).toEqual([320, 640, 640]);
    expect(session.stats.configChanges).toBe(1);
  });

  test('corrupt H.264 does not end the session; undamaged keyframes are decoded', async () => {
    const file = join(testFolder(), 'camera.mp4');
    await encodeVideo(file, numberedPictures(40, WIDE), { framesPerS: 20, gopS: 0.5 });
    damage(file);
    const server = await testRtspServer({ mounts: { '/kitchen': file } });
    const { session, packets } = await collecting(server.url('/kitchen'));
    expect((await session.closed)?.kind).toBe('ended');
    const keys = packets.seen.filter(({ key }) => key);
    expect(keys.length).toBeGreaterThanOrEqual(2);
    const outcomes = await Promise.all(
      keys.map((key) =>
        withKeyframe(key, async ({ damaged }) => (damaged ? 'damaged' : 'whole')).catch(() => 'refused'),
      ),
    );
    expect(outcomes).toContain('whole');
  });
});

/** Flips bytes of pictures in the file's first half, not of its structure. */
function damage(file: string): void {
  const bytes = readFileSync(file);
  const data = bytes.indexOf('mdat') + 4;
  const from = data + Math.floor((bytes.length - data) / 8);
  const to = data + Math.floor((bytes.length - data) / 2);
  for (let i = from; i < to; i += 97) bytes[i] = (bytes[i] ?? 0) ^ 0x55;
  writeFileSync(file, bytes);
}
