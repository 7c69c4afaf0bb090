import { findLookWithFrame } from '../../db/camera-seen.ts';
import { BURST_FRAMES, burstOffsetsMs } from '../../domain/schedule.ts';
import { sha256 } from '../../evidence/keys.ts';
import type { GatewayParts } from '../context.ts';
import type { Burst, CameraWatch } from '../looks/camera-watch.ts';
import type { Frame } from '../looks/intake.ts';
import { dueLookId } from '../looks/look-id.ts';
import { type CameraEntry, isClosed } from '../registry/entry.ts';
import { sizeOf, thumbnailOf } from './picture.ts';

const OFFSETS_MS = burstOffsetsMs();
/** A frame this much before its place in the burst still takes it: cameras are not punctual. */
const EARLY_MS = 250;
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
  if (verdict === 'look') await beginLook(parts, entry, watch, slot, frame, maybeRepeated);
  else if (verdict === 'unchanged') {
    await parts.coverage.mark({ cameraId: id, at, code: 'U' });
    watch.account(at);
  }
  watch.settle(luma, at, entry.mask, verdict);
  watch.settleSlot(entry, slot);
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
  await parts.intake.begin({ id: lookId, cameraId, source: 'mqtt', first: frame });
  watch.account(frame.at);
  watch.burst = { lookId, startedAt: frame.at, taken: new Set([frame.sha256]) };
}

async function continueBurst(
  parts: GatewayParts,
  entry: CameraEntry,
  watch: CameraWatch,
  burst: Burst,
  bytes: Buffer,
  at: Date,
): Promise<void> {
  const offset = OFFSETS_MS[burst.taken.size] ?? Number.POSITIVE_INFINITY;
  if (at.getTime() - burst.startedAt.getTime() < offset - EARLY_MS) return;
  const hash = sha256(bytes);
  if (burst.taken.has(hash)) return;
  const { code } = entry.record;
  const size = sizeOf(bytes, code);
  await thumbnailOf(bytes, code);
  if (!(await parts.intake.append(burst.lookId, { bytes, sha256: hash, at, ...size }))) {
    watch.burst = undefined;
    return;
  }
  burst.taken.add(hash);
  if (burst.taken.size < BURST_FRAMES) return;
  await parts.intake.finish(burst.lookId);
  watch.burst = undefined;
}
