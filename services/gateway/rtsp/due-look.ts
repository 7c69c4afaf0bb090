import { sha256 } from '../../evidence/keys.ts';
import { MediaError } from '../../media/av.ts';
import { readJpegSize } from '../../media/jpeg-header.ts';
import { withKeyframe } from '../../media/keyframe.ts';
import type { MediaPacket } from '../../media/packet.ts';
import type { Picture } from '../../media/video-picture.ts';
import type { GatewayParts } from '../context.ts';
import type { Frame } from '../looks/intake.ts';
import { dueLookId } from '../looks/look-id.ts';
import { wantsNightBurst } from '../looks/night-burst.ts';
import { type CameraEntry, isClosed, remembered } from '../registry/entry.ts';
import type { Pull } from './pulls.ts';

/** A keyframe older than this is not what the kitchen looks like now, in milliseconds. */
const FRESH_MS = 20_000;

/** A decoded picture as a frame of a look: a JPEG that may be smaller than what the camera sent. */
export async function frameOf(picture: Picture): Promise<Frame> {
  const bytes = Buffer.from(await picture.jpeg());
  const size = readJpegSize(bytes);
  const { width, height } = picture;
  const sent = size.width === width && size.height === height ? {} : { sent: { width, height } };
  return { bytes, sha256: sha256(bytes), at: new Date(picture.atMs), ...size, ...sent };
}

/** The keyframe to look at now, if a look of the camera is due. */
export function dueKeyframe(
  parts: GatewayParts,
  entry: CameraEntry,
  pull: Pull,
): { slot: number; packet: MediaPacket } | undefined {
  const now = parts.now();
  const slot = parts.watches.of(entry.record.id).dueSlot(entry, now);
  const packet = pull.ring.latestKeyframe();
  if (slot === undefined || packet === null || packet === pull.usedKeyframe) return undefined;
  if (now.getTime() - packet.wallMs > FRESH_MS || isClosed(entry, now)) return undefined;
  return { slot, packet };
}

/**
 * A look of one keyframe: suspicious ones get the rest of their burst later, those of the night watch at once. One that cannot
 * be decoded is passed over; the due point stays open for the next.
 * @throws Stopped
 */
export async function takeDueLook(
  parts: GatewayParts,
  entry: CameraEntry,
  pull: Pull,
  due: { slot: number; packet: MediaPacket },
): Promise<void> {
  const { id: cameraId } = entry.record;
  const { packet, slot } = due;
  const watch = parts.watches.of(cameraId);
  const at = new Date(packet.wallMs);
  pull.usedKeyframe = packet;
  const seen = await withKeyframe(packet, async (picture) => {
    if (picture.damaged) return undefined;
    const luma = await picture.luma();
    const verdict = watch.judge(luma, at, entry.mask, parts.config.frozenAfterS);
    await parts.health.see(entry, { thumbnail: luma, at, fine: () => picture.fineLuma() });
    return { luma, verdict, frame: await frameOf(picture) };
  }).catch((error: unknown) => {
    if (error instanceof MediaError) return undefined;
    throw error;
  });
  if (seen === undefined) {
    pull.undecodable = true;
    watch.fault = 'the stream cannot be decoded';
    return;
  }
  if (pull.undecodable) watch.fault = '';
  pull.undecodable = false;
  watch.sawFrame(at);
  const id = dueLookId(cameraId, entry.intervalS, slot);
  if (entry.record.awaitsApproval) {
    await parts.coverage.mark({ cameraId, at, code: 'C' });
    watch.account(at);
  } else if (wantsNightBurst(entry, watch, at, seen.verdict)) {
    await parts.intake.acceptForBurst({ id, cameraId, first: seen.frame });
    watch.nightBurstAt = at;
    watch.account(at);
  } else if (seen.verdict === 'look') {
    await parts.intake.accept({ id, cameraId, source: 'rtsp', frames: [seen.frame] });
    watch.account(at);
  } else if (seen.verdict !== 'frozen') {
    await parts.coverage.mark({ cameraId, at, code: seen.verdict === 'blind' ? 'X' : 'U' });
    watch.account(at);
  }
  watch.settle(seen.luma, at, entry.mask, remembered(entry, seen.verdict));
  watch.settleSlot(entry, slot);
  parts.pictures.show(cameraId, seen.frame, seen.verdict === 'look', packet.config.codec);
}
