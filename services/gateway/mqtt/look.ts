import { LIVE_WITHIN_MS } from '../../db/looks.ts';
import { lookId } from '../../domain/merge.ts';
import { fineLumaOfJpeg } from '../../media/fine-luma.ts';
import type { GatewayParts } from '../context.ts';
import { wantsNightBurst } from '../looks/night-burst.ts';
import { type CameraEntry, isClosed, remembered } from '../registry/entry.ts';
import { earlier } from '../times.ts';
import { type LookMessage, readLookMessage, WronglyDated } from './look-message.ts';
import { thumbnailOf } from './picture.ts';

/**
 * A look that a gateway put together. What comes live passes the gate first; what comes out of a gateway's buffer is always
 * taken: the pictures it would be compared with are not those before it.
 * @throws Refusal, Stopped
 */
export async function takeLook(parts: GatewayParts, entry: CameraEntry, payload: Buffer): Promise<void> {
  const { code, id: cameraId } = entry.record;
  const now = parts.now();
  const { seq, frames } = await readDated(parts, entry, payload, now);
  const thumbnails: Uint8Array[] = [];
  for (const frame of frames) thumbnails.push(await thumbnailOf(frame.bytes, code));
  const [first, last, luma] = [frames[0], frames.at(-1), thumbnails[0]];
  if (first === undefined || last === undefined || luma === undefined) return;

  const watch = parts.watches.of(cameraId);
  // A clock that is a little ahead must not make the camera look alive for longer.
  const seenAt = earlier(last.at, now);
  const live = now.getTime() - first.at.getTime() < LIVE_WITHIN_MS;
  const wrongClock = await parts.clocks.heard(entry, (now.getTime() - last.at.getTime()) / 1000, now);
  if (live || wrongClock) {
    watch.sawFrame(wrongClock ? now : seenAt);
    parts.pictures.saw(cameraId, wrongClock ? now : seenAt);
  }
  if (isClosed(entry, first.at)) return;
  const id = lookId(cameraId, first.at, seq, first.sha256);
  if (!live) {
    if (entry.record.awaitsApproval) return;
    return await parts.intake.accept({ id, cameraId, source: 'mqtt', frames });
  }

  const verdict = watch.judge(luma, first.at, entry.mask, parts.config.frozenAfterS);
  // By night a burst is worth a look although its first thumbnail shows no change: cells are larger than a mouse.
  const night = frames.length > 1 && wantsNightBurst(entry, watch, first.at, verdict);
  if (night) watch.nightBurstAt = first.at;
  if (entry.record.awaitsApproval) {
    await parts.coverage.mark({ cameraId, at: first.at, code: 'C' });
    watch.account(first.at);
  } else if (verdict === 'look' || night) {
    await parts.intake.accept({ id, cameraId, source: 'mqtt', frames });
    watch.account(first.at);
  } else if (verdict !== 'frozen') {
    await parts.coverage.mark({ cameraId, at: first.at, code: verdict === 'blind' ? 'X' : 'U' });
    watch.account(first.at);
  }
  watch.settle(luma, first.at, entry.mask, remembered(entry, verdict));
  const { bytes } = first;
  await parts.health.see(entry, { thumbnail: luma, at: first.at, fine: () => fineLumaOfJpeg(bytes) });
  parts.pictures.show(cameraId, last, verdict === 'look');
}

/** Reads the message; one that is refused for its date still says something of the device's clock. */
async function readDated(
  parts: GatewayParts,
  entry: CameraEntry,
  payload: Buffer,
  now: Date,
): Promise<LookMessage> {
  try {
    return readLookMessage(payload, entry.record.code, now);
  } catch (error) {
    if (error instanceof WronglyDated) await parts.clocks.heard(entry, error.offsetS, now);
    throw error;
  }
}
