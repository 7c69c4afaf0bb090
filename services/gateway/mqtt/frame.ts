import { findLookWithFrame } from '../../db/camera-seen.ts';
import { BURST_FRAMES } from '../../domain/schedule.ts';
import { sha256 } from '../../evidence/keys.ts';
import { fineLumaOfJpeg } from '../../media/fine-luma.ts';
import type { GatewayParts } from '../context.ts';
import type { Burst, CameraWatch } from '../looks/camera-watch.ts';
import { type Frame, nextFrameMs } from '../looks/intake.ts';
import { dueLookId } from '../looks/look-id.ts';
import { type CameraEntry, isClosed, remembered } from '../registry/entry.ts';
import { sizeOf, thumbnailOf } from './picture.ts';

/** How far back a frame that comes again is looked for: what a broker held for us during a restart. */
const REPEATED_WITHIN_S = 600;

/**
 * A raw JPEG of a camera: the first of a due point, one of a burst, or none that is wanted. Returns when it may be
 * acknowledged. `at` is when it came: it carries no time of its own.
 * @throws Refusal, Stopped
 */
export async function takeFrame(
  parts: GatewayParts,
  entry: CameraEntry,
  bytes: Buffer,
  at: Date,
  maybeRepeated: boolean,
): Promise<void> {
  const { code, id } = entry.record;
  const size = sizeOf(bytes, code);
  const watch = parts.watches.of(id);
  watch.sawFrame(at);
  parts.pictures.saw(id, at);
  if (watch.burst !== undefined) return await continueBurst(parts, entry, watch, watch.burst, bytes, at);
  if (isClosed(entry, at)) return;
  const slot = watch.dueSlot(entry, at);
  if (slot === undefined) return;

  const luma = await thumbnailOf(bytes, code);
  const frame: Frame = { bytes, sha256: sha256(bytes), at, ...size };
  const verdict = watch.judge(luma, at, entry.mask, parts.config.frozenAfterS);
  if (entry.record.awaitsApproval) {
    await parts.coverage.mark({ cameraId: id, at, code: 'C' });
    watch.account(at);
  } else if (verdict === 'look') await beginLook(parts, entry, watch, slot, frame, maybeRepeated);
  else if (verdict !== 'frozen') {
    await parts.coverage.mark({ cameraId: id, at, code: verdict === 'blind' ? 'X' : 'U' });
    watch.account(at);
  }
  watch.settle(luma, at, entry.mask, remembered(entry, verdict));
  watch.settleSlot(entry, slot);
  await parts.health.see(entry, { thumbnail: luma, at, fine: () => fineLumaOfJpeg(bytes) });
  parts.pictures.show(id, frame, verdict === 'look');
}

async function beginLook(
  parts: GatewayParts,
  entry: CameraEntry,
  watch: CameraWatch,
  slot: number,
  frame: Frame,
  maybeRepeated: boolean,
): Promise<void> {
  const { id: cameraId } = entry.record;
  const { intervalS } = entry;
  if (maybeRepeated) {
    const earlier = Array.from({ length: Math.ceil(REPEATED_WITHIN_S / intervalS) }, (_, i) =>
      dueLookId(cameraId, intervalS, slot - 1 - i),
    );
    const known = await parts.trying(() => findLookWithFrame(parts.db, earlier, frame.sha256));
    if (known !== undefined) return;
  }
  const lookId = dueLookId(cameraId, intervalS, slot);
  const count = await parts.intake.begin({ id: lookId, cameraId, source: 'mqtt', first: frame });
  watch.account(frame.at);
  if (count !== undefined) watch.burst = { lookId, startedAt: frame.at, count };
}

async function continueBurst(
  parts: GatewayParts,
  entry: CameraEntry,
  watch: CameraWatch,
  burst: Burst,
  bytes: Buffer,
  at: Date,
): Promise<void> {
  if (at.getTime() - burst.startedAt.getTime() < nextFrameMs(burst.count)) return;
  const { code } = entry.record;
  const size = sizeOf(bytes, code);
  await thumbnailOf(bytes, code);
  const count = await parts.intake.append(burst.lookId, { bytes, sha256: sha256(bytes), at, ...size });
  if (count === undefined) {
    watch.burst = undefined;
    return;
  }
  burst.count = count;
  if (count < BURST_FRAMES) return;
  await parts.intake.finish(burst.lookId);
  watch.burst = undefined;
}
