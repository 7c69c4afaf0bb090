/** The same from video: keyframes of an H.264 stream, as the RTSP side looks at them. */
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeHealth } from '../../services/domain/camera-health.ts';
import { profileOf } from '../../services/domain/picture-profile.ts';
import { takeDueLook } from '../../services/gateway/rtsp/due-look.ts';
import { encodeAll } from '../../services/media/encode.ts';
import { withKeyframe } from '../../services/media/keyframe.ts';
import { parameterSetsOf } from '../../services/media/nal.ts';
import type { MediaPacket } from '../../services/media/packet.ts';
import { rawFrame } from '../../services/media/raw-frame.ts';
import { PacketRing } from '../../services/media/ring.ts';
import { streamConfig } from '../../services/media/stream-config.ts';
import { addCamera, kitchenWithSecret, type Running, startRunning } from '../gateway/support/running.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { FAULTY, jpeg, noisy, PHOTOGRAPHS, profileOfJpeg, view, WELL } from './support/scenes.ts';

const SIZE = { width: 640, height: 360 };

/** A keyframe that shows the scene, with noise of its own. */
async function keyframe(scene: Buffer, seed: number): Promise<MediaPacket> {
  const small = await sharp(scene).resize(SIZE.width, SIZE.height).png().toBuffer();
  const data = await (await noisy(small, 3, seed)).raw().toBuffer();
  const [unit] = await encodeAll([rawFrame(data, SIZE)], { codec: 'h264', framesPerS: 1, gopFrames: 1 });
  if (unit === undefined) throw new Error('nothing was encoded');
  const config = streamConfig('h264', parameterSetsOf('h264', unit.data) ?? new Uint8Array());
  return { config, data: unit.data, key: true, pts: 0, wallMs: 0 };
}

async function scene(name: string): Promise<Buffer> {
  const make = FAULTY[name]?.make ?? WELL[name];
  if (make === undefined) throw new Error('no such scene');
  return await make(await view(4));
}

test('a video picture compares with an approved JPEG', async () => {
  for (const photograph of PHOTOGRAPHS) {
    const reference = await profileOfJpeg(await jpeg(await view(photograph)));
    const verdict = await withKeyframe(await keyframe(await view(photograph), 1), async (picture) =>
      judgeHealth(profileOf(await picture.luma(), await picture.fineLuma()), {
        profile: reference,
        approved: true,
      }),
    );
    expect(verdict.verdict).toBe('ok');
  }
});

const url = useTestDatabase();
let running: Running;
beforeAll(async () => {
  running = await startRunning(url());
});
afterAll(async () => {
  await running.stop();
});

test('a lens out of focus: a ticket after a quarter of an hour, closed when it is sharp again', async () => {
  const kitchen = await kitchenWithSecret(running.database);
  const { id } = await addCamera(running, kitchen);
  const entry = running.gateway.parts.registry.cameras.get(id);
  if (entry === undefined) throw new Error('the gateway knows the camera');
  const pull = {
    ring: new PacketRing({ maxMs: 1, maxBytes: 1 }),
    newestMs: 0,
    usedKeyframe: undefined,
    undecodable: false,
    followers: new Set<never>(),
  };
  const good = await Promise.all([1, 2].map(async (seed) => await keyframe(await view(4), seed)));
  const blurred = await Promise.all(
    [1, 2].map(async (seed) => await keyframe(await scene('out of focus'), seed)),
  );
  const pass = async (minutes: number, pictures: MediaPacket[]): Promise<void> => {
    for (let step = 0; step < minutes * 2; step += 1) {
      const packet = pictures[step % pictures.length];
      if (packet === undefined) throw new Error('there is a picture');
      const wallMs = running.clock.at.getTime();
      const slot = Math.floor(wallMs / 30_000);
      await takeDueLook(running.gateway.parts, entry, pull, { slot, packet: { ...packet, wallMs } });
      running.clock.forward(30);
    }
  };
  const tickets = async (): Promise<string[]> => {
    const rows = await running.database.db.selectFrom('camera_fault').selectAll().execute();
    return rows.map((row) => `${row.kind} ${row.closed_at === null ? 'open' : 'closed'}`);
  };
  await pass(9, good);
  await pass(14, blurred);
  expect(await tickets()).toEqual([]);
  await pass(9, blurred);
  expect(await tickets()).toEqual(['blurred open']);
  await pass(4, good);
  expect(await tickets()).toEqual(['blurred closed']);
});
