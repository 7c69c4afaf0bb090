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
 * A look that a gateway put together. Of a device whose clock is known to be wrong it counts as taken when it came: judged by its own
 * dates it would vouch for minutes that nobody watched. What comes live passes the gate first; what comes out of a gateway's buffer is taken
 * if it shows anything (takeBuffered).
 * @throws Refusal, Stopped
 */
export async function takeLook(parts: GatewayParts, entry: CameraEntry, payload: Buffer): Promise<void> {
  const { code, id: cameraId } = entry.record;
  const now = parts.now();
  const { seq, frames, deviceAt, wrongClock } = await readDated(parts, entry, payload, now);
  const thumbnails: Uint8Array[] = [];
  for (const frame of frames) thumbnails.push(await thumbnailOf(frame.bytes, code));
  const [first, last, luma] = [frames[0], frames.at(-1), thumbnails[0]];
  if (first === undefined || last === undefined || luma === undefined) return;

  const watch = parts.watches.of(cameraId);
  // A clock that is a little ahead must not make the camera look alive for longer.
  const seenAt = earlier(last.at, now);
  const live = now.getTime() - first.at.getTime() < LIVE_WITHIN_MS;
  if (live || wrongClock) {
    watch.sawFrame(wrongClock ? now : seenAt);
    parts.pictures.saw(cameraId, wrongClock ? now : seenAt);
  }
  if (isClosed(entry, first.at)) return;
  const id = lookId(cameraId, deviceAt, seq, first.sha256);
  if (!live) return await takeBuffered(parts, entry, { id, frames, luma, at: first.at });

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

/**
 * What a gateway kept while its line was down. Each is looked at, however little changed, for not all of them need come, nor in
 * order; but a black picture observes nothing, neither does one that stands still for too long, and their minutes say so.
 */
async function takeBuffered(
  parts: GatewayParts,
  entry: CameraEntry,
  { id, frames, luma, at }: { id: string; frames: LookMessage['frames']; luma: Uint8Array; at: Date },
): Promise<void> {
  if (entry.record.awaitsApproval) return;
  const { id: cameraId } = entry.record;
  const watch = parts.watches.of(cameraId).buffered;
  const verdict = watch.judge(luma, at, entry.mask, parts.config.frozenAfterS);
  if (verdict === 'blind') await parts.coverage.mark({ cameraId, at, code: 'X' });
  else if (verdict === 'frozen') await parts.coverage.mark({ cameraId, at, code: 'F' });
  else await parts.intake.accept({ id, cameraId, source: 'mqtt', frames });
  watch.settle(luma, at, entry.mask, verdict);
}

interface DatedLook extends LookMessage {
  /** What the device's clock said at the first frame: the same whenever the look is delivered. */
  deviceAt: Date;
  /** The device's clock seems wrong: then it is not silent, whatever its dates. */
  wrongClock: boolean;
}

/** Reads the message; one that is refused for its date still says something of the device's clock. */
async function readDated(
  parts: GatewayParts,
  entry: CameraEntry,
  payload: Buffer,
  now: Date,
): Promise<DatedLook> {
  const { code } = entry.record;
  let look: LookMessage;
  let clock: 'right' | 'wrong' | 'known';
  try {
    look = readLookMessage(payload, code, now);
    clock = await parts.clocks.heard(entry, behindMs(look, now) / 1000, now);
  } catch (error) {
    if (!(error instanceof WronglyDated)) throw error;
    clock = await parts.clocks.heard(entry, error.offsetS, now);
    if (clock !== 'known') throw error;
    look = readLookMessage(payload, code, undefined);
  }
  const deviceAt = new Date(Math.min(...timesOf(look)));
  if (clock !== 'known') return { ...look, deviceAt, wrongClock: clock === 'wrong' };
  const offsetMs = behindMs(look, now);
  const frames = look.frames.map((frame) => ({ ...frame, at: new Date(frame.at.getTime() + offsetMs) }));
  return { ...look, frames, deviceAt, wrongClock: true };
}

const timesOf = ({ frames }: LookMessage): number[] => frames.map(({ at }) => at.getTime());

/** Receipt less the device's time of the last frame. */
const behindMs = (look: LookMessage, now: Date): number => now.getTime() - Math.max(...timesOf(look));
